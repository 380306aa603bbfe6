// Reads the command line of `npm run load`. It decides that everything wrong with it is reported before anything is sent.
import { randomInt } from "node:crypto";
import { ORIGINS_IN_WORDS } from "@notejam/cli/command-line";
import { Misused, parse, siteOf, wholeNumber } from "../visitor/command-line.ts";
import type { LoadOptions } from "./load.ts";
import { PHASES } from "./plan.ts";

/** Everything is within the limits; something is beyond them; the command line is wrong; you stopped it. */
export const EXIT = { passed: 0, failed: 1, misused: 2, stopped: 130 } as const;

/** A stage of a person or a pull request takes 40 requests a second; four times this is below it. */
const RATE = { otherwise: 8, most: 250 };
const SECONDS = { otherwise: 30, most: 3600 };
/** An address may sign up 100 times an hour. */
const USERS = { otherwise: 8, most: 50 };
/** What API Gateway gives an answer. */
const TIMEOUT_SECONDS = { otherwise: 30, most: 300 };
const SEED_MAX = 2 ** 32 - 1;
const P99_MAX = 600_000;
const ERRORS_PERCENT = 0.1;
const WAITS_PERCENT = 5;

export const HELP = `Usage: npm run load -- <url> [options]

Sends what users do in business hours: they list, read, search, write and save notes, at an even rate, with a step to ${PHASES.step} times
the rate, and back. A call begins at its time however slow the service is, and its time counts from then. Each answer is
checked, and each note that was acknowledged is read once more at the end. Run it after a deployment, beside npm run smoke.

It deletes its notes for ever. Its accounts stay, since accounts can't be deleted yet: load-<random>-<n>@example.com.

  <url>                   the site: ${ORIGINS_IN_WORDS}
  --rate <n>              calls a second before and after the step (default ${RATE.otherwise}; ${PHASES.step} times as many must be below
                          the stage's throttle)
  --seconds <n>           how long each of the three phases is (default ${SECONDS.otherwise})
  --users <n>             how many users sign up (default ${USERS.otherwise}, at most ${USERS.most}: an address may sign up 100 an hour)
  --timeout <seconds>     how long a call may take, with all waits (default ${TIMEOUT_SECONDS.otherwise})
  --errors-max <percent>  how many calls of each phase may fail (default ${ERRORS_PERCENT}); a wrong answer never may
  --waits-max <percent>   how many calls of each phase the service may tell to wait, by 503 or 429 (default ${WAITS_PERCENT})
  --p99-max <ms>          in which 99 of 100 calls of each phase must end (default: any)
  --seed <n>              repeats the order of a run, which its report names
  --json                  the report as JSON; progress goes to stderr
  --help                  show this text

Exit codes:
  ${EXIT.passed}    everything is within the limits
  ${EXIT.failed}    something is beyond them, or no traffic could be sent
  ${EXIT.misused}    the command line is wrong
  ${EXIT.stopped}  you stopped it; what it made is deleted all the same
`;

export interface LoadOrder extends Omit<LoadOptions, "stop" | "on"> {
  isJson: boolean;
}

/** @returns undefined if the help is to be shown. @throws Misused */
export function read(args: string[]): LoadOrder | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parse("load", args, {
    rate: text,
    seconds: text,
    users: text,
    timeout: text,
    "errors-max": text,
    "waits-max": text,
    "p99-max": text,
    seed: text,
    json: flag,
    help: { ...flag, short: "h" },
  });
  if (values.help) return undefined;
  const p99Max = values["p99-max"];
  return {
    origin: siteOf(positionals),
    rate: wholeNumber("--rate", values.rate, RATE),
    seconds: wholeNumber("--seconds", values.seconds, SECONDS),
    users: wholeNumber("--users", values.users, USERS),
    timeoutSeconds: wholeNumber("--timeout", values.timeout, TIMEOUT_SECONDS),
    limits: {
      errorsMax: percent("--errors-max", values["errors-max"], ERRORS_PERCENT),
      waitsMax: percent("--waits-max", values["waits-max"], WAITS_PERCENT),
      p99Max:
        p99Max === undefined ? undefined : wholeNumber("--p99-max", p99Max, { otherwise: 0, most: P99_MAX }),
    },
    seed: wholeNumber("--seed", values.seed, { otherwise: randomInt(1, SEED_MAX + 1), most: SEED_MAX }),
    isJson: values.json,
  };
}

function percent(option: string, given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  if (/^\d{1,3}(\.\d{1,3})?$/.test(given) && Number(given) <= 100) return Number(given);
  throw new Misused(`${option} must be a number of percent from 0 to 100, such as 0.5, not "${given}".`);
}
