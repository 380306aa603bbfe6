// What a step expects of the service, and how it says that it got something else.
import { isProblem, Problem } from "@notejam/client/problem";
import type { ProblemCode } from "@notejam/functions/api/problems";

/** The service did something else than a step expects. */
export class Unexpected extends Error {
  override name = "Unexpected";

  /**
   * @param expected completes "expected …"
   * @param got completes "but …"
   */
  constructor(expected: string, got: string) {
    super(`expected ${expected}, but ${got}`);
  }
}

/** A step can't be taken on this site; the message says why. */
export class Skipped extends Error {
  override name = "Skipped";
}

/** @throws Unexpected unless it holds */
export function expectThat(holds: boolean, expected: string, got: string): asserts holds {
  if (!holds) throw new Unexpected(expected, got);
}

/** @param of says whose headers they are, after each header's name @throws Unexpected unless an answer has these */
export function expectHeaders({ headers }: Response, expected: Record<string, string>, of = ""): void {
  for (const [name, value] of Object.entries(expected)) {
    const sent = headers.get(name);
    const got = sent === null ? "it is missing" : `it is "${sent}"`;
    expectThat(sent === value, `the header "${name}: ${value}"${of}`, got);
  }
}

/** @throws Unexpected unless the call is refused with this code; what it throws that is no problem */
export async function expectRefusal(
  code: ProblemCode,
  expected: string,
  call: () => Promise<unknown>,
): Promise<void> {
  try {
    await call();
  } catch (thrown) {
    if (isProblem(thrown, code)) return;
    if (thrown instanceof Problem) throw new Unexpected(`${expected} (${code})`, whatIs(thrown));
    throw thrown;
  }
  throw new Unexpected(`${expected} (${code})`, "it was accepted");
}

/** A problem in one clause. */
export function whatIs({ code, message, fields }: Problem): string {
  const words = Object.values(fields).flat().join("; ") || message;
  return words === code ? `it is ${code}` : `it is ${code}: ${words}`;
}
