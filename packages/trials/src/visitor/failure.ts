// How a visitor failed, in words: what was expected, and which request was answered how.
import { causeOf } from "@notejam/cli/connection";
import { isProblem, Problem } from "@notejam/client/problem";
import { Unexpected, whatIs } from "./expectation.ts";
import { inWords, type Visitor } from "./visitor.ts";

/** @param timedOut after how many seconds it was ended */
export function failureOf(
  thrown: unknown,
  { last }: Pick<Visitor, "last">,
  timedOut: number | undefined,
): string {
  const exchange = last ? inWords(last) : "nothing was sent";
  if (timedOut !== undefined)
    return `expected it to be done within ${Number(timedOut.toFixed(1))} s, but it was not; ${exchange}`;
  if (thrown instanceof Unexpected) return `${thrown.message}; ${exchange}`;
  if (isProblem(thrown, "unreachable")) return `expected an answer, but ${exchange}: ${causeOf(thrown)}`;
  if (thrown instanceof Problem) return `expected a success, but ${exchange}: ${whatIs(thrown)}`;
  // What came is not what the API's types say.
  return `expected an answer of the API, but ${exchange}: ${thrown}`;
}
