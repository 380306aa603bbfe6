// The shapes of requests. A member of the wrong type is a SerializationException and one out of its bounds a
// ValidationException, each naming the member; members that the service does not know are ignored, as AWS does [model].
import { DataApiError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { type Parameter, type ParameterValue, TYPE_HINTS, type TypeHint } from "../sql/parameters.ts";

export type Operation =
  | "ExecuteStatement"
  | "BatchExecuteStatement"
  | "BeginTransaction"
  | "CommitTransaction"
  | "RollbackTransaction";

/** What every operation is told. */
export interface CommonRequest {
  resourceArn: string;
  secretArn: string;
  database: string | undefined;
}

export interface ExecuteRequest extends CommonRequest {
  sql: string;
  parameters: Parameter[];
  transactionId: string | undefined;
  includeResultMetadata: boolean;
  continueAfterTimeout: boolean;
  decimalReturnType: "STRING" | "DOUBLE_OR_LONG";
  longReturnType: "LONG" | "STRING";
  formatRecordsAs: "NONE" | "JSON";
}

export interface BatchExecuteRequest extends CommonRequest {
  sql: string;
  parameterSets: Parameter[][];
  transactionId: string | undefined;
}

export interface TransactionRequest extends CommonRequest {
  transactionId: string;
}

/** @throws DataApiError that names the member */
export function readExecute(body: unknown): ExecuteRequest {
  const members = object(body, "the request");
  const options = object(members.resultSetOptions ?? {}, "resultSetOptions");
  return {
    ...readCommon(members),
    sql: readSql(members),
    parameters: readParameters(members.parameters, "parameters"),
    transactionId: optionalText(members, "transactionId", LIMITS.transactionIdCharacters),
    includeResultMetadata: flag(members, "includeResultMetadata"),
    continueAfterTimeout: flag(members, "continueAfterTimeout"),
    decimalReturnType: oneOf(options, "decimalReturnType", ["STRING", "DOUBLE_OR_LONG"]),
    longReturnType: oneOf(options, "longReturnType", ["LONG", "STRING"]),
    formatRecordsAs: oneOf(members, "formatRecordsAs", ["NONE", "JSON"]),
  };
}

/** @throws DataApiError that names the member */
export function readBatchExecute(body: unknown): BatchExecuteRequest {
  const members = object(body, "the request");
  return {
    ...readCommon(members),
    sql: readSql(members),
    parameterSets: list(members.parameterSets, "parameterSets").map((set, index) =>
      readParameters(set, `parameterSets[${index}]`),
    ),
    transactionId: optionalText(members, "transactionId", LIMITS.transactionIdCharacters),
  };
}

/** @throws DataApiError that names the member */
export function readBeginTransaction(body: unknown): CommonRequest {
  return readCommon(object(body, "the request"));
}

/** @throws DataApiError that names the member */
export function readTransaction(body: unknown): TransactionRequest {
  const members = object(body, "the request");
  return {
    ...readCommon(members),
    transactionId: requiredText(members, "transactionId", 0, LIMITS.transactionIdCharacters),
  };
}

type Members = Record<string, unknown>;

function readCommon(members: Members): CommonRequest {
  if (present(members.schema)) throw invalid("The schema parameter isn't supported."); // [doc]
  return {
    resourceArn: requiredText(members, "resourceArn", LIMITS.arnCharacters.min, LIMITS.arnCharacters.max),
    secretArn: requiredText(members, "secretArn", LIMITS.arnCharacters.min, LIMITS.arnCharacters.max),
    database: optionalText(members, "database", LIMITS.databaseCharacters) || undefined,
  };
}

function readSql(members: Members): string {
  return requiredText(members, "sql", 0, LIMITS.statementCharacters);
}

function readParameters(value: unknown, path: string): Parameter[] {
  return list(value, path).map((item, index) => readParameter(item, `${path}[${index}]`));
}

function readParameter(item: unknown, path: string): Parameter {
  const members = object(item, path);
  const { name, typeHint } = members;
  if (typeof name !== "string") throw malformed(`${path}.name`, "a string");
  if (name === "") throw invalid(`${path}.name is empty.`);
  if (present(typeHint) && !(typeof typeHint === "string" && Object.hasOwn(TYPE_HINTS, typeHint))) {
    throw invalid(`${path}.typeHint must be one of ${Object.keys(TYPE_HINTS).join(", ")}.`);
  }
  return {
    name,
    value: readValue(members.value, `${path}.value`),
    typeHint: (typeHint ?? undefined) as TypeHint | undefined,
  };
}

const VALUE_MEMBERS = [
  "arrayValue",
  "blobValue",
  "booleanValue",
  "doubleValue",
  "isNull",
  "longValue",
  "stringValue",
] as const;
const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

function readValue(value: unknown, path: string): ParameterValue {
  const members = object(value, path);
  const given = VALUE_MEMBERS.filter((member) => present(members[member]));
  const [member] = given;
  if (given.length !== 1 || member === undefined) {
    throw invalid(`${path} must have exactly one of ${VALUE_MEMBERS.join(", ")}.`);
  }
  const content = members[member];
  switch (member) {
    case "isNull":
      if (typeof content !== "boolean") throw malformed(`${path}.isNull`, "a boolean");
      if (!content) throw invalid(`${path}.isNull is false, and there is no value.`);
      return { isNull: true };
    case "stringValue":
      if (typeof content !== "string" || !content.isWellFormed()) {
        throw malformed(`${path}.stringValue`, "a string of Unicode characters");
      }
      return { stringValue: content };
    case "longValue":
      return { longValue: readLong(content, `${path}.longValue`) };
    case "doubleValue":
      return { doubleValue: readDouble(content, `${path}.doubleValue`) };
    case "booleanValue":
      if (typeof content !== "boolean") throw malformed(`${path}.booleanValue`, "a boolean");
      return { booleanValue: content };
    case "blobValue":
      return { blobValue: readBlob(content, `${path}.blobValue`) };
    case "arrayValue":
      throw invalid(`${path}.arrayValue: array parameters aren't supported.`); // [doc]
  }
}

function readLong(content: unknown, path: string): bigint | number {
  if (typeof content === "bigint" && content >= LONG_MIN && content <= LONG_MAX) return content;
  if (typeof content === "number" && Number.isSafeInteger(content)) return content;
  throw malformed(path, "a whole number of 64 bits");
}

/** Numbers that JSON has no notation for travel as strings [model: the protocol is restJson1]. */
function readDouble(content: unknown, path: string): number {
  // What a double can't hold was read as infinity, which has a notation of its own.
  if (typeof content === "number" && Number.isFinite(content)) return content;
  if (typeof content === "bigint" && Number.isFinite(Number(content))) return Number(content);
  if (content === "NaN" || content === "Infinity" || content === "-Infinity") return Number(content);
  throw malformed(path, "a number");
}

/** Decoding stops at a character that is none of base64's, which the length then shows. */
function readBlob(content: unknown, path: string): Buffer {
  if (typeof content === "string" && content.length % 4 === 0) {
    const bytes = Buffer.from(content, "base64");
    const padding = content.endsWith("==") ? 2 : content.endsWith("=") ? 1 : 0;
    if (bytes.length === (content.length / 4) * 3 - padding) return bytes;
  }
  throw malformed(path, "base64");
}

function requiredText(members: Members, name: string, min: number, max: number): string {
  if (!present(members[name])) throw invalid(`${name} is missing.`);
  const text = optionalText(members, name, max) ?? "";
  if (text.length < min) throw invalid(`${name} must have at least ${min} characters.`);
  return text;
}

function optionalText(members: Members, name: string, max: number): string | undefined {
  const value = members[name];
  if (!present(value)) return undefined;
  if (typeof value !== "string" || !value.isWellFormed()) {
    throw malformed(name, "a string of Unicode characters");
  }
  if (value.length > max) {
    throw invalid(`${name} has ${value.length} characters; at most ${max} are allowed.`);
  }
  return value;
}

function flag(members: Members, name: string): boolean {
  const value = members[name];
  if (!present(value)) return false;
  if (typeof value !== "boolean") throw malformed(name, "a boolean");
  return value;
}

/** The first of `allowed` is what counts where the member is absent. */
function oneOf<const T extends readonly [string, ...string[]]>(
  members: Members,
  name: string,
  allowed: T,
): T[number] {
  const value = members[name];
  if (!present(value)) return allowed[0];
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw invalid(`${name} must be one of ${allowed.join(", ")}.`);
  return found;
}

function list(value: unknown, path: string): unknown[] {
  if (!present(value)) return [];
  if (!Array.isArray(value)) throw malformed(path, "a list");
  return value;
}

function object(value: unknown, path: string): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(path, "an object");
  return value as Members;
}

/** A member that is null counts as absent [model: the protocol is restJson1]. */
const present = (value: unknown) => value !== undefined && value !== null;

const invalid = (message: string) => new DataApiError("ValidationException", message);
const malformed = (path: string, expected: string) =>
  new DataApiError("SerializationException", `${path} must be ${expected}.`);
