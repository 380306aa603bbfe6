// Logs an invocation that is not a request (a mail, a job): one line, like the line of a request.
import { countingCalls, noCalls } from "@notejam/core/db/calls";
import type { Context } from "aws-lambda";
import { auditOf } from "./audit.ts";
import { describeError, writeLine } from "./log.ts";

/** A refusal whose message may be shown to the caller, because it quotes no value of the database. */
export class Refusal extends Error {
  override name = "Refusal";
}

/**
 * Runs an invocation and writes its line.
 * @param message the name of the invocation in the log
 * @param run returns the line's fields about its result
 * @param more further fields of the line
 * @returns what `run` returns
 * @throws Error if `run` fails, so that Lambda repeats the invocation. Lambda logs this error. So it does not quote the original
 * one, which may contain an address. A Refusal is thrown as it is.
 */
export async function logInvocation<Result extends Record<string, unknown>>(
  message: string,
  { awsRequestId: requestId }: Pick<Context, "awsRequestId">,
  run: () => Promise<Result>,
  more: (result: Result) => Record<string, unknown> = () => ({}),
): Promise<Result> {
  const startedAt = performance.now();
  const calls = noCalls();
  const line = () => ({
    requestId,
    message,
    duration: Math.round(performance.now() - startedAt),
    dataApiCalls: calls.count,
    audit: calls.things.length > 0 ? auditOf(message, calls) : undefined,
  });
  try {
    const result = await countingCalls(run, calls);
    writeLine({ level: "info", ...line(), ...result, ...more(result) });
    return result;
  } catch (error) {
    writeLine({ level: "error", ...line(), error: describeError(error) });
    if (error instanceof Refusal) throw error;
    throw new Error(`The invocation "${message}" failed. The log line before this one says why.`);
  }
}
