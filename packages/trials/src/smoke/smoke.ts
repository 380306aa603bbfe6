// Runs the steps of the smoke test, each within its time, and cleans up whatever happens.
import { Skipped } from "../visitor/expectation.ts";
import { failureOf } from "../visitor/failure.ts";
import { Visitor } from "../visitor/visitor.ts";
import { deleteForEver, expectGone, newWalk, STEPS, type Walk } from "./steps.ts";

export interface SmokeOptions {
  /** `https://notes.example.com` */
  origin: string;
  /** Where mails can be read, or why they can't. */
  mailbox: Walk["mailbox"];
  /** The domain of the account's email. */
  domain: string;
  /** How long one step may take. */
  stepSeconds: number;
  /** Is told of what happens. */
  on?: Partial<Listener>;
}

export interface Listener {
  begins(step: string): void;
  waits(seconds: number): void;
  ends(step: string, outcome: Outcome): void;
}

export interface Outcome {
  ms: number;
  /** Why it was skipped. */
  skipped?: string | undefined;
  /** What it expected, and what came. */
  failed?: string | undefined;
}

export interface SmokeReport {
  /** The steps that were taken, up to the one that failed. */
  steps: { name: string; outcome: Outcome }[];
  ms: number;
  /** The step that failed. */
  failed: string | undefined;
  /** What is left on the site. */
  left: string[];
}

/** How much longer all steps together may take than one: a database that wakes up delays only one step. */
const OTHER_STEPS_SECONDS = 20;
const CLEANING_SECONDS = 5;

/** The longest that a smoke test takes. */
export function secondsAtMost(stepSeconds: number): number {
  return stepSeconds + OTHER_STEPS_SECONDS + CLEANING_SECONDS;
}

/** Walks through the product. Never rejects for what the site does. */
export async function smoke(options: SmokeOptions): Promise<SmokeReport> {
  const { origin, mailbox, domain, stepSeconds, on = {} } = options;
  const began = performance.now();
  const visitor = new Visitor({
    origin,
    program: "notejam-smoke",
    onWait: (seconds) => on.waits?.(seconds),
  });
  const walk = newWalk(visitor, mailbox, domain);
  const steps: SmokeReport["steps"] = [];
  for (const { name, run } of STEPS) {
    on.begins?.(name);
    const restSeconds = stepSeconds + OTHER_STEPS_SECONDS - (performance.now() - began) / 1000;
    const seconds = Math.max(0, Math.min(stepSeconds, restSeconds));
    const outcome = await timed(visitor, seconds, (signal) => run(walk, signal));
    steps.push({ name, outcome });
    on.ends?.(name, outcome);
    if (outcome.failed !== undefined) break;
  }
  const left = await cleanUp(walk);
  const failed = steps.find(({ outcome }) => outcome.failed !== undefined)?.name;
  return { steps, ms: Math.round(performance.now() - began), failed, left };
}

async function timed(
  visitor: Visitor,
  seconds: number,
  run: (signal: AbortSignal) => Promise<void>,
): Promise<Outcome> {
  const began = performance.now();
  const signal = visitor.endAfter(seconds * 1000);
  const since = () => Math.round(performance.now() - began);
  try {
    await run(signal);
    return { ms: since() };
  } catch (thrown) {
    if (thrown instanceof Skipped) return { ms: since(), skipped: thrown.message };
    return { ms: since(), failed: failureOf(thrown, visitor, signal.aborted ? seconds : undefined) };
  }
}

/** Deletes what the walk has made, for ever. @returns what stays */
async function cleanUp(walk: Walk): Promise<string[]> {
  const { visitor, email, password, note } = walk;
  if (!walk.hasAccount) return [];
  if (!walk.hasNote) return [`the account ${email}`];
  visitor.endAfter(CLEANING_SECONDS * 1000);
  // What fails here shows by what is left.
  const ignore = () => undefined;
  await visitor.api.session.$post({ json: { email, password } }).catch(ignore);
  await deleteForEver(walk).catch(ignore);
  const isGone = await expectGone(walk).then(
    () => true,
    () => false,
  );
  await visitor.api.session.$delete().catch(ignore);
  return isGone ? [`the account ${email}`] : [`the note ${note.id}`, `the account ${email}`];
}
