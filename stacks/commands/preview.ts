// `npm run preview`: the stage of a pull request, deployed and removed. The workflow `preview` runs it.
import { readFileSync } from "node:fs";
import { Argument, command, InvalidArgumentError } from "@notejam/command-line";
import { VisibleError } from "sst/error.js";
import type { DeployedStage } from "../account/stages.ts";
import { print, REGION, runCommand } from "../runner/command.ts";
import { github, type PullRequest } from "../runner/github.ts";
import { pullRequestOf, stageOfPullRequest } from "../stage/branch.ts";
import { PREVIEWS_MAX } from "../stage/sizes.ts";
import { regionOf } from "../stage/stage.ts";

const HELP = `
A pull request from a fork gets no stage: its code would run with rights in the account. At most ${PREVIEWS_MAX} pull requests have one.

Environment variables, which a GitHub workflow sets, GITHUB_TOKEN if it is handed over:
  GITHUB_REPOSITORY   as in owner/notejam
  GITHUB_TOKEN        may read pull requests and write comments
  GITHUB_API_URL      default: https://api.github.com

The exit code is 0 if the stage is deployed or gone.`;

/** Marks the comment, so that the next run finds it. */
const MARK = "<!-- notejam preview -->";

await runCommand(
  command(
    "npm run preview --",
    "Deploys or removes the stage of a pull request, pr-<number>, and says so in a comment on it.",
  )
    .addArgument(new Argument("<act>", "what to do").choices(["deploy", "remove"]))
    .option(
      "--pull-request <number>",
      "its number; in a GitHub workflow, the event's is the default",
      pullRequestNumber,
    )
    .option(...REGION)
    .addHelpText("after", HELP)
    .action(async (act, { pullRequest: given, region }) => {
      const event = given === undefined ? eventOfPullRequest() : undefined;
      const number = given ?? event?.number ?? 0;
      await (act === "deploy" ? deploy : remove)(number, event, regionOf(region));
    }),
);

/** @param event undefined: a person asks for it */
async function deploy(number: number, event: Event | undefined, region: string): Promise<void> {
  const stage = stageOfPullRequest(number);
  const repository = github();
  const pullRequest = await repository.pullRequest(number);
  refuseFork(pullRequest);
  if (pullRequest.state !== "open") {
    throw new VisibleError(`Pull request ${number} is closed, so it gets no stage.`);
  }
  const { sha } = pullRequest.head;
  if (event && event.head !== sha) {
    print(`Pull request ${number} has ${sha} by now, whose own run deploys it. Nothing is deployed.`);
    return;
  }

  // They load AWS's clients. A refusal does not need them.
  const { deployedStages } = await import("../account/stages.ts");
  const { deployStage } = await import("../runner/deploy-stage.ts");
  const { orStop } = await import("../account/ask.ts");
  const stages = await orStop(deployedStages({ region }));
  refuseBeyondCap(number, stages);
  const site = await deployStage(stage, region, undefined, stages);
  const text = `The preview of ${sha} is at ${site ?? "no address: it has no site"}. It is removed when this pull request is closed.`;
  await repository.comment(number, MARK, text);
}

async function remove(number: number, event: Event | undefined, region: string): Promise<void> {
  const stage = stageOfPullRequest(number);
  const repository = github();
  const pullRequest = await repository.pullRequest(number);
  refuseFork(pullRequest);
  if (event && pullRequest.state === "open") {
    print(`Pull request ${number} is open again, so its stage ${stage.name} stays.`);
    return;
  }
  const { sst } = await import("../runner/sst.ts");
  await sst("remove", stage.name, region);
  await repository.comment(number, MARK, "The preview was removed.");
}

/** The pull request that a workflow runs for, and its newest commit then. */
interface Event {
  number: number;
  head: string | undefined;
}

function pullRequestNumber(given: string): number {
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw new InvalidArgumentError("It must be the number of a pull request.");
}

/** The pull request whose event started the workflow, as it was then. */
function eventOfPullRequest(): Event {
  const { GITHUB_EVENT_PATH: path } = process.env;
  const event = path ? JSON.parse(readFileSync(path, "utf8")) : {};
  const { number, head } = event.pull_request ?? {};
  if (number) return { number, head: head?.sha };
  throw new VisibleError("Name a pull request with --pull-request: no event of one has started this.");
}

function refuseFork({ number, head, base }: PullRequest): void {
  if (head.repo?.full_name === base.repo.full_name) return;
  throw new VisibleError(
    `Pull request ${number} comes from a fork (${head.repo?.full_name ?? "which is gone"}), so it gets no stage: its code would run with rights in the account.`,
  );
}

function refuseBeyondCap(number: number, stages: ReadonlyMap<string, DeployedStage>): void {
  const others = [...stages.keys()].map(pullRequestOf).filter((one) => one !== undefined && one !== number);
  if (others.length < PREVIEWS_MAX) return;
  throw new VisibleError(
    `${others.length} pull requests have a stage, and ${PREVIEWS_MAX} may. Close one, or remove its stage with npm run preview -- remove --pull-request <number>.`,
  );
}
