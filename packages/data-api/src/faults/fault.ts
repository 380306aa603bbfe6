// What can go wrong with one call. A fault is plain JSON, so that it can be sent to another process; in this one, a
// regular expression may stand for its source and flags.
import { OptionError } from "../errors.ts";
import { membersOf, numberOf, oneOf } from "../members.ts";

export type Fault = FaultKind & {
  /** Only a call whose SQL matches; the calls without SQL match by the operation's name. Any call unless given. */
  matching?: Pattern | undefined;
  /** How many calls it strikes. 1 unless told. */
  times?: number | "always" | undefined;
  /** How likely it strikes a call that matches, from 0 to 1. 1 unless told. */
  probability?: number | undefined;
};

type FaultKind =
  | {
      /** The connection is cut without an answer. */
      kind: "drop";
      when: When;
    }
  | {
      /** InternalServerErrorException, ServiceUnavailableError or DatabaseUnavailableException. */
      kind: "status";
      status: (typeof STATUSES)[number];
      when: When;
    }
  | {
      /** StatementTimeoutException: nobody knows whether the statement ran. */
      kind: "statement-timeout";
      when: When;
    }
  | {
      /**
       * The call's transaction is rolled back, and the call is answered with a TransactionNotFoundException. Strikes no
       * call outside a transaction.
       */
      kind: "lost-transaction";
    };

/** Before the call runs, or after: then what it did stays, and its answer is lost, whatever it was. */
export type When = "before" | "after";

/** The source of a regular expression, or a RegExp, or as much of one as JSON can hold. */
export type Pattern = string | { source: string; flags: string };

const STATUSES = [500, 503, 504] as const;

/** What each kind is told beside what all are. */
const MEMBERS = {
  drop: ["when"],
  status: ["when", "status"],
  "statement-timeout": ["when"],
  "lost-transaction": [],
} as const satisfies Record<Fault["kind"], readonly string[]>;
const KINDS = Object.keys(MEMBERS) as Fault["kind"][];

/** A fault as it is kept until it has struck. */
export interface PlannedFault {
  /** As it is told to whoever asks what is planned: plain JSON, with nothing left out. */
  fault: Fault;
  matching: RegExp | undefined;
  /** Infinity for "always". */
  times: number;
  probability: number;
  struck: number;
}

/** @throws OptionError that names the member */
export function readFault(value: unknown): PlannedFault {
  const kind = oneOf(membersOf<"kind">(value, "fault").kind, "fault.kind", KINDS);
  const known = ["kind", ...MEMBERS[kind], "matching", "times", "probability"] as const;
  const members = membersOf(value, "fault", known);
  const matching = readPattern(members.matching, "fault.matching");
  const times = readTimes(members.times ?? 1, "fault.times");
  const probability = numberOf(members.probability ?? 1, "fault.probability", 0, 1);
  const fault: Fault = {
    ...readKind(kind, members),
    ...(matching && { matching: { source: matching.source, flags: matching.flags } }),
    times: Number.isFinite(times) ? times : "always",
    probability,
  };
  return { fault, matching, times, probability, struck: 0 };
}

function readKind(kind: Fault["kind"], members: { when?: unknown; status?: unknown }): FaultKind {
  if (kind === "lost-transaction") return { kind };
  const when = oneOf(members.when, "fault.when", ["before", "after"]);
  if (kind !== "status") return { kind, when };
  return { kind, status: oneOf(members.status, "fault.status", STATUSES), when };
}

function readTimes(value: unknown, path: string): number {
  if (value === "always") return Number.POSITIVE_INFINITY;
  if (Number.isSafeInteger(value) && Number(value) >= 1) return Number(value);
  throw new OptionError(`${path} must be a whole number from 1, or "always".`);
}

function readPattern(value: unknown, path: string): RegExp | undefined {
  if (value === undefined) return undefined;
  const { source, flags } = partsOf(value, path);
  try {
    // Without the flags that would let it go on where it stopped in the call before.
    return new RegExp(source, flags.replaceAll(/[gy]/g, ""));
  } catch (error) {
    throw new OptionError(`${path} must be a regular expression: ${(error as Error).message}.`);
  }
}

function partsOf(value: unknown, path: string): { source: string; flags: string } {
  if (value instanceof RegExp) return value;
  if (typeof value === "string") return { source: value, flags: "" };
  if (typeof value === "object" && value !== null) {
    const { source, flags = "" } = membersOf(value, path, ["source", "flags"]);
    if (typeof source === "string" && typeof flags === "string") return { source, flags };
  }
  throw new OptionError(`${path} must be the source of a regular expression, or {source, flags}.`);
}
