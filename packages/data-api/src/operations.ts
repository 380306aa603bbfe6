// The five operations, over any engine. Each takes the parsed body of a request and answers the JSON of a response.
import type { Clock } from "./clock.ts";
import type { BoundValue, Engine, Session, StatementResult } from "./engine/engine.ts";
import { DataApiError, DatabaseError, fromDatabase } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import { writeMetadata } from "./metadata.ts";
import { bindParameters } from "./parameters.ts";
import {
  type CommonRequest,
  type ExecuteRequest,
  readBatchExecute,
  readBeginTransaction,
  readExecute,
  readTransaction,
} from "./request.ts";
import { formatRecords, refuseUnsupported, writeRecords } from "./results.ts";
import { ParsedStatements } from "./statement.ts";
import { Transactions } from "./transactions.ts";
import { TypeCatalog } from "./types.ts";

export type Operation =
  | "ExecuteStatement"
  | "BatchExecuteStatement"
  | "BeginTransaction"
  | "CommitTransaction"
  | "RollbackTransaction";

/** What a call is told about to whoever watches, as far as it was learnt before it ended. */
export interface CallFacts {
  sql?: string;
  transactionId?: string;
  largestRowBytes?: number;
}

export interface Operations {
  readonly transactions: Transactions;
  /** @throws DataApiError */
  run(operation: Operation, body: unknown, facts: CallFacts): Promise<string>;
}

/** A database, and what is known of the types that it made. */
export interface Database {
  name: string;
  engine: Engine;
  types: TypeCatalog;
}

/** The ARNs that requests may name; any where none are given. */
export interface Arns {
  resourceArn?: string | undefined;
  secretArns?: readonly string[] | undefined;
}

/** @param engines by the names of their databases; the first is meant by a request that names none */
export function createOperations(engines: ReadonlyMap<string, Engine>, arns: Arns, clock: Clock): Operations {
  const databases = [...engines].map(([name, engine]) => ({ name, engine, types: new TypeCatalog() }));
  const transactions = new Transactions(clock);
  const statements = new ParsedStatements();

  /** In the transaction that is named, or in a session of its own. */
  async function withSession<T>(
    request: CommonRequest & { transactionId: string | undefined },
    use: (session: Session, database: Database) => Promise<T>,
  ): Promise<T> {
    if (request.transactionId) return transactions.use({ ...request, id: request.transactionId }, use);
    const database = databaseOf(request);
    const session = await database.engine.session();
    try {
      return await use(session, database);
    } finally {
      session.release();
    }
  }

  async function execute(body: unknown, facts: CallFacts): Promise<string> {
    const request = readExecute(body);
    if (request.transactionId) facts.transactionId = request.transactionId;
    checkArns(request, arns);
    databaseOf(request);
    const { sql, occurrences } = statements.get(request.sql);
    const values = bindParameters(occurrences, request.parameters);
    const { continueAfterTimeout } = request;
    const work = withSession(request, async (session, { types }) => {
      const run = () => session.run(sql, values);
      const result = continueAfterTimeout ? await run() : await limited(session, clock, run);
      return answer(session, types, result, request, facts);
    });
    return continueAfterTimeout ? answeredInTime(work, clock) : work;
  }

  async function answer(
    session: Session,
    types: TypeCatalog,
    result: StatementResult,
    request: ExecuteRequest,
    facts: CallFacts,
  ): Promise<string> {
    if (!result.columns) {
      return `{"generatedFields":[],"numberOfRecordsUpdated":${affectedRows(result.tag)}}`;
    }
    await types.prepare(
      session,
      result.columns.map(({ typeOid }) => typeOid),
    );
    refuseUnsupported(result, types);
    // Rows that come back count as none changed, those of RETURNING too. [JDBC's way; to confirm on a cluster.]
    const count = '"numberOfRecordsUpdated":0';
    if (request.formatRecordsAs === "JSON" && result.tag.startsWith("SELECT")) {
      const { json, largestRowBytes } = formatRecords(result, types, request);
      facts.largestRowBytes = largestRowBytes;
      return `{${count},"formattedRecords":${JSON.stringify(json)}}`;
    }
    const { json, largestRowBytes } = writeRecords(result, types, request);
    facts.largestRowBytes = largestRowBytes;
    if (!request.includeResultMetadata) return `{${count},"records":${json}}`;
    const metadata = await writeMetadata(session, result.columns, types);
    return `{${count},"columnMetadata":${metadata},"records":${json}}`;
  }

  async function batchExecute(body: unknown, facts: CallFacts): Promise<string> {
    const request = readBatchExecute(body);
    if (request.transactionId) facts.transactionId = request.transactionId;
    checkArns(request, arns);
    databaseOf(request);
    const { sql, occurrences } = statements.get(request.sql);
    const sets = request.parameterSets.map((set) => bindParameters(occurrences, set));
    if (sets.length > 0) {
      await withSession(request, (session) => limited(session, clock, () => runAll(session, sql, sets)));
    }
    return `{"updateResults":[${sets.map(() => '{"generatedFields":[]}').join(",")}]}`;
  }

  async function begin(body: unknown, facts: CallFacts): Promise<string> {
    const request = readBeginTransaction(body);
    checkArns(request, arns);
    const database = databaseOf(request);
    const session = await database.engine.session();
    try {
      await session.run("begin", []);
    } catch (error) {
      session.release();
      throw error;
    }
    const transactionId = transactions.add(session, database);
    facts.transactionId = transactionId;
    return JSON.stringify({ transactionId });
  }

  async function end(body: unknown, facts: CallFacts, how: "commit" | "rollback"): Promise<string> {
    const request = readTransaction(body);
    facts.transactionId = request.transactionId;
    checkArns(request, arns);
    await transactions.use(
      { id: request.transactionId },
      async (session) => {
        // PostgreSQL answers such a COMMIT with a silent rollback; nobody must take it for committed.
        if (how === "commit" && session.state === "failed") throw new DatabaseError(ABORTED);
        await limited(session, clock, () => session.run(how, []));
      },
      true,
    );
    return how === "commit"
      ? '{"transactionStatus":"Transaction Committed"}'
      : '{"transactionStatus":"Rollback Complete"}';
  }

  function databaseOf(request: CommonRequest): Database {
    const named = request.database;
    const found = named === undefined ? databases[0] : databases.find(({ name }) => name === named);
    if (found) return found;
    throw new DataApiError(
      "DatabaseErrorException",
      `FATAL: database "${named}" does not exist; SQLState: 3D000`,
    );
  }

  return {
    transactions,
    async run(operation, body, facts) {
      try {
        switch (operation) {
          case "ExecuteStatement":
            return await execute(body, facts);
          case "BatchExecuteStatement":
            return await batchExecute(body, facts);
          case "BeginTransaction":
            return await begin(body, facts);
          case "CommitTransaction":
            return await end(body, facts, "commit");
          case "RollbackTransaction":
            return await end(body, facts, "rollback");
        }
      } catch (error) {
        throw error instanceof DatabaseError ? fromDatabase(error) : error;
      }
    },
  };
}

/**
 * Of the errors that all five operations have, DatabaseNotFoundException is the one for a cluster; NotFoundException,
 * "the resourceArn […] value can't be found", is one of the two that end a transaction only [model]. A secret that isn't
 * found is a SecretsErrorException [doc: API_ExecuteStatement]; the message is Secrets Manager's, as the API passed it on in v1 [live].
 */
function checkArns(request: CommonRequest, { resourceArn, secretArns }: Arns): void {
  if (resourceArn !== undefined && request.resourceArn !== resourceArn) {
    throw new DataApiError("DatabaseNotFoundException", `DB cluster ${request.resourceArn} is not found.`);
  }
  if (secretArns !== undefined && !secretArns.includes(request.secretArn)) {
    throw new DataApiError(
      "SecretsErrorException",
      `Error fetching secret ${request.secretArn}: Secrets Manager can't find the specified secret.`,
    );
  }
}

async function runAll(session: Session, sql: string, sets: BoundValue[][]): Promise<void> {
  for (const values of sets) await session.run(sql, values);
}

/** Stops what takes longer than a statement may. */
async function limited<T>(session: Session, clock: Clock, run: () => Promise<T>): Promise<T> {
  const timer = clock.after(LIMITS.callMs, () => session.cancel());
  try {
    return await run();
  } finally {
    timer.cancel();
  }
}

/** Answers in time even where the statement goes on, in a session that it keeps until its end. */
function answeredInTime<T>(work: Promise<T>, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(LIMITS.callMs, () => {
      reject(
        new DataApiError("StatementTimeoutException", "Request timed out. The statement continues to run."),
      );
    });
    work.then(resolve, reject).finally(() => timer.cancel());
  });
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
