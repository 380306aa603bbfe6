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
  | { act: "move"; notes: number[]; pad: number }
  | { act: "delete"; note: number }
  | { act: "deleteSeveral"; notes: number[] }
  | { act: "restore"; note: number; isTakenOut: boolean }
  | { act: "restoreSeveral"; notes: number[] }
  | { act: "goBack"; note: number; version: number }
  | { act: "restorePast"; notes: number[]; moment: number }
  | { act: "renamePad" | "deletePad" | "restorePad"; pad: number };

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

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ act: fc.constant("create" as const), pad: some, edit }) },
  { weight: 60, arbitrary: fc.record({ act: fc.constant("write" as const), note: some, edit, saves }) },
  {
    weight: 7,
    arbitrary: fc.record({ act: fc.constant("name" as const), note: some, isNamed: fc.boolean(), saves }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant("put" as const), note: some, pad: some, saves }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant("crash" as const), note: some }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("move" as const), notes: several, pad: some }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant("delete" as const), note: some }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("deleteSeveral" as const), notes: several }) },
  {
    weight: 9,
    arbitrary: fc.record({ act: fc.constant("restore" as const), note: some, isTakenOut: fc.boolean() }),
  },
  { weight: 5, arbitrary: fc.record({ act: fc.constant("restoreSeveral" as const), notes: several }) },
  { weight: 7, arbitrary: fc.record({ act: fc.constant("goBack" as const), note: some, version: some }) },
  {
    weight: 6,
    arbitrary: fc.record({ act: fc.constant("restorePast" as const), notes: several, moment: some }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      act: weighted<"renamePad" | "deletePad" | "restorePad">([
        [2, "renamePad"],
        [2, "deletePad"],
        [5, "restorePad"],
      ]),
      pad: some,
    }),
  },
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
