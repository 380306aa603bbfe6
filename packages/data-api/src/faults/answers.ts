// What an injected fault answers: the errors of AWS and of PostgreSQL on a bad day, with the messages that they carry.
import { DataApiError, DatabaseError, type ErrorType, fromDatabase } from "../errors.ts";

/**
 * AWS names the instance that wakes up, by its ARN or by its resource id
 * [live: https://github.com/aws/aws-sdk-js-v3/issues/6701 and logs of Bedrock's calls of the Data API].
 */
const INSTANCE = "db-LOCALLOCALLOCALLOCALLOCAL1";

/**
 * The errors of the service model that a fault can answer with, and their messages: the model's own words, shortened,
 * where no message was seen on a cluster. Left out are those that need more than a message: DatabaseErrorException
 * (`sql-state` gives it a code) and TransactionNotFoundException (`lost-transaction` ends the transaction).
 */
const SERVICE_ERRORS = {
  AccessDeniedException: "You don't have sufficient access to perform this action.",
  BadRequestException: "There is an error in the call or in a SQL statement.",
  DatabaseNotFoundException: "The DB cluster doesn't have a DB instance.",
  DatabaseResumingException: `The Aurora DB instance ${INSTANCE} is resuming after being auto-paused. Please wait a few seconds and try again.`,
  DatabaseUnavailableException: "The writer instance in the DB cluster isn't available.",
  ForbiddenException: "There are insufficient privileges to make the call.",
  HttpEndpointNotEnabledException:
    "The HTTP endpoint for using RDS Data API isn't enabled for the DB cluster.",
  InternalServerErrorException: "An internal error occurred.",
  InvalidResourceStateException: "The resource is in an invalid state.",
  InvalidSecretException: "The Secrets Manager secret used with the request isn't valid.",
  NotFoundException: "The resourceArn, secretArn, or transactionId value can't be found.",
  SecretsErrorException: "There was a problem with the Secrets Manager secret used with the request.",
  ServiceUnavailableError: "The service specified by the resourceArn parameter isn't available.",
  StatementTimeoutException: "Request timed out", // [live, of v1]
  UnsupportedResultException: "There was a problem with the result.",
} as const satisfies Partial<Record<ErrorType, string>>;

export type ServiceError = keyof typeof SERVICE_ERRORS;
export const SERVICE_ERROR_NAMES = Object.keys(SERVICE_ERRORS) as ServiceError[];

/** The code of an error: the classes 00 to 02 are none. https://www.postgresql.org/docs/18/errcodes-appendix.html */
export const SQL_STATE = /^(?!0[012])[0-9A-Z]{5}$/;

/** What PostgreSQL 18 says with its usual codes. FATAL ends the connection, or refuses one. */
const SQL_STATES: Record<string, [severity: "ERROR" | "FATAL", message: string]> = {
  "25006": ["ERROR", "cannot execute INSERT in a read-only transaction"],
  "28P01": ["FATAL", 'password authentication failed for user "postgres"'],
  "40001": ["ERROR", "could not serialize access due to concurrent update"],
  "40P01": ["ERROR", "deadlock detected"],
  "53100": ["ERROR", 'could not extend file "base/5/16400": No space left on device'],
  "53300": ["FATAL", "sorry, too many clients already"],
  "57014": ["ERROR", "canceling statement due to statement timeout"],
  "57P01": ["FATAL", "terminating connection due to administrator command"],
  "57P02": ["FATAL", "terminating connection because of crash of another server process"],
  "57P03": ["FATAL", "the database system is starting up"],
};

export const STATUSES = [500, 503, 504] as const;
const BY_STATUS: Record<(typeof STATUSES)[number], ErrorType> = {
  500: "InternalServerErrorException",
  503: "ServiceUnavailableError",
  504: "DatabaseUnavailableException",
};

/** The message if no other is known. */
const PLANNED = "Failed as planned.";

export function statusError(status: (typeof STATUSES)[number]): DataApiError {
  return new DataApiError(BY_STATUS[status], PLANNED);
}

export function serviceError(type: ServiceError): DataApiError {
  return new DataApiError(type, SERVICE_ERRORS[type]);
}

/** The same as if a database refused a statement with this code. */
export function sqlStateError(code: string): DataApiError {
  const [severity, message] = SQL_STATES[code] ?? ["ERROR", PLANNED];
  return fromDatabase(new DatabaseError({ severity, code, message }));
}
