// The requests of the operations: a table of members for each, which the SDK's own types hold to be complete. A member of
// the wrong type is a SerializationException and one out of its bounds a ValidationException, each naming the member.
// Members that the service does not know are ignored, and one that is null counts as absent, as on AWS [model].
import type {
  BatchExecuteStatementRequest,
  BeginTransactionRequest,
  CommitTransactionRequest,
  ExecuteStatementRequest,
  Field,
  ResultSetOptions,
  RollbackTransactionRequest,
  SqlParameter,
} from "@aws-sdk/client-rds-data";
import * as z from "zod/mini";
import { DataApiError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { nameOf, oneOf } from "../schema.ts";
import { type Parameter, type ParameterValue, TYPE_HINTS, type TypeHint } from "../sql/parameters.ts";
import type { Operation } from "./operation.ts";

const MISSING = "is missing.";

/** Marks an issue as one of a wrong type if zod's code does not say so. */
const malformed = (expected: string) => ({ error: `must be ${expected}.`, params: { malformed: true } });

/** Unpaired surrogates have no UTF-8, so they would be lost. */
const UNICODE = malformed("a string of Unicode characters");
const unicode = z
  .string({ error: ({ input }) => (input === undefined || input === null ? MISSING : UNICODE.error) })
  .check(z.refine((text) => text.isWellFormed(), { ...UNICODE, abort: true }));

function text(max: number, min = 0) {
  return unicode.check(
    z.maxLength(max, {
      error: ({ input = "" }) => `has ${input.length} characters; at most ${max} are allowed.`,
    }),
    z.minLength(min, `must have at least ${min} characters.`),
  );
}

function optional<Schema extends z.ZodMiniType>(schema: Schema) {
  const absent = z.transform((value: z.output<Schema> | null | undefined) => value ?? undefined);
  return z.pipe(z.nullish(schema), absent);
}

function byDefault<Schema extends z.ZodMiniType>(otherwise: z.output<Schema>, schema: Schema) {
  const given = z.transform((value: z.output<Schema> | null | undefined) => value ?? otherwise);
  return z.pipe(z.nullish(schema), given);
}

function refused<Type>(message: string) {
  return optional(z.custom<Type>(() => false, message));
}

const A_BOOLEAN = malformed("a boolean").error;
const A_LIST = malformed("a list").error;
const AN_OBJECT = malformed("an object").error;
const boolean = z.boolean(A_BOOLEAN);

/** Reads a list up to its first wrong item. zod's own goes on, and a request of 4 MiB can have a million of them. */
function list<Schema extends z.ZodMiniType>(item: Schema) {
  const compiled = z.compile(item);
  const items = z.transform((values: unknown[], context): z.output<Schema>[] => {
    const read: z.output<Schema>[] = [];
    for (const [index, input] of values.entries()) {
      const result = z.safeParse(compiled, input);
      if (!result.success) {
        const [issue] = result.error.issues as [z.core.$ZodIssue];
        context.issues.push({ ...issue, input, path: [index, ...issue.path] } as z.core.$ZodRawIssue);
        return z.NEVER;
      }
      read.push(result.data);
    }
    return read;
  });
  return z.pipe(z.array(z.unknown(), A_LIST), items);
}

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

const long = z.custom<bigint | number>((value) => {
  if (typeof value === "bigint") return value >= LONG_MIN && value <= LONG_MAX;
  return Number.isSafeInteger(value);
}, malformed("a whole number of 64 bits"));

/** Numbers that JSON has no notation for travel as strings [model: the protocol is restJson1]. */
const double = z.pipe(
  z.custom<bigint | number | string>((value) => {
    if (typeof value === "string") return value === "NaN" || value === "Infinity" || value === "-Infinity";
    // What a double can't hold was read as infinity, which is written as a string.
    return (typeof value === "number" || typeof value === "bigint") && Number.isFinite(Number(value));
  }, malformed("a number")),
  z.transform(Number),
);

const BASE64 = malformed("base64");
/** Decoding stops at a character that is not base64; then the length is wrong. */
const blob = z.pipe(
  z.string(BASE64.error),
  z.transform((text, context) => {
    const bytes = Buffer.from(text, "base64");
    const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
    if (text.length % 4 === 0 && bytes.length === (text.length / 4) * 3 - padding) return bytes;
    context.issues.push({ code: "custom", input: text, message: BASE64.error, params: BASE64.params });
    return z.NEVER;
  }),
);

const VALUE_MEMBERS = {
  arrayValue: refused("isn't supported: no parameter can be an array."), // [doc]
  blobValue: optional(blob),
  booleanValue: optional(boolean),
  doubleValue: optional(double),
  isNull: optional(boolean.check(z.refine((isNull) => isNull, "is false, and there is no value."))),
  longValue: optional(long),
  stringValue: optional(unicode),
} satisfies Record<Exclude<Field extends infer Member ? keyof Member : never, "$unknown">, z.ZodMiniType>;

const value = z.pipe(
  z.object(VALUE_MEMBERS, AN_OBJECT),
  z.transform((members, context): ParameterValue => {
    const given = Object.entries(members).filter(([, content]) => content !== undefined);
    if (given.length === 1) return Object.fromEntries(given) as unknown as ParameterValue;
    const message = `must have exactly one of ${Object.keys(VALUE_MEMBERS).join(", ")}.`;
    context.issues.push({ code: "custom", input: members, message });
    return z.NEVER;
  }),
);

const parameter = z.object(
  {
    name: z.string(malformed("a string").error).check(z.minLength(1, "is empty.")),
    value,
    typeHint: optional(oneOf(Object.keys(TYPE_HINTS) as TypeHint[])),
  } satisfies Record<keyof SqlParameter, z.ZodMiniType>,
  AN_OBJECT,
);
const parameters = byDefault([], list(parameter));

const { min, max } = LIMITS.arnCharacters;
const arns = { resourceArn: text(max, min), secretArn: text(max, min) };
/** An empty name is none. */
const database = optional(
  z.pipe(
    text(LIMITS.databaseCharacters),
    z.transform((name) => name || undefined),
  ),
);
const schema = refused<string>("isn't supported: name the schema in the statement."); // [doc]
const sql = text(LIMITS.statementCharacters);
const transactionId = text(LIMITS.transactionIdCharacters);

const RESULT_SET_DEFAULTS = { decimalReturnType: "STRING", longReturnType: "LONG" } as const;
const resultSetOptions = z.object(
  {
    decimalReturnType: byDefault(RESULT_SET_DEFAULTS.decimalReturnType, oneOf(["STRING", "DOUBLE_OR_LONG"])),
    longReturnType: byDefault(RESULT_SET_DEFAULTS.longReturnType, oneOf(["LONG", "STRING"])),
  } satisfies Shape<ResultSetOptions>,
  AN_OBJECT,
);

const REQUESTS = {
  ExecuteStatement: request<ExecuteStatementRequest>()({
    ...arns,
    database,
    schema,
    sql,
    parameters,
    transactionId: optional(transactionId),
    includeResultMetadata: byDefault(false, boolean),
    continueAfterTimeout: byDefault(false, boolean),
    resultSetOptions: byDefault(RESULT_SET_DEFAULTS, resultSetOptions),
    formatRecordsAs: byDefault("NONE", oneOf(["NONE", "JSON"])),
  }),
  BatchExecuteStatement: request<BatchExecuteStatementRequest>()({
    ...arns,
    database,
    schema,
    sql,
    parameterSets: byDefault([], list(parameters)),
    transactionId: optional(transactionId),
  }),
  BeginTransaction: request<BeginTransactionRequest>()({ ...arns, database, schema }),
  CommitTransaction: request<CommitTransactionRequest>()({ ...arns, transactionId }),
  RollbackTransaction: request<RollbackTransactionRequest>()({ ...arns, transactionId }),
} satisfies Record<Operation, z.ZodMiniType>;

/** A schema for each member of the SDK's type, and for no other. Parameters have a type of their own: a long may be a bigint. */
type Shape<Request> = { [Name in keyof Request]-?: z.ZodMiniType<Read<Request[Name]>> };
type Read<Member> = Member extends SqlParameter[]
  ? Parameter[]
  : Member extends SqlParameter[][]
    ? Parameter[][]
    : Member;

function request<Request>() {
  type Others<Members> = { [Name in Exclude<keyof Members, keyof Request>]: never };
  return <const Members extends Shape<Request> & Others<Members>>(members: Members) =>
    z.compile(z.object(members as Shape<Request> & Members, AN_OBJECT));
}

/** What an operation is asked, its defaults filled in. */
export type Request<Name extends Operation> = z.output<(typeof REQUESTS)[Name]>;

/** @throws DataApiError that names the member */
export function readRequest<Name extends Operation>(operation: Name, body: unknown): Request<Name> {
  const result = z.safeParse<z.ZodMiniType>(REQUESTS[operation], body);
  if (result.success) return result.data as Request<Name>;
  const [issue] = result.error.issues as [z.core.$ZodIssue];
  const name = issue.path.length > 0 ? nameOf("", issue.path) : "the request";
  throw new DataApiError(
    isMalformed(issue) ? "SerializationException" : "ValidationException",
    `${name} ${issue.message}`,
  );
}

function isMalformed(issue: z.core.$ZodIssue): boolean {
  if (issue.code === "custom") return issue.params?.malformed === true;
  return issue.code === "invalid_type" && issue.message !== MISSING;
}
