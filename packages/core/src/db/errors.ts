// Reads errors of the database without the values in them: drizzle's message has SQL and parameters, and PostgreSQL's message
// may quote a value.
import { DrizzleQueryError } from "drizzle-orm";

/** The error that drizzle wrapped; any other error unchanged. */
export function unwrap(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? error.cause : error;
}

/**
 * The SQLSTATE of a Data API error, read from the right of `ERROR: …; Hint: …; SQLState: 23505`, because the part
 * before it may contain anything.
 */
export function sqlState(error: unknown): string | undefined {
  const message = (unwrap(error) as { message?: unknown } | undefined)?.message;
  return typeof message === "string" ? /SQLState: ([0-9A-Z]{5})$/.exec(message)?.[1] : undefined;
}

/** Whether a check constraint of this name refused the statement. */
export function violates(error: unknown, constraint: string): boolean {
  const message = String((unwrap(error) as { message?: unknown } | undefined)?.message ?? "");
  return sqlState(error) === "23514" && message.includes(`check constraint "${constraint}"`);
}
