// Runs a load test: signs users up, sends the planned calls by the clock, reads what was acknowledged once more, and cleans up.
//
// The generator is open-loop: a call begins at its time, whether those before it have ended or not, as users come whether a service
// is slow or not. A closed loop, in which each connection waits for its answer, sends less to a slow service and leaves the waiting
// out of what it measures ("coordinated omission").
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "@notejam/client/problem";
import { PATIENCE } from "@notejam/web/data/waiting";
import { failureOf } from "../visitor/failure.ts";
import { Visitor } from "../visitor/visitor.ts";
import { ACTS, create, readNote } from "./acts.ts";
import { beyondLimits, type Limits, named, sum } from "./judge.ts";
import { type Call, type Phase, planned, type Size } from "./plan.ts";
import { Tally } from "./tally.ts";
import { acknowledgedNotes, NOTES_AT_FIRST, newUser, one, type User } from "./user.ts";

export interface LoadOptions extends Size {
  /** `https://notes.example.com` */
  origin: string;
  /** How long a call may take from its time on, with all waits. */
  timeoutSeconds: number;
  limits: Limits;
  /** Ends the traffic; what was made is deleted all the same. */
  stop?: AbortSignal | undefined;
  /** Is told of what happens. */
  on?: Partial<Listener>;
}

export type Part = "preparation" | Phase | "check" | "cleaning";

export interface Listener {
  /** @param count users, calls, or notes */
  begins(part: Part, count: number): void;
  /** Some calls of a phase have begun or ended. */
  moves(phase: Phase, tally: Tally): void;
}

export interface LoadReport {
  size: Size;
  phases: Record<Phase, Tally>;
  /** Notes that were read again at the end. */
  checked: number;
  /** It was stopped before its end. */
  isStopped: boolean;
  /** What was wrong, in words; none if it passed. */
  failures: string[];
  /** What is left on the site. */
  left: string[];
}

const PROGRAM = "notejam-load";
/** A database that was paused takes half a minute to come back. */
const PREPARATION_SECONDS = 60;
const CLEANING_SECONDS = 60;

/** Never rejects for what the site does. */
export async function load(options: LoadOptions): Promise<LoadReport> {
  const run = randomBytes(4).toString("hex");
  const users = Array.from({ length: options.users }, (_, i) => newUser(run, i + 1));
  const { rate, seconds, users: count, seed } = options;
  const report: LoadReport = {
    size: { rate, seconds, users: count, seed },
    phases: { base: new Tally(), step: new Tally(), recovery: new Tally() },
    checked: 0,
    isStopped: false,
    failures: [],
    left: [],
  };
  const isPrepared = await prepare(users, options, report);
  if (isPrepared) {
    await drive(users, options, report);
    report.failures.push(...beyondLimits(report.phases, options.limits));
    if (!options.stop?.aborted) await check(users, options, report);
  }
  report.isStopped = options.stop?.aborted ?? false;
  await cleanUp(users, options, report);
  return report;
}

/** Signs users up, each with a pad and notes. @returns whether all of them are ready */
async function prepare(users: User[], options: LoadOptions, report: LoadReport): Promise<boolean> {
  const { stop, on } = options;
  on?.begins?.("preparation", users.length);
  const ready = async (user: User, act: (visitor: Visitor) => Promise<unknown>) => {
    const visitor = visitorOf(user, options);
    const signal = visitor.endAfter(PREPARATION_SECONDS * 1000, stop);
    return await act(visitor).then(
      () => undefined,
      (thrown) => failureOf(thrown, visitor, signal.aborted ? PREPARATION_SECONDS : undefined),
    );
  };
  // Where nothing answers, nobody is signed up.
  let failure = await ready(one(users, 0), ({ api }) => api.health.$get());
  if (failure === undefined) {
    const failures = await Promise.all(users.map((user) => ready(user, (visitor) => signUp(user, visitor))));
    failure = failures.find((words) => words !== undefined);
  }
  if (failure !== undefined && !stop?.aborted) report.failures.push(`No traffic was sent: ${failure}.`);
  return failure === undefined;
}

async function signUp(user: User, visitor: Visitor) {
  const { email, password, padId } = user;
  user.hasAccount = true;
  await visitor.api.users.$post({ json: { email, password } });
  user.hasPad = true;
  await visitor.api.pads.$post({ json: { id: padId, name: "Load test" } });
  for (let i = 0; i < NOTES_AT_FIRST; i++) await create(user, visitor, i * 7);
}

/** Sends each call at its time, and resolves when all have ended. */
async function drive(users: User[], options: LoadOptions, { phases }: LoadReport): Promise<void> {
  const calls = planned(options);
  const sent: Promise<void>[] = [];
  const began = performance.now();
  let phase: Phase | undefined;
  for (const call of calls) {
    const dueAt = began + call.dueMs;
    const restMs = dueAt - performance.now();
    if (restMs > 0) await sleep(restMs, undefined, { signal: options.stop }).catch(() => undefined);
    if (options.stop?.aborted) break;
    if (phase !== call.phase) {
      phase = call.phase;
      options.on?.begins?.(phase, calls.filter((other) => other.phase === phase).length);
    }
    sent.push(send(users[call.user] as User, call, dueAt, phases[call.phase], options));
  }
  await Promise.all(sent);
}

async function send(user: User, call: Call, dueAt: number, tally: Tally, options: LoadOptions) {
  const { timeoutSeconds, stop, on } = options;
  const now = performance.now();
  tally.begins(now - dueAt);
  on?.moves?.(call.phase, tally);
  let hasWaited = false;
  const visitor = new Visitor({
    origin: options.origin,
    program: PROGRAM,
    // It waits as the page does.
    patience: PATIENCE,
    cookies: user.cookies,
    onWait: () => {
      if (!hasWaited) tally.waited++;
      hasWaited = true;
    },
    onExchange: (exchange) => tally.requested(exchange),
  });
  const signal = visitor.endAfter(dueAt + timeoutSeconds * 1000 - now, stop);
  try {
    await ACTS[call.act](user, visitor, call.pick);
  } catch (thrown) {
    // What was stopped has neither failed nor ended.
    if (stop?.aborted) return;
    record(tally, thrown, visitor, signal.aborted ? timeoutSeconds : undefined);
  }
  tally.ends(performance.now() - dueAt);
  on?.moves?.(call.phase, tally);
}

/** @param timedOut after how many seconds it was ended */
function record(tally: Tally, thrown: unknown, visitor: Visitor, timedOut: number | undefined) {
  const isWrong = timedOut === undefined && !(thrown instanceof Problem);
  tally.fails(failureOf(thrown, visitor, timedOut), isWrong);
}

/** Reads each note that was acknowledged once more: nothing of it may be lost. */
async function check(users: User[], options: LoadOptions, report: LoadReport): Promise<void> {
  const { timeoutSeconds, stop, on } = options;
  report.checked = users.flatMap(acknowledgedNotes).length;
  on?.begins?.("check", report.checked);
  const tally = new Tally();
  await Promise.all(
    users.map(async (user) => {
      const visitor = visitorOf(user, options);
      for (const kept of acknowledgedNotes(user)) {
        const signal = visitor.endAfter(timeoutSeconds * 1000, stop);
        await readNote(kept, visitor).catch((thrown) => {
          if (!stop?.aborted) record(tally, thrown, visitor, signal.aborted ? timeoutSeconds : undefined);
        });
      }
    }),
  );
  const { faults } = tally;
  if (faults.length > 0)
    report.failures.push(
      `check: of ${report.checked} notes that were acknowledged, ${sum(faults)} did not read back.\n${named(faults)}`,
    );
}

/** Deletes what the users have made, for ever. */
async function cleanUp(users: User[], options: LoadOptions, report: LoadReport): Promise<void> {
  const made = users.filter(({ hasPad }) => hasPad);
  options.on?.begins?.("cleaning", made.length);
  const keepers: string[] = [];
  await Promise.all(
    made.map(async (user) => {
      const visitor = visitorOf(user, options);
      visitor.endAfter(CLEANING_SECONDS * 1000);
      // What fails here shows by what is left.
      const isGone = await deleteForEver(user, visitor).catch(() => false);
      if (!isGone) keepers.push(user.email);
      await visitor.api.session.$delete().catch(() => undefined);
    }),
  );
  const accounts = users.filter(({ hasAccount }) => hasAccount).map(({ email }) => email);
  if (keepers.length > 0) {
    report.failures.push("cleaning: not all notes could be deleted for ever.");
    report.left.push(`notes of ${keepers.join(", ")}`);
  }
  const ends = new Set([accounts.at(0), accounts.at(-1)]);
  if (accounts.length > 0) report.left.push(`the accounts ${[...ends].join(" to ")}`);
}

/** @returns whether nothing is left. @throws Problem */
async function deleteForEver({ padId, password }: User, { api }: Visitor): Promise<boolean> {
  const param = { id: padId };
  // Every note is in the pad, and goes with it.
  await api.pads[":id"].$delete({ param });
  // A pad of very many notes takes several requests.
  while ((await api.trash.pads[":id"].$delete({ param, json: { password } })).status === 202);
  const live = await (await api.notes.$get()).json();
  const trash = await (await api.trash.$get()).json();
  return live.notes.length + trash.notes.length + trash.pads.length === 0;
}

/** Before and after the traffic. */
function visitorOf({ cookies }: User, { origin }: LoadOptions): Visitor {
  return new Visitor({ origin, program: PROGRAM, cookies });
}

/** Whether all that was planned has been sent, and nothing was wrong. */
export function hasPassed({ failures, isStopped }: LoadReport): boolean {
  return failures.length === 0 && !isStopped;
}
