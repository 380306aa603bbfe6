// The five operations, over any engines. Each takes the parsed body of a request and answers the JSON of a response.
import { setImmediate } from "node:timers/promises";
import type {
  BatchExecuteStatementResponse,
  BeginTransactionResponse,
  CommitTransactionResponse,
  ExecuteStatementResponse,
} from "@aws-sdk/client-rds-data";
import type { Clock } from "../clock.ts";
import {
  type BoundValue,
  type Engine,
  type Session,
  type StatementResult,
  timedOut,
} from "../engine/engine.ts";
import { DataApiError, DatabaseError, fromDatabase } from "../errors.ts";
import type { DataApiOptions } from "../options.ts";
import { writeMetadata } from "../results/metadata.ts";
import { formatRecords, refuseUnsupported, writeRecords } from "../results/records.ts";
import { TypeCatalog } from "../results/types.ts";
import type { Secret } from "../secret.ts";
import { bindParameters } from "../sql/parameters.ts";
import { ParsedStatements } from "../sql/statement.ts";
import { type CallFacts, recordParameters } from "./call-facts.ts";
import type { Operation } from "./operation.ts";
import { type Request, readRequest } from "./requests.ts";
import { answeredInTime, limited, type Time } from "./time-limit.ts";
import { type Database, Transactions } from "./transactions.ts";

export interface OperationsOptions
  extends Pick<
    DataApiOptions,
    "resourceArn" | "secretArns" | "secrets" | "allowFailedCommit" | "recordParameters"
  > {
  /** By the names of their databases; the first is meant by a request that names none. */
  engines: ReadonlyMap<string, Engine>;
  clock: Clock;
}

/** The members that decide what a request is for. */
interface Target {
  resourceArn: string;
  secretArn: string;
  database?: string | undefined;
  transactionId?: string | undefined;
}

/** The operations share the open transactions, and what they remember of statements and types. */
export class Operations {
  readonly transactions: Transactions;
  readonly #options: OperationsOptions;
  readonly #databases: readonly Database[];
  readonly #statements = new ParsedStatements();

  constructor(options: OperationsOptions) {
    this.#options = options;
    this.#databases = Array.from(options.engines, ([name, engine]) => ({
      name,
      engine,
      types: new TypeCatalog(),
    }));
    this.transactions = new Transactions(options.clock);
  }

  /** @throws DataApiError */
  async run(operation: Operation, body: unknown, facts: CallFacts): Promise<string> {
    try {
      switch (operation) {
        case "ExecuteStatement":
          return await this.#execute(readRequest(operation, body), facts);
        case "BatchExecuteStatement":
          return await this.#batchExecute(readRequest(operation, body), facts);
        case "BeginTransaction":
          return await this.#begin(readRequest(operation, body), facts);
        case "CommitTransaction":
          await this.#end(readRequest(operation, body), facts, "commit");
          return writeResponse<CommitTransactionResponse>({ transactionStatus: '"Transaction Committed"' });
        case "RollbackTransaction":
          await this.#end(readRequest(operation, body), facts, "rollback");
          return writeResponse<CommitTransactionResponse>({ transactionStatus: '"Rollback Complete"' });
      }
    } catch (error) {
      throw error instanceof DatabaseError ? fromDatabase(error) : error;
    }
  }

  async #execute(request: Request<"ExecuteStatement">, facts: CallFacts): Promise<string> {
    this.#checkTarget(request, facts);
    const { clock, recordParameters: recorded } = this.#options;
    const { sql, occurrences } = this.#statements.get(request.sql);
    if (recorded) facts.parameters = [recordParameters(request.parameters)];
    const values = bindParameters(occurrences, request.parameters);
    const { continueAfterTimeout } = request;
    const work = this.#withSession(request, facts, async (session, { types }) => {
      const run = () => session.run(sql, values);
      const result = await inDatabase(facts, () =>
        continueAfterTimeout ? run() : limited(session, clock, run),
      );
      return answer(session, types, result, request, facts);
    });
    return continueAfterTimeout ? answeredInTime(work, clock) : work;
  }

  async #batchExecute(request: Request<"BatchExecuteStatement">, facts: CallFacts): Promise<string> {
    this.#checkTarget(request, facts);
    const { clock, recordParameters: recorded } = this.#options;
    const { sql, occurrences } = this.#statements.get(request.sql);
    if (recorded) facts.parameters = request.parameterSets.map(recordParameters);
    const sets = request.parameterSets.map((set) => bindParameters(occurrences, set));
    if (sets.length > 0) {
      await this.#withSession(request, facts, async (session) => {
        const run = (time: Time) => runAll(session, sql, sets, time);
        facts.recordsUpdated = await inDatabase(facts, () => limited(session, clock, run));
      });
    }
    const results = sets.map(() => '{"generatedFields":[]}');
    return writeResponse<BatchExecuteStatementResponse>({ updateResults: `[${results.join(",")}]` });
  }

  async #begin(request: Request<"BeginTransaction">, facts: CallFacts): Promise<string> {
    this.#checkTarget(request, facts);
    const database = this.#databaseOf(request);
    const secret = this.#secretOf(request);
    const session = await lend(database, secret, facts);
    try {
      const begin = () => session.run("begin", []);
      await inDatabase(facts, () => limited(session, this.#options.clock, begin));
    } catch (error) {
      session.release();
      throw error;
    }
    const transactionId = this.transactions.add(session, database, secret);
    facts.transactionId = transactionId;
    return writeResponse<BeginTransactionResponse>({ transactionId: JSON.stringify(transactionId) });
  }

  async #end(
    request: Request<"CommitTransaction" | "RollbackTransaction">,
    facts: CallFacts,
    how: "commit" | "rollback",
  ): Promise<void> {
    this.#checkTarget(request, facts);
    const { clock, allowFailedCommit } = this.#options;
    await this.transactions.use(
      { id: request.transactionId, secret: this.#secretOf(request) },
      async (session, database) => {
        facts.database = database.name;
        // PostgreSQL answers such a COMMIT with a silent rollback, which AWS seems to pass on as a commit [live].
        if (how === "commit" && session.state === "failed" && !allowFailedCommit) {
          throw new DatabaseError(ABORTED);
        }
        const end = () => session.run(how, []);
        await inDatabase(facts, () => limited(session, clock, end));
      },
      true,
    );
  }

  /** @throws DataApiError for a cluster, a secret or a database that the request names and that does not exist */
  #checkTarget(request: Target, facts: CallFacts): void {
    if (request.transactionId) facts.transactionId = request.transactionId;
    checkArns(request, this.#options);
    this.#databaseOf(request);
  }

  #databaseOf({ database: name }: Target): Database {
    const databases = this.#databases;
    const found = name === undefined ? databases[0] : databases.find((database) => database.name === name);
    if (found) return found;
    // FATAL in PostgreSQL's own words, and ERROR in the API's [live].
    throw new DataApiError(
      "DatabaseErrorException",
      `ERROR: database "${name}" does not exist; SQLState: 3D000`,
    );
  }

  #secretOf({ secretArn }: Target): Secret {
    return this.#options.secrets?.[secretArn] ?? "owner";
  }

  /** In the transaction that is named, or in a session for this call alone. */
  async #withSession<T>(
    request: Target,
    facts: CallFacts,
    use: (session: Session, database: Database) => Promise<T>,
  ): Promise<T> {
    const { transactionId: id, database: name } = request;
    const secret = this.#secretOf(request);
    if (id) {
      return this.transactions.use({ id, database: name, secret }, (session, database) => {
        facts.database = database.name;
        return use(session, database);
      });
    }
    const database = this.#databaseOf(request);
    const session = await lend(database, secret, facts);
    try {
      return await use(session, database);
    } finally {
      session.release();
    }
  }
}

/** The JSON of what ExecuteStatement found or did. */
async function answer(
  session: Session,
  types: TypeCatalog,
  result: StatementResult,
  request: Request<"ExecuteStatement">,
  facts: CallFacts,
): Promise<string> {
  const { columns } = result;
  if (!columns) {
    facts.recordsUpdated = affectedRows(result.tag);
    return writeResponse<ExecuteStatementResponse>({
      generatedFields: "[]",
      numberOfRecordsUpdated: String(facts.recordsUpdated),
    });
  }
  facts.rows = result.rows.length;
  const oids = columns.map(({ typeOid }) => typeOid);
  await inDatabase(facts, () => types.prepare(session, oids));
  refuseUnsupported(result, types);
  // Rows that come back count as none changed, those of RETURNING too: JDBC's way, not seen on a cluster yet.
  const numberOfRecordsUpdated = "0";
  const asJson = request.formatRecordsAs === "JSON" && result.tag.startsWith("SELECT");
  const { json, largestRowBytes } = asJson
    ? formatRecords(result, types, request.resultSetOptions)
    : writeRecords(result, types, request.resultSetOptions);
  facts.largestRowBytes = largestRowBytes;
  if (asJson) {
    return writeResponse<ExecuteStatementResponse>({
      numberOfRecordsUpdated,
      formattedRecords: JSON.stringify(json),
    });
  }
  if (!request.includeResultMetadata) {
    return writeResponse<ExecuteStatementResponse>({ numberOfRecordsUpdated, records: json });
  }
  const columnMetadata = await inDatabase(facts, () => writeMetadata(session, columns, types));
  return writeResponse<ExecuteStatementResponse>({ numberOfRecordsUpdated, columnMetadata, records: json });
}

/** From members that are JSON already, so that a result of a megabyte is written once; the SDK's type names them. */
function writeResponse<Response>(members: { [Name in keyof Response]?: string }): string {
  const written = Object.entries(members).map(([name, json]) => `"${name}":${json}`);
  return `{${written.join(",")}}`;
}

async function lend({ name, engine }: Database, secret: Secret, facts: CallFacts): Promise<Session> {
  facts.database = name;
  const from = performance.now();
  try {
    return await engine.session(secret === "owner" ? undefined : secret);
  } finally {
    facts.waitMs += performance.now() - from;
  }
}

/** Adds the time that the work takes to what the call spends in the database. */
async function inDatabase<T>(facts: CallFacts, work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  try {
    return await work();
  } finally {
    facts.databaseMs += performance.now() - from;
  }
}

/** Short statements of an embedded database follow each other without the event loop, which has other work, too. */
const TURN_AFTER_MS = 5;

/** @returns how many rows they changed, all together */
async function runAll(session: Session, sql: string, sets: BoundValue[][], time: Time): Promise<number> {
  let changed = 0;
  let turned = performance.now();
  for (const values of sets) {
    if (time.isOver) throw timedOut(); // the set before was done when it was to be stopped
    changed += affectedRows((await session.run(sql, values)).tag);
    if (performance.now() - turned < TURN_AFTER_MS) continue;
    await setImmediate();
    turned = performance.now();
  }
  return changed;
}

/**
 * Of the errors that all five operations have, DatabaseNotFoundException is the one for a cluster; NotFoundException,
 * "the resourceArn […] value can't be found", is one of the two that end a transaction only [model]. A secret that isn't
 * found is a SecretsErrorException [doc: API_ExecuteStatement]; the message is Secrets Manager's, as the API passed it on in v1 [live].
 */
function checkArns(request: Target, { resourceArn, secretArns, secrets }: OperationsOptions): void {
  if (resourceArn !== undefined && request.resourceArn !== resourceArn) {
    throw new DataApiError("DatabaseNotFoundException", `DB cluster ${request.resourceArn} is not found.`);
  }
  const known = secrets ? Object.keys(secrets) : secretArns;
  if (known !== undefined && !known.includes(request.secretArn)) {
    throw new DataApiError(
      "SecretsErrorException",
      `Error fetching secret ${request.secretArn}: Secrets Manager can't find the specified secret.`,
    );
  }
}

const ABORTED = {
  severity: "ERROR",
  code: "25P02",
  message: "current transaction is aborted, commands ignored until end of transaction block",
};

const COUNTED = /^(?:INSERT \d+|UPDATE|DELETE|MERGE|COPY) (\d+)$/;

/** The rows that a statement without a result changed; a DDL statement changes none. */
function affectedRows(tag: string): number {
  return Number(COUNTED.exec(tag)?.[1] ?? 0);
}
