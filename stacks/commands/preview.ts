// `npm run preview`: the stage of a pull request, deployed and removed. The workflow `preview` runs it.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { VisibleError } from "sst/error.js";
import type { DeployedStage } from "../account/stages.ts";
import { runCommand } from "../runner/command.ts";
import { github, type PullRequest } from "../runner/github.ts";
import { pullRequestOf, stageOfPullRequest } from "../stage/branch.ts";
import { PREVIEWS_MAX } from "../stage/sizes.ts";
import { regionOf } from "../stage/stage.ts";

const USAGE = `Deploys or removes the stage of a pull request, pr-<number>, and says so in a comment on it.

Usage: npm run preview -- deploy|remove [--pull-request <number>] [--region <region>]

  --pull-request   its number; in a GitHub workflow, the event's is the default
  --region         the AWS region (default: AWS_REGION)
  --help           prints this text

A pull request from a fork gets no stage: its code would run with rights in the account. At most ${PREVIEWS_MAX} pull requests have one.

Environment variables, which a GitHub workflow sets, GITHUB_TOKEN if it is handed over:
  GITHUB_REPOSITORY   as in owner/notejam
  GITHUB_TOKEN        may read pull requests and write comments
  GITHUB_API_URL      default: https://api.github.com

The exit code is 0 if the stage is deployed or gone, otherwise 1.
`;

/** Marks the comment, so that the next run finds it. */
const MARK = "<!-- notejam preview -->";

await runCommand(USAGE, async (args) => {
  const { act, number, event, region: regionName } = read(args);
  const stage = stageOfPullRequest(number);
  const region = regionOf(regionName);
  const repository = github();
  const pullRequest = await repository.pullRequest(number);
  refuseFork(pullRequest);

  // They load AWS's clients. A refusal does not need them.
  const { deployedStages } = await import("../account/stages.ts");
  const { deployStage } = await import("../runner/deploy-stage.ts");
  const { orStop } = await import("../account/ask.ts");
  const { sst } = await import("../runner/sst.ts");
  if (act === "remove") {
    if (event && pullRequest.state === "open") {
      print(`Pull request ${number} is open again, so its stage ${stage.name} stays.`);
      return 0;
    }
    await sst("remove", stage.name, region);
    await repository.comment(number, MARK, "The preview was removed.");
    return 0;
  }
  if (pullRequest.state !== "open") {
    throw new VisibleError(`Pull request ${number} is closed, so it gets no stage.`);
  }
  const { sha } = pullRequest.head;
  if (event && event.head !== sha) {
    print(`Pull request ${number} has ${sha} by now, whose own run deploys it. Nothing is deployed.`);
    return 0;
  }
  const stages = await orStop(deployedStages({ region }));
  refuseBeyondCap(number, stages);
  const site = await deployStage(stage, region, undefined, stages);
  const text = `The preview of ${sha} is at ${site ?? "no address: it has no site"}. It is removed when this pull request is closed.`;
  await repository.comment(number, MARK, text);
  return 0;
});

function read(args: string[]) {
  const options = { "pull-request": { type: "string" }, region: { type: "string" } } as const;
  let parsed: ReturnType<typeof parse>;
  function parse() {
    return parseArgs({ args, options, allowPositionals: true });
  }
  try {
    parsed = parse();
  } catch (error) {
    throw new VisibleError((error as Error).message);
  }
  const [act, ...more] = parsed.positionals;
  if ((act !== "deploy" && act !== "remove") || more.length > 0) {
    throw new VisibleError("Say what to do: npm run preview -- deploy, or npm run preview -- remove.");
  }
  const { "pull-request": given, region } = parsed.values;
  const event = given === undefined ? eventOfPullRequest() : undefined;
  const number = given ?? event?.number ?? "";
  if (!/^[1-9]\d{0,8}$/.test(number))
    throw new VisibleError(`--pull-request must be a number, not "${number}".`);
  return { act, number: Number(number), event, region } as const;
}

/** The pull request whose event started the workflow, as it was then. */
function eventOfPullRequest(): { number: string; head: string | undefined } {
  const { GITHUB_EVENT_PATH: path } = process.env;
  const event = path ? JSON.parse(readFileSync(path, "utf8")) : {};
  const { number, head } = event.pull_request ?? {};
  if (number) return { number: String(number), head: head?.sha };
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

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
