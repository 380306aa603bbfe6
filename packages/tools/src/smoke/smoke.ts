// Runs the steps of the smoke test, each within its time, and cleans up whatever happens.
import { isProblem, Problem } from "@notejam/client/problem";
import { Skipped, Unexpected, whatIs } from "./expectation.ts";
import { deleteForEver, expectGone, newWalk, STEPS, type Walk } from "./steps.ts";
import { inWords, Visitor } from "./visitor.ts";

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

/** What all steps together may take beyond the longest one: a database that wakes up delays one of them only. */
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
  const visitor = new Visitor(origin, (seconds) => on.waits?.(seconds));
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
  const signal = AbortSignal.timeout(seconds * 1000);
  visitor.endWith(signal);
  const since = () => Math.round(performance.now() - began);
  try {
    await run(signal);
    return { ms: since() };
  } catch (thrown) {
    if (thrown instanceof Skipped) return { ms: since(), skipped: thrown.message };
    return { ms: since(), failed: words(thrown, visitor, signal.aborted ? seconds : undefined) };
  }
}

/** @param timedOut after how many seconds it was ended */
function words(thrown: unknown, { last }: Visitor, timedOut: number | undefined): string {
  const exchange = last ? inWords(last) : "nothing was sent";
  if (timedOut !== undefined)
    return `expected it to be done within ${Number(timedOut.toFixed(1))} s, but it was not; ${exchange}`;
  if (thrown instanceof Unexpected) return `${thrown.message}; ${exchange}`;
  if (isProblem(thrown, "unreachable")) return `expected an answer, but ${exchange}: ${causeOf(thrown)}`;
  if (thrown instanceof Problem) return `expected a success, but ${exchange}: ${whatIs(thrown)}`;
  // What came is not what the API's types say.
  return `expected an answer of the API, but ${exchange}: ${thrown}`;
}

/** `fetch` wraps the error of the socket, whose code says most. */
function causeOf({ cause }: Problem): string {
  const error = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** Deletes what the walk has made, for ever. @returns what stays */
async function cleanUp(walk: Walk): Promise<string[]> {
  const { visitor, email, password, note } = walk;
  if (!walk.hasAccount) return [];
  if (!walk.hasNote) return [`the account ${email}`];
  visitor.endWith(AbortSignal.timeout(CLEANING_SECONDS * 1000));
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
