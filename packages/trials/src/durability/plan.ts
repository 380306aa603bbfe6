// What devices do, and what happens to their requests: drawn from a seed.

import type { Keep } from "@notejam/web/notes/merge/regions";
import * as fc from "fast-check";
import type { Fate } from "./network.ts";

/** A change of a text. */
export interface Edit {
  how: "replace" | "insert" | "append" | "remove" | "paste";
  /** The line, counted around. */
  at: number;
}

/** What a device does. Notes, pads, versions and times are counted around. */
export type Act =
  | { act: "create"; pad: number; edit: Edit }
  | { act: "write"; note: number; edit: Edit; saves: boolean }
  | { act: "name"; note: number; isNamed: boolean; saves: boolean }
  | { act: "put"; note: number; pad: number; saves: boolean }
  /** The page crashes, and what was written goes on from its draft. */
  | { act: "crash"; note: number }
  /** Something is written offline, the tab is closed, and what was left is saved without an editor. */
  | { act: "leave"; note: number; edit: Edit }
  | { act: "move"; notes: number[]; pad: number }
  | { act: "delete"; note: number }
  | { act: "deleteSeveral"; notes: number[] }
  | { act: "restore"; note: number; isTakenOut: boolean }
  | { act: "restoreSeveral"; notes: number[] }
  | { act: "goBack"; note: number; version: number }
  | { act: "restorePast"; notes: number[]; moment: number }
  | { act: "renamePad" | "deletePad" | "restorePad"; pad: number }
  /** Notes that only this device has, by themselves or in a pad, are made and deleted for ever. */
  | { act: "purge"; isInPad: boolean };

/** How a device decides what only its user can. */
export interface Choice {
  keep: Keep;
  /** Whether a text whose note was deleted elsewhere becomes a new note. */
  createsAgain: boolean;
}

export interface DevicePlan {
  /** The acts of each round. */
  rounds: { act: Act; choice: Choice }[][];
  fates: Fate[];
}

export interface Plan {
  devices: DevicePlan[];
  /** What the faults of the database are drawn from. */
  faultSeed: number;
}

export interface PlanSize {
  devices: number;
  rounds: number;
  /** Acts of each device in each round. */
  acts: number;
}

/** A number that is counted around. */
const some = fc.noBias(fc.nat({ max: 9_999 }));
const several = fc.uniqueArray(some, { minLength: 1, maxLength: 3 });
const saves = weighted<boolean>([
  [2, true],
  [1, false],
]);
const edit = fc.record({
  how: weighted<Edit["how"]>([
    [10, "replace"],
    [6, "insert"],
    [6, "append"],
    [4, "remove"],
    [0.3, "paste"],
  ]),
  at: some,
});

/** An act, with what is drawn for it. */
function a<Name extends Act["act"], Drawn>(weight: number, act: Name, drawn: fc.Arbitrary<Drawn>) {
  return { weight, arbitrary: drawn.map((more) => ({ act, ...more })) };
}

const act: fc.Arbitrary<Act> = fc.oneof(
  a(2, "create", fc.record({ pad: some, edit })),
  a(60, "write", fc.record({ note: some, edit, saves })),
  a(7, "name", fc.record({ note: some, isNamed: fc.boolean(), saves })),
  a(4, "put", fc.record({ note: some, pad: some, saves })),
  a(4, "crash", fc.record({ note: some })),
  a(4, "leave", fc.record({ note: some, edit })),
  a(3, "move", fc.record({ notes: several, pad: some })),
  a(4, "delete", fc.record({ note: some })),
  a(2, "deleteSeveral", fc.record({ notes: several })),
  a(9, "restore", fc.record({ note: some, isTakenOut: fc.boolean() })),
  a(5, "restoreSeveral", fc.record({ notes: several })),
  a(7, "goBack", fc.record({ note: some, version: some })),
  a(6, "restorePast", fc.record({ notes: several, moment: some })),
  a(2, "renamePad", fc.record({ pad: some })),
  a(2, "deletePad", fc.record({ pad: some })),
  a(5, "restorePad", fc.record({ pad: some })),
  a(4, "purge", fc.record({ isInPad: fc.boolean() })),
);

const choice: fc.Arbitrary<Choice> = fc.record({
  keep: fc.constantFrom("mine", "theirs", "both"),
  createsAgain: weighted<boolean>([
    [1, true],
    [3, false],
  ]),
});

/** Requests that come in between. */
const after = fc.integer({ min: 1, max: 15 });
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 70, arbitrary: fc.constant({ kind: "arrives" as const }) },
  { weight: 5, arbitrary: fc.constant({ kind: "lost" as const }) },
  { weight: 6, arbitrary: fc.constant({ kind: "unanswered" as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: "cut" as const }) },
  { weight: 5, arbitrary: fc.constant({ kind: "twice" as const }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("repeated" as const), after }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("late" as const), after }) },
);

/** Fates of one device, which are used again in the same order. */
const FATES = 997;

export function plans({ devices, rounds, acts }: PlanSize): fc.Arbitrary<Plan> {
  return fc.record({
    devices: exactly(
      devices,
      fc.record({
        rounds: exactly(rounds, exactly(acts, fc.record({ act, choice }))),
        fates: exactly(FATES, fate),
      }),
    ),
    faultSeed: fc.noBias(fc.nat()),
  });
}

function exactly<T>(length: number, one: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(one, { minLength: length, maxLength: length });
}

function weighted<T>(values: readonly (readonly [weight: number, value: T])[]): fc.Arbitrary<T> {
  return fc.oneof(
    ...values.map(([weight, value]) => ({ weight: weight * 10, arbitrary: fc.constant(value) })),
  );
}
