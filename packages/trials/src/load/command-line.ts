// The command line of `npm run load`. Everything wrong with it is reported before anything is sent.
import { randomInt } from "node:crypto";
import { command, EXIT, InvalidArgumentError, wholeNumber } from "@notejam/command-line";
import { SITE_IN_WORDS, siteOf } from "../visitor/site.ts";
import type { LoadOptions } from "./load.ts";
import { PHASES } from "./plan.ts";

const SEED_MAX = 2 ** 32 - 1;
const P99_MAX_MS = 600_000;

const EXIT_CODES = `
Exit codes:
  ${EXIT.done}    everything is within the limits
  ${EXIT.failed}    something is beyond them, or no traffic could be sent
  ${EXIT.misused}    the command line is wrong
  ${EXIT.stopped}  you stopped it; what it made is deleted all the same`;

export interface LoadOrder extends Omit<LoadOptions, "stop" | "on"> {
  isJson: boolean;
}

/** @param send runs the load test, and returns the exit code */
export function loadCommand(send: (order: LoadOrder) => Promise<number>) {
  return (
    command(
      "npm run load --",
      `Sends what users do in business hours: they list, read, search, write and save notes, at an even rate, with a step to ${PHASES.step} times the rate, and back. A call begins at its time however slow the service is, and its time counts from then. Each answer is checked, and each note that was acknowledged is read once more at the end. Run it after a deployment, beside npm run smoke.

It deletes its notes for ever. Its accounts stay, since accounts can't be deleted yet: load-<random>-<n>@example.com.`,
    )
      .argument("<url>", SITE_IN_WORDS, siteOf)
      // A stage of a person or a pull request takes 40 requests a second.
      .option(
        "--rate <n>",
        `calls a second before and after the step; ${PHASES.step} times as many must be below the stage's throttle`,
        wholeNumber(1, 250),
        8,
      )
      .option("--seconds <n>", "how long each of the three phases is", wholeNumber(1, 3600), 30)
      .option(
        "--users <n>",
        "how many users sign up: an address may sign up 100 an hour",
        wholeNumber(1, 50),
        8,
      )
      // What API Gateway gives an answer.
      .option("--timeout <seconds>", "how long a call may take, with all waits", wholeNumber(1, 300), 30)
      .option(
        "--errors-max <percent>",
        "how many calls of each phase may fail; a wrong answer never may",
        percent,
        0.1,
      )
      .option(
        "--waits-max <percent>",
        "how many calls of each phase the service may tell to wait, by 503 or 429",
        percent,
        5,
      )
      .option(
        "--p99-max <ms>",
        "in which 99 of 100 calls of each phase must end; any by default",
        wholeNumber(1, P99_MAX_MS),
      )
      .option("--seed <n>", "repeats the order of a run, which its report names", wholeNumber(1, SEED_MAX))
      .option("--json", "the report as JSON; progress goes to stderr")
      .addHelpText("after", EXIT_CODES)
      .action(async (origin, { timeout, errorsMax, waitsMax, p99Max, seed, json = false, ...size }) => {
        process.exitCode = await send({
          origin,
          ...size,
          timeoutSeconds: timeout,
          limits: { errorsMax, waitsMax, p99Max },
          seed: seed ?? randomInt(1, SEED_MAX + 1),
          isJson: json,
        });
      })
  );
}

function percent(given: string): number {
  if (/^\d{1,3}(\.\d{1,3})?$/.test(given) && Number(given) <= 100) return Number(given);
  throw new InvalidArgumentError("It must be a number of percent from 0 to 100, such as 0.5.");
}
