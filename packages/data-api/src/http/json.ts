// Reads JSON without losing digits: a long has 64 bits, and a JavaScript number keeps 53 of them.
import { isUtf8 } from "node:buffer";
import { DataApiError } from "../errors.ts";

const LONG_DIGITS = /"longValue"\s*:\s*-?\d{16}/;

/**
 * Integers beyond 53 bits become bigints.
 * @throws DataApiError SerializationException for anything that is not JSON in UTF-8.
 */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new DataApiError("SerializationException", "The body is not valid UTF-8.");
  const text = bytes.toString("utf8");
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
