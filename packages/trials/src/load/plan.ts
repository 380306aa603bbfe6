// What is sent, and when: three phases, each call at its own time, and what users do in business hours. All of it follows from the
// size and a seed, and nothing from what the service does.
import { createHash } from "node:crypto";

/** How many times the base rate each phase sends, in their order. */
export const PHASES = { base: 1, step: 4, recovery: 1 } as const;
export type Phase = keyof typeof PHASES;
export const PHASE_NAMES = Object.keys(PHASES) as Phase[];

/**
 * What users do, in calls of a hundred. A user who writes saves every few seconds, opens notes between, and the sidebar counts
 * after each change. An assumption, until the log of a stage with users says more.
 */
export const MIX = {
  "read the account": 4,
  "count places": 14,
  list: 18,
  read: 24,
  search: 8,
  save: 24,
  create: 5,
  "read the history": 3,
} as const;
export type Act = keyof typeof MIX;
const ACTS = Object.keys(MIX) as Act[];

export interface Size {
  /** Calls a second in the base phase: a whole number. */
  rate: number;
  /** How long each phase is: a whole number. */
  seconds: number;
  users: number;
  seed: number;
}

export interface Call {
  phase: Phase;
  /** Milliseconds after the traffic began. */
  dueMs: number;
  act: Act;
  /** Who makes it, from 0. */
  user: number;
  /** Which of the user's notes it is about, counted around. */
  pick: number;
}

/** @returns the calls in the order of their times, which are evenly spaced in each phase */
export function planned({ rate, seconds, users, seed }: Size): Call[] {
  const calls: Call[] = [];
  const turns = new Map<Act, number>();
  let acts: Act[] = [];
  for (const [nth, phase] of PHASE_NAMES.entries()) {
    const perSecond = rate * PHASES[phase];
    for (let i = 0; i < perSecond * seconds; i++) {
      if (acts.length === 0) acts = shuffled(`${seed} ${calls.length}`);
      const act = acts.pop() as Act;
      const turn = turns.get(act) ?? 0;
      turns.set(act, turn + 1);
      const dueMs = nth * seconds * 1000 + (i * 1000) / perSecond;
      // Users take turns in each act, so that no user has many searches at once, which the API limits.
      calls.push({ phase, dueMs, act, user: turn % users, pick: drawn(`${seed} pick ${calls.length}`) });
    }
  }
  return calls;
}

/** A hundred acts of the mix, in an order of their own. */
function shuffled(seed: string): Act[] {
  const hundred = ACTS.flatMap((act) => Array.from({ length: MIX[act] }, () => act));
  return hundred
    .map((act, i) => ({ act, order: drawn(`${seed} order ${i}`) }))
    .sort((a, b) => a.order - b.order)
    .map(({ act }) => act);
}

/** A number from 0 below 2^32, which a seed repeats. */
function drawn(seed: string): number {
  return createHash("sha256").update(seed).digest().readUInt32BE();
}
