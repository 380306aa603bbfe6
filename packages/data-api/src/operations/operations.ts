// The five operations, over any engines. Each takes the parsed body of a request and answers the JSON of a response.
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import {
  type BoundValue,
  type Engine,
  type Session,
  type StatementResult,
  timedOut,
} from "../engine/engine.ts";
import { DataApiError, DatabaseError, fromDatabase } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { writeMetadata } from "../results/metadata.ts";
import { formatRecords, refuseUnsupported, writeRecords } from "../results/records.ts";
import { TypeCatalog } from "../results/types.ts";
import { bindParameters } from "../sql/parameters.ts";
import { ParsedStatements } from "../sql/statement.ts";
import { type CallFacts, recordParameters } from "./call-facts.ts";
import type { Database } from "./database.ts";
import {
  type CommonRequest,
  type ExecuteRequest,
  type Operation,
  readBatchExecute,
  readBeginTransaction,
  readExecute,
  readTransaction,
} from "./requests.ts";
import { Transactions } from "./transactions.ts";

export interface Operations {
  readonly transactions: Transactions;
  /** @throws DataApiError */
  run(operation: Operation, body: unknown, facts: CallFacts): Promise<string>;
}

export interface OperationsOptions {
  /** By the names of their databases; the first is meant by a request that names none. */
  engines: ReadonlyMap<string, Engine>;
  clock: Clock;
  /** The ARNs that requests may name; any where none are given. */
  resourceArn?: string | undefined;
  secretArns?: readonly string[] | undefined;
  /** Puts the values of parameters among the facts of a call. */
  recordParameters?: boolean | undefined;
}

/** The operations over these engines: they share the open transactions, and what they remember of statements and types. */
export function createOperations(options: OperationsOptions): Operations {
  const { clock } = options;
  const databases = Array.from(options.engines, ([name, engine]) => ({
    name,
    engine,
    types: new TypeCatalog(),
  }));
  const transactions = new Transactions(clock);
  const statements = new ParsedStatements();

  async function execute(body: unknown, facts: CallFacts): Promise<string> {
    const request = readExecute(body);
    checkTarget(request, facts);
    const { sql, occurrences } = statements.get(request.sql);
    if (options.recordParameters) facts.parameters = [recordParameters(request.parameters)];
    const values = bindParameters(occurrences, request.parameters);
    const { continueAfterTimeout } = request;
    const work = withSession(request, facts, async (session, { types }) => {
      const run = () => session.run(sql, values);
      const result = await inDatabase(facts, () =>
        continueAfterTimeout ? run() : limited(session, clock, run),
      );
      return answer(session, types, result, request, facts);
    });
    return continueAfterTimeout ? answeredInTime(work, clock) : work;
  }

  async function batchExecute(body: unknown, facts: CallFacts): Promise<string> {
    const request = readBatchExecute(body);
    checkTarget(request, facts);
    const { sql, occurrences } = statements.get(request.sql);
    if (options.recordParameters) facts.parameters = request.parameterSets.map(recordParameters);
    const sets = request.parameterSets.map((set) => bindParameters(occurrences, set));
    if (sets.length > 0) {
      await withSession(request, facts, async (session) => {
        const run = (time: Time) => runAll(session, sql, sets, time);
        facts.recordsUpdated = await inDatabase(facts, () => limited(session, clock, run));
      });
    }
    return `{"updateResults":[${sets.map(() => '{"generatedFields":[]}').join(",")}]}`;
  }

  async function begin(body: unknown, facts: CallFacts): Promise<string> {
    const request = readBeginTransaction(body);
    checkTarget(request, facts);
    const database = databaseOf(request);
    const session = await lend(database, facts);
    try {
      await inDatabase(facts, () => limited(session, clock, () => session.run("begin", [])));
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
    checkTarget(request, facts);
    await transactions.use(
      { id: request.transactionId },
      async (session, database) => {
        facts.database = database.name;
        // PostgreSQL answers such a COMMIT with a silent rollback; nobody must take it for committed.
        if (how === "commit" && session.state === "failed") throw new DatabaseError(ABORTED);
        await inDatabase(facts, () => limited(session, clock, () => session.run(how, [])));
      },
      true,
    );
    return how === "commit"
      ? '{"transactionStatus":"Transaction Committed"}'
      : '{"transactionStatus":"Rollback Complete"}';
  }

  /** @throws DataApiError for a cluster, a secret or a database that the request names and there is not */
  function checkTarget(
    request: CommonRequest & { transactionId?: string | undefined },
    facts: CallFacts,
  ): void {
    if (request.transactionId) facts.transactionId = request.transactionId;
    checkArns(request, options);
    databaseOf(request);
  }

  function databaseOf({ database: name }: CommonRequest): Database {
    const found = name === undefined ? databases[0] : databases.find((database) => database.name === name);
    if (found) return found;
    // FATAL in PostgreSQL's own words, and ERROR in the API's [live].
    throw new DataApiError(
      "DatabaseErrorException",
      `ERROR: database "${name}" does not exist; SQLState: 3D000`,
    );
  }

  /** In the transaction that is named, or in a session of its own. */
  async function withSession<T>(
    request: CommonRequest & { transactionId: string | undefined },
    facts: CallFacts,
    use: (session: Session, database: Database) => Promise<T>,
  ): Promise<T> {
    const { transactionId: id, database: name } = request;
    if (id) {
      return transactions.use({ id, database: name }, (session, database) => {
        facts.database = database.name;
        return use(session, database);
      });
    }
    const database = databaseOf(request);
    const session = await lend(database, facts);
    try {
      return await use(session, database);
    } finally {
      session.release();
    }
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

/** The JSON of what ExecuteStatement found or did. */
async function answer(
  session: Session,
  types: TypeCatalog,
  result: StatementResult,
  request: ExecuteRequest,
  facts: CallFacts,
): Promise<string> {
  const { columns } = result;
  if (!columns) {
    facts.recordsUpdated = affectedRows(result.tag);
    return `{"generatedFields":[],"numberOfRecordsUpdated":${facts.recordsUpdated}}`;
  }
  facts.rows = result.rows.length;
  const oids = columns.map(({ typeOid }) => typeOid);
  await inDatabase(facts, () => types.prepare(session, oids));
  refuseUnsupported(result, types);
  // Rows that come back count as none changed, those of RETURNING too: JDBC's way, not seen on a cluster yet.
  const count = '"numberOfRecordsUpdated":0';
  if (request.formatRecordsAs === "JSON" && result.tag.startsWith("SELECT")) {
    const { json, largestRowBytes } = formatRecords(result, types, request);
    facts.largestRowBytes = largestRowBytes;
    return `{${count},"formattedRecords":${JSON.stringify(json)}}`;
  }
  const { json, largestRowBytes } = writeRecords(result, types, request);
  facts.largestRowBytes = largestRowBytes;
  if (!request.includeResultMetadata) return `{${count},"records":${json}}`;
  const metadata = await inDatabase(facts, () => writeMetadata(session, columns, types));
  return `{${count},"columnMetadata":${metadata},"records":${json}}`;
}

async function lend({ name, engine }: Database, facts: CallFacts): Promise<Session> {
  facts.database = name;
  const from = performance.now();
  try {
    return await engine.session();
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
function checkArns(request: CommonRequest, { resourceArn, secretArns }: OperationsOptions): void {
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

/** What a call's work is told of its time. */
interface Time {
  isOver: boolean;
}

/** Stops what takes longer than a statement may. */
async function limited<T>(session: Session, clock: Clock, run: (time: Time) => Promise<T>): Promise<T> {
  const time: Time = { isOver: false };
  const timer = clock.after(LIMITS.callMs, () => {
    time.isOver = true;
    session.cancel();
  });
  try {
    return await run(time);
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
