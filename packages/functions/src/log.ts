// The log: JSON lines on standard output. A line never holds a token, a password, an email, a name or a text, and of an error
// nothing that the database put values into.

/** Writes one line, with its time first, to standard output: `console.log` would add Lambda's own columns. */
export function writeLine(line: { level: "info" | "error"; [key: string]: unknown }): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
}

/** What the log may hold of an error: where it came from, but no statement, parameter or detail of the database. */
export function describeError(error: unknown): Record<string, unknown> | undefined {
  if (!(error instanceof Error)) return error === undefined ? undefined : { name: typeof error };
  return {
    name: error.name,
    message: "query" in error ? undefined : withoutValues(error.message),
    // The first lines of a stack repeat the message.
    stack: error.stack?.split("\n").flatMap((line) => (/^\s+at /.test(line) ? line.trim() : [])),
    cause: describeError(error.cause),
  };
}

/**
 * A message without what it may quote: email addresses, which SES repeats; what PostgreSQL quotes from rows and parameters
 * in `Detail` and `Hint`; and what a data exception (class 22, `invalid input syntax for type uuid: "…"`) puts in quotes.
 */
function withoutValues(message: string): string {
  if (!message.startsWith("ERROR: ")) return message.replaceAll(/[^\s"'<>]+@[^\s"'<>]+/g, "…@…");
  const state = /SQLState: ([0-9A-Z]{5})$/.exec(message)?.[1] ?? "";
  const primary = message.replace(/; (Detail|Hint|Position|SQLState): .*$/s, "");
  return `${state.startsWith("22") ? primary.replace(/".*"/s, '"…"') : primary}; SQLState: ${state}`;
}
