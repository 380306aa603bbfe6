// Binds the values of a request to a statement's parameters, each with the one type that the Data API gives it.
// Nothing is converted to fit a column: a text stays `text`, so that a cast missing on AWS is missed here too.
import { type BoundValue, OID } from "../engine/engine.ts";
import { DataApiError } from "../errors.ts";

/** One parameter of a request, its shape already checked: `value` has exactly one member. */
export interface Parameter {
  name: string;
  value: ParameterValue;
  typeHint?: TypeHint | undefined;
}

export type ParameterValue =
  | { isNull: true }
  | { stringValue: string }
  | { longValue: bigint | number }
  | { doubleValue: number }
  | { booleanValue: boolean }
  | { blobValue: Buffer };

/** What a text must look like under each hint, and the type it is then bound as [doc]. */
export const TYPE_HINTS = {
  DATE: { oid: OID.date, format: /^\d{4}-\d\d-\d\d$/, expects: "YYYY-MM-DD" },
  DECIMAL: {
    oid: OID.numeric,
    format: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/,
    expects: "a decimal number",
  },
  JSON: { oid: OID.json, format: /^/, expects: "JSON" }, // PostgreSQL says where it is wrong
  TIME: { oid: OID.time, format: /^\d\d:\d\d:\d\d(?:\.\d{1,6})?$/, expects: "HH:MM:SS[.FFF]" },
  TIMESTAMP: {
    oid: OID.timestamp,
    format: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?$/,
    expects: "YYYY-MM-DD HH:MM:SS[.FFF]",
  },
  UUID: {
    oid: OID.uuid,
    format: /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i,
    expects: "a UUID",
  },
} as const;

export type TypeHint = keyof typeof TYPE_HINTS;

/**
 * The values of `$1`, `$2`, …, one for each occurrence.
 * @throws DataApiError ValidationException for a parameter without a value, given twice, or not as its hint says.
 */
export function bindParameters(
  occurrences: readonly string[],
  parameters: readonly Parameter[],
): BoundValue[] {
  const byName = new Map<string, BoundValue>();
  for (const parameter of parameters) {
    if (byName.has(parameter.name)) {
      throw new DataApiError("ValidationException", `The parameter ${parameter.name} is given twice.`);
    }
    byName.set(parameter.name, bind(parameter));
  }
  return occurrences.map((name) => {
    const value = byName.get(name);
    if (!value) throw new DataApiError("ValidationException", `Cannot find parameter: ${name}`);
    return value;
  });
}

function bind({ name, value, typeHint }: Parameter): BoundValue {
  const hint = typeHint && TYPE_HINTS[typeHint];
  // A null has no type: programs send it to columns of every type, without a cast [live].
  if ("isNull" in value) return { oid: hint?.oid ?? OID.unspecified, value: null };
  if ("stringValue" in value) {
    if (hint && !hint.format.test(value.stringValue)) {
      throw new DataApiError(
        "ValidationException",
        `The parameter ${name} has the type hint ${typeHint} and must be ${hint.expects}.`,
      );
    }
    return { oid: hint?.oid ?? OID.text, value: value.stringValue };
  }
  if (hint) {
    throw new DataApiError(
      "ValidationException",
      `The parameter ${name} has the type hint ${typeHint}, which is for a stringValue.`,
    );
  }
  if ("longValue" in value) return { oid: OID.int8, value: String(value.longValue) };
  if ("doubleValue" in value) return { oid: OID.float8, value: doubleText(value.doubleValue) };
  if ("booleanValue" in value) return { oid: OID.bool, value: value.booleanValue ? "t" : "f" };
  return { oid: OID.bytea, value: value.blobValue };
}

/** `String(-0)` is "0". */
function doubleText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
