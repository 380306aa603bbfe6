// What can go wrong with one call. A fault is plain JSON, so that it can be sent to another process; in this one, a
// regular expression may stand for its source and flags.
import { OptionError } from "../errors.ts";
import { membersOf, numberOf, oneOf } from "../members.ts";
import { SERVICE_ERROR_NAMES, type ServiceError, SQL_STATE, STATUSES } from "./answers.ts";

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
      /** A named error of the service model, with its status and a message like AWS's: SecretsErrorException. */
      kind: "error";
      type: ServiceError;
      /** Before unless given: most of them say that the call did not run. */
      when?: When | undefined;
    }
  | {
      /**
       * What the database answers with this SQLSTATE: a DatabaseErrorException (57014: a StatementTimeoutException), with
       * PostgreSQL's own message where the code is a usual one. An open transaction stays as it is.
       */
      kind: "sql-state";
      sqlState: string;
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

/** What each kind is told beside what all are. */
const MEMBERS = {
  drop: ["when"],
  status: ["when", "status"],
  error: ["when", "type"],
  "sql-state": ["when", "sqlState"],
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

type KindMembers = Partial<Record<"when" | "status" | "type" | "sqlState", unknown>>;

function readKind(kind: Fault["kind"], members: KindMembers): FaultKind {
  if (kind === "lost-transaction") return { kind };
  const whenGiven = members.when ?? (kind === "error" ? "before" : undefined);
  const when = oneOf(whenGiven, "fault.when", ["before", "after"]);
  switch (kind) {
    case "status":
      return { kind, status: oneOf(members.status, "fault.status", STATUSES), when };
    case "error":
      return { kind, type: oneOf(members.type, "fault.type", SERVICE_ERROR_NAMES), when };
    case "sql-state":
      return { kind, sqlState: readSqlState(members.sqlState, "fault.sqlState"), when };
    default:
      return { kind, when };
  }
}

function readSqlState(value: unknown, path: string): string {
  if (typeof value === "string" && SQL_STATE.test(value)) return value;
  throw new OptionError(
    `${path} must be the SQLSTATE of an error, five digits or capital letters, such as 57P01.`,
  );
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
