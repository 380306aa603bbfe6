// Turns a statement's result into the body of a response. Fields are written as JSON text straight from PostgreSQL's
// text: a number keeps all its digits, a note of half a megabyte is never held as objects.
import type { ResultSetOptions } from "@aws-sdk/client-rds-data";
import { parse } from "postgres-array";
import type { StatementResult } from "../engine/engine.ts";
import { DataApiError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { formatDate, formatTime, formatTimestamp } from "./timestamps.ts";
import type { ResultType, ScalarType, TypeCatalog } from "./types.ts";

export type ReturnOptions = { [Name in keyof ResultSetOptions]-?: NonNullable<ResultSetOptions[Name]> };

export interface Records {
  /** The JSON of `records`. */
  json: string;
  largestRowBytes: number;
}

/**
 * The JSON of `records`: a list of rows, each a list of Fields.
 * @throws DataApiError UnsupportedResultException for a row or a result that is too large.
 */
export function writeRecords(result: StatementResult, types: TypeCatalog, options: ReturnOptions): Records {
  const writers = (result.columns ?? []).map(({ typeOid }) => fieldWriter(types.get(typeOid), options));
  return writeRows(result, LIMITS.responseBytes, "1 MB", (row) => {
    const fields = row.map((text, index) => (text === null ? '{"isNull":true}' : writers[index]?.(text)));
    return `[${fields.join(",")}]`;
  });
}

/**
 * What `formattedRecords` holds: a list of rows as objects by the columns' labels.
 * @throws DataApiError UnsupportedResultException for a row or a result that is too large, ValidationException for labels
 *   that are not unique [doc].
 */
export function formatRecords(result: StatementResult, types: TypeCatalog, options: ReturnOptions): Records {
  const columns = result.columns ?? [];
  const twice = columns.find(
    ({ name }, index) => columns.findIndex((other) => other.name === name) !== index,
  );
  if (twice) {
    throw new DataApiError(
      "ValidationException",
      `Two columns have the label ${twice.name}. Give each a different name to get records as JSON.`,
    );
  }
  const labels = columns.map(({ name }) => JSON.stringify(name));
  const writers = columns.map(({ typeOid }) => plainWriter(types.get(typeOid), options));
  return writeRows(result, LIMITS.formattedRecordsBytes, "10 MB", (row) => {
    const members = row.map(
      (text, index) => `${labels[index]}:${text === null ? "null" : writers[index]?.(text)}`,
    );
    return `{${members.join(",")}}`;
  });
}

function writeRows(
  { rows }: StatementResult,
  maxBytes: number,
  maxShown: string,
  writeRow: (row: (string | null)[]) => string,
): Records {
  const written: string[] = [];
  let total = "[]".length;
  let largestRowBytes = 0;
  for (const row of rows) {
    const json = writeRow(row);
    const bytes = Buffer.byteLength(json);
    largestRowBytes = Math.max(largestRowBytes, bytes);
    if (bytes > LIMITS.rowBytes) {
      throw new DataApiError(
        "UnsupportedResultException",
        `The result contains a row of ${bytes} bytes and exceeds the size limit 64 KB of a row`,
      );
    }
    total += bytes + ",".length;
    if (total > maxBytes) {
      throw new DataApiError("UnsupportedResultException", `The result exceeds the size limit ${maxShown}`);
    }
    written.push(json);
  }
  return { json: `[${written.join(",")}]`, largestRowBytes };
}

/**
 * Without rows, a result may have columns of any type: clients ask for none to learn the types, and cast by them [live].
 * @throws DataApiError UnsupportedResultException for rows with a type that has no Field.
 */
export function refuseUnsupported({ columns, rows }: StatementResult, types: TypeCatalog): void {
  if (rows.length === 0) return;
  for (const { typeOid } of columns ?? []) {
    const { refusedAs } = types.get(typeOid);
    if (refusedAs === undefined) continue;
    throw new DataApiError(
      "UnsupportedResultException",
      `The result contains the unsupported data type ${refusedAs}.`,
    );
  }
}

/** From PostgreSQL's text of a value to JSON. */
type Writer = (text: string) => string;

function fieldWriter(type: ResultType, options: ReturnOptions): Writer {
  if (type.element) return arrayWriter(type.element, options);
  const member = memberOf(type, options);
  const write = valueWriter(type, options);
  if (member === undefined) {
    // numeric as DOUBLE_OR_LONG: each value decides.
    return (text) => (isLong(text) ? `{"longValue":${text}}` : `{"doubleValue":${double(text)}}`);
  }
  return (text) => `{"${member}":${write(text)}}`;
}

function memberOf({ conversion }: ScalarType, options: ReturnOptions): string | undefined {
  switch (conversion) {
    case "boolean":
      return "booleanValue";
    case "long":
      return options.longReturnType === "STRING" ? "stringValue" : "longValue";
    case "double":
      return "doubleValue";
    case "decimal":
      return options.decimalReturnType === "DOUBLE_OR_LONG" ? undefined : "stringValue";
    case "blob":
      return "blobValue";
    default:
      return "stringValue";
  }
}

function valueWriter({ conversion }: ScalarType, options: ReturnOptions): Writer {
  switch (conversion) {
    case "boolean":
      return (text) => (text === "t" ? "true" : "false");
    case "long":
      return options.longReturnType === "STRING" ? (text) => `"${text}"` : (text) => text;
    case "double":
      return double;
    case "blob":
      return (text) => `"${base64(text)}"`;
    case "jsonb":
      return (text) => JSON.stringify(compactJson(text));
    case "timestamp":
      return (text) => JSON.stringify(formatTimestamp(text));
    case "date":
      return (text) => JSON.stringify(formatDate(text));
    case "time":
      return (text) => JSON.stringify(formatTime(text));
    default:
      return (text) => JSON.stringify(text);
  }
}

/** What has no fraction [doc] and fits 64 bits. */
function isLong(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** Values that JSON has no number for travel as strings [model: the protocol is restJson1]. */
function double(text: string): string {
  const value = Number(text);
  return Number.isFinite(value) ? text : `"${value}"`; // a decimal may be larger than any double
}

/** With all the digits that a decimal has. */
function number(text: string): string {
  return /\d/.test(text) ? text : `"${text}"`;
}

/**
 * PostgreSQL writes a jsonb with a space behind each colon and comma, AWS without [live]. Parsing it would lose digits, and
 * an expression for whole strings would run out of stack on a long one.
 */
function compactJson(text: string): string {
  let inString = false;
  return text.replaceAll(/\\.|"|[:,] /g, (token) => {
    if (token === '"') inString = !inString;
    return inString ? token : token.charAt(0);
  });
}

/** From `\x…`; or from the escape format, which a session may set. https://www.postgresql.org/docs/18/datatype-binary.html */
function base64(text: string): string {
  if (text.startsWith("\\x")) return Buffer.from(text.slice(2), "hex").toString("base64");
  const bytes = text.replaceAll(/\\(\\|[0-3][0-7]{2})/g, (_whole, code: string) =>
    code === "\\" ? code : String.fromCharCode(Number.parseInt(code, 8)),
  );
  return Buffer.from(bytes, "latin1").toString("base64");
}

function arrayWriter(element: ScalarType, options: ReturnOptions): Writer {
  const member = memberOf(element, options);
  // Bytes have no list of their own in an arrayValue [model].
  const list = member === undefined || member === "blobValue" ? "stringValues" : `${member}s`;
  const write = listWriter(valueWriter(element, options));
  return (text) => `{"arrayValue":{"${list}":${write(text)}}}`;
}

/** In JSON, a decimal is a string unless a number is asked for [doc]. */
function plainWriter(type: ResultType, options: ReturnOptions): Writer {
  const element = type.element ?? type;
  const isNumber = element.conversion === "decimal" && options.decimalReturnType === "DOUBLE_OR_LONG";
  const write = isNumber ? number : valueWriter(element, options);
  return type.element ? listWriter(write) : write;
}

function listWriter(write: Writer): Writer {
  return (text) =>
    `[${elementsOf(text)
      .map((value) => (value === null ? "null" : write(value)))
      .join(",")}]`;
}

/**
 * The elements of PostgreSQL's text for a one-dimensional array: `{1,NULL,"a b"}`.
 * @throws DataApiError UnsupportedResultException for more dimensions.
 */
function elementsOf(text: string): (string | null)[] {
  const elements: unknown[] = parse(text);
  if (!elements.some(Array.isArray)) return elements as (string | null)[];
  throw new DataApiError("UnsupportedResultException", "The result contains a multidimensional array.");
}
