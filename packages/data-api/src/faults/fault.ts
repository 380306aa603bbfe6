// What can go wrong with one call. A fault is plain JSON, so that it can be sent to another process; in this one, a
// regular expression may stand for its source and flags.
import * as z from "zod/mini";
import { between, kinds, members, oneOf, read } from "../schema.ts";
import { SERVICE_ERROR_NAMES, SQL_STATE, STATUSES } from "./answers.ts";

const when = oneOf(["before", "after"]);
/** Before the call runs, or after it: then what it did stays, and its answer is lost. */
export type When = z.output<typeof when>;

const SQL_STATE_MESSAGE = "must be the SQLSTATE of an error, five digits or capital letters, such as 57P01.";
const sqlState = z.string(SQL_STATE_MESSAGE).check(z.regex(SQL_STATE, SQL_STATE_MESSAGE));

/** What every kind of fault may have. */
const whichCalls = {
  /** Only a call whose SQL matches; the calls without SQL match by the operation's name. Any call by default. */
  matching: z.optional(pattern()),
  /** How many calls it strikes, 1 by default. */
  times: z._default(z.custom<number | "always">(isTimes, 'must be a whole number from 1, or "always".'), 1),
  /** How likely it strikes a call that matches, from 0 to 1, 1 by default. */
  probability: z._default(between(0, 1), 1),
};

const faultSchema = kinds([
  // The connection is cut without an answer.
  members({ kind: z.literal("drop"), when, ...whichCalls }),
  // InternalServerErrorException, ServiceUnavailableError or DatabaseUnavailableException.
  members({
    kind: z.literal("status"),
    when,
    status: z.literal(STATUSES, `must be one of ${STATUSES.join(", ")}.`),
    ...whichCalls,
  }),
  // A named error of the service model, with its status and a message like AWS's: SecretsErrorException. Most of them say that the
  // call did not run.
  members({
    kind: z.literal("error"),
    when: z._default(when, "before"),
    type: oneOf(SERVICE_ERROR_NAMES),
    ...whichCalls,
  }),
  // What the database answers with this SQLSTATE: a DatabaseErrorException (57014: a StatementTimeoutException), with PostgreSQL's
  // own message if the code is a usual one. An open transaction stays as it is.
  members({ kind: z.literal("sql-state"), when, sqlState, ...whichCalls }),
  // StatementTimeoutException, which leaves open whether the statement ran.
  members({ kind: z.literal("statement-timeout"), when, ...whichCalls }),
  // The call's transaction is rolled back, and the call is answered with a TransactionNotFoundException. Strikes no call outside a
  // transaction.
  members({ kind: z.literal("lost-transaction"), ...whichCalls }),
]);

export type Fault = z.input<typeof faultSchema>;
/** The source of a regular expression, or a RegExp, or as much of one as JSON can hold. */
export type Pattern = NonNullable<Fault["matching"]>;

/** A fault as it is kept until it has struck. */
export interface PlannedFault {
  /** As `list` shows it: plain JSON, with the defaults filled in. */
  fault: Fault;
  matching: RegExp | undefined;
  /** Infinity for "always". */
  times: number;
  probability: number;
  struck: number;
}

/** @throws OptionError that names the member */
export function readFault(value: unknown): PlannedFault {
  const { matching, ...fault } = read(faultSchema, value, "fault");
  const { times, probability } = fault;
  return {
    fault: { ...fault, ...(matching && { matching: { source: matching.source, flags: matching.flags } }) },
    matching,
    times: times === "always" ? Number.POSITIVE_INFINITY : times,
    probability,
    struck: 0,
  };
}

function isTimes(value: unknown): boolean {
  return value === "always" || (Number.isSafeInteger(value) && Number(value) >= 1);
}

/** From a RegExp, its source, or its source and flags. */
function pattern() {
  const given = z.union(
    [z.instanceof(RegExp), z.string(), z.strictObject({ source: z.string(), flags: z.optional(z.string()) })],
    "must be the source of a regular expression, or {source, flags}.",
  );
  const compiled = z.transform((from: z.output<typeof given>, context) => {
    const { source, flags = "" } = typeof from === "string" ? { source: from } : from;
    try {
      // With these flags it would start where the last call's match ended.
      return new RegExp(source, flags.replaceAll(/[gy]/g, ""));
    } catch (error) {
      const message = `must be a regular expression: ${(error as Error).message}.`;
      context.issues.push({ code: "custom", input: from, message });
      return z.NEVER;
    }
  });
  return z.pipe(given, compiled);
}
