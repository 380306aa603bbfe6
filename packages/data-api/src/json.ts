// Reads JSON without losing digits: a long has 64 bits, and a JavaScript number keeps 53 of them.
import { DataApiError } from "./errors.ts";

const LONG_DIGITS = /"longValue"\s*:\s*-?\d{16}/;

/**
 * Integers beyond 53 bits become bigints.
 * @throws DataApiError SerializationException for what is no JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return LONG_DIGITS.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch {
    throw new DataApiError("SerializationException", "The body is not valid JSON.");
  }
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return context?.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}
