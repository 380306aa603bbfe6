// A server and its clients in one process that write until they are killed, for the tests of what survives that. Each
// line on stdout tells, as JSON, what has just been acknowledged.
import {
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  RDSDataClient,
  RollbackTransactionCommand,
} from "@aws-sdk/client-rds-data";
import { type DatabaseOptions, startDataApi } from "@notejam/data-api";

/** What the process is started with, as JSON in its one argument. */
export interface WriterStart {
  database: DatabaseOptions;
  /** Which of several processes, one after the other, this is. */
  run: number;
  /** How many write at once. */
  lanes: number;
  /** Whether a transaction holds a row all the while. */
  holds: boolean;
}

export interface Acknowledged {
  kind: "row" | "committed" | "rolled back" | "held";
  lane: number;
  /** The number of what was written, in its lane. */
  n: number;
}

/** What is written as the nth in each lane: a row by itself, or three in a transaction that is committed or rolled back. */
export const kindOf = (n: number) => (["row", "committed", "rolled back"] as const)[n % 3];
export const PARTS = 3;

const ARNS = { resourceArn: "arn:aws:rds:local", secretArn: "arn:aws:secretsmanager:local" };
const say = (line: Acknowledged) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function write({ database, run, lanes, holds }: WriterStart): Promise<void> {
  const server = await startDataApi({ databases: { kept: database } });
  const client = new RDSDataClient({
    endpoint: server.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const execute = (sql: string, transactionId?: string) =>
    client.send(new ExecuteStatementCommand({ ...ARNS, sql, transactionId }));
  const begin = async () => (await client.send(new BeginTransactionCommand(ARNS))).transactionId;
  const insert = (lane: number, n: number, part: number) =>
    `insert into written values (${run}, ${lane}, ${n}, ${part}, repeat('x', 2000))`;

  async function writeOne(lane: number, n: number): Promise<void> {
    const kind = kindOf(n);
    if (kind === "row") {
      await execute(insert(lane, n, 1));
    } else {
      const transactionId = await begin();
      for (let part = 1; part <= PARTS; part++) await execute(insert(lane, n, part), transactionId);
      const End = kind === "committed" ? CommitTransactionCommand : RollbackTransactionCommand;
      await client.send(new End({ ...ARNS, transactionId }));
    }
    say({ kind: kind ?? "row", lane, n });
  }

  async function writeOn(lane: number): Promise<void> {
    for (let n = 0; ; n++) await writeOne(lane, n);
  }

  if (holds) {
    await execute("update held set n = n + 1", await begin());
    say({ kind: "held", lane: 0, n: 0 });
  }
  await Promise.all(Array.from({ length: lanes }, (_, lane) => writeOn(lane)));
}

const [, script, start] = process.argv;
if (script === import.meta.filename && start) await write(JSON.parse(start));
