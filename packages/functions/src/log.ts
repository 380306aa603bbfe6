// The log: JSON lines on standard output. A line never contains a token, a password, an email, a name or a text. Nor does it
// contain the parts of an error that may quote values of the database.

/** Writes one line with the time. It does not use `console.log`, because Lambda adds columns to that. */
export function writeLine(line: { level: "info" | "error"; [key: string]: unknown }): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
}

/** Describes an error for the log, without statements, parameters or details of the database. */
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
 * A message without the values that it may quote: email addresses, which SES repeats; rows and parameters in PostgreSQL's
 * `Detail` and `Hint`; and the quoted value of a data exception (class 22, `invalid input syntax for type uuid: "…"`).
 */
function withoutValues(message: string): string {
  if (!message.startsWith("ERROR: ")) return message.replaceAll(/[^\s"'<>]+@[^\s"'<>]+/g, "…@…");
  const state = /SQLState: ([0-9A-Z]{5})$/.exec(message)?.[1] ?? "";
  const primary = message.replace(/; (Detail|Hint|Position|SQLState): .*$/s, "");
  return `${state.startsWith("22") ? primary.replace(/".*"/s, '"…"') : primary}; SQLState: ${state}`;
}
