// The errors of the Data API: names, statuses and the format of a database's message.
// Names and statuses are those of the service model [model]; the message format was seen on live clusters [live].

/** HTTP status by error name. The first group is modelled by the SDK; the second reaches it as a plain service exception. */
const STATUS = {
  AccessDeniedException: 403,
  BadRequestException: 400,
  DatabaseErrorException: 400,
  DatabaseNotFoundException: 404,
  DatabaseResumingException: 400,
  DatabaseUnavailableException: 504,
  ForbiddenException: 403,
  HttpEndpointNotEnabledException: 400,
  InternalServerErrorException: 500,
  InvalidResourceStateException: 400,
  InvalidSecretException: 400,
  NotFoundException: 404,
  SecretsErrorException: 400,
  ServiceUnavailableError: 503,
  StatementTimeoutException: 400,
  TransactionNotFoundException: 404,
  UnsupportedResultException: 400,

  InternalFailure: 500,
  MethodNotAllowedException: 405,
  MissingAuthenticationTokenException: 403,
  RequestEntityTooLargeException: 413,
  RequestTimeoutException: 408,
  SerializationException: 400,
  UnknownOperationException: 404,
  UnrecognizedClientException: 403,
  UnsupportedMediaTypeException: 415,
  ValidationException: 400,
} as const;

export type ErrorType = keyof typeof STATUS;

/** What a call is answered with if it fails: the name travels in `x-amzn-errortype`, the message in the body. */
export class DataApiError extends Error {
  override name = "DataApiError";
  readonly type: ErrorType;

  constructor(type: ErrorType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.type = type;
  }

  get status(): number {
    return STATUS[this.type];
  }

  /** PostgreSQL's code for what it refused; read from the right, since what stands before it may hold anything. */
  get sqlState(): string | undefined {
    return /; SQLState: ([0-9A-Z]{5})$/.exec(this.message)?.[1];
  }
}

/** A value that the program gave the server is wrong. The message names it. */
export class OptionError extends Error {
  override name = "OptionError";
}

/** An error as PostgreSQL reports it, by those fields of its protocol that the Data API passes on. */
export interface DatabaseErrorFields {
  severity: string;
  code: string;
  message: string;
  hint?: string | undefined;
  position?: string | undefined;
}

/** PostgreSQL refused a statement. A lost connection is a `DataApiError` instead. */
export class DatabaseError extends Error {
  override name = "DatabaseError";
  readonly fields: DatabaseErrorFields;

  constructor(fields: DatabaseErrorFields) {
    super(fields.message);
    this.fields = fields;
  }
}

const QUERY_CANCELED = "57014";
/** What PostgreSQL says of a `$1` that the program wrote itself. */
const WRONG_COUNT = /^bind message supplies \d+ parameters, but prepared statement ""/;

/** AWS prepares statements by sqlx, which counts them in each connection. */
const SQLX_STATEMENT = '"sqlx_s_1"';

/**
 * `ERROR: <message>; Hint: …; Position: N; SQLState: 23505`, absent parts left out. PostgreSQL's detail is always left out,
 * as on Serverless v2: a program that read the key of a duplicate from it would work on a laptop only [live].
 * A wrong number of parameters has no `ERROR:` [live: https://github.com/drizzle-team/drizzle-orm/pull/6148].
 * A cancelled statement is a `StatementTimeoutException`: the time limit cancels, or a `statement_timeout` of the session's.
 */
export function fromDatabase(error: DatabaseError): DataApiError {
  const { severity, code, message, hint, position } = error.fields;
  const isWrongCount = WRONG_COUNT.test(message);
  const parts = [isWrongCount ? message.replace('""', SQLX_STATEMENT) : `${severity}: ${message}`];
  if (hint) parts.push(`Hint: ${hint}`);
  if (position) parts.push(`Position: ${position}`);
  parts.push(`SQLState: ${code}`);
  return new DataApiError(
    code === QUERY_CANCELED ? "StatementTimeoutException" : "DatabaseErrorException",
    parts.join("; "),
    { cause: error },
  );
}
