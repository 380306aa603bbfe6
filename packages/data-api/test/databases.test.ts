// Several databases behind one server: which one a call means, what a transaction belongs to, and which ARNs are let in.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchExecuteStatementCommand,
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type RDSDataClient,
  RollbackTransactionCommand,
} from "@aws-sdk/client-rds-data";
import { type DataApiOptions, type DataApiServer, OptionError, startDataApi } from "@notejam/data-api";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ARNS, clientOf, embedded, emptyDatabase } from "./harness.ts";

describe("several databases behind one server", () => {
  let server: DataApiServer;
  let client: RDSDataClient;
  beforeAll(async () => {
    server = await startDataApi({
      databases: {
        first: await embedded(),
        second: await embedded(),
        "third one": { kind: "postgres", url: await emptyDatabase() },
      },
    });
    client = clientOf(server);
  });
  afterAll(() => server.close());

  const execute = (sql: string, database?: string, transactionId?: string) =>
    client.send(new ExecuteStatementCommand({ ...ARNS, sql, database, transactionId }));
  const begin = async (database?: string) =>
    (await client.send(new BeginTransactionCommand({ ...ARNS, database }))).transactionId ?? "";

  test("each has its own tables, and a call without a name means the first", async () => {
    for (const name of ["first", "second", "third one"]) {
      await execute("create table place (name text)", name);
      await execute(`insert into place values ('${name}')`, name);
    }
    for (const [database, name] of [
      ["first", "first"],
      ["second", "second"],
      ["third one", "third one"],
      [undefined, "first"],
    ]) {
      const { records } = await execute("select name from place", database);
      expect(records).toEqual([[{ stringValue: name }]]);
    }
  });

  test("an unknown one is PostgreSQL's 3D000, in each operation that names one", async () => {
    const unknown = {
      name: "DatabaseErrorException",
      message: 'ERROR: database "fourth" does not exist; SQLState: 3D000',
    };
    await expect(execute("select 1", "fourth")).rejects.toMatchObject(unknown);
    await expect(begin("fourth")).rejects.toMatchObject(unknown);
    const batch = new BatchExecuteStatementCommand({ ...ARNS, sql: "select 1", database: "fourth" });
    await expect(client.send(batch)).rejects.toMatchObject(unknown);
  });

  test("a transaction is found by its id alone, in the database that it was begun in", async () => {
    const transactionId = await begin("second");
    const { records } = await execute("select name from place", undefined, transactionId);
    expect(records).toEqual([[{ stringValue: "second" }]]);
    expect(await execute("select name from place", "second", transactionId)).toMatchObject({ records });
    await client.send(new CommitTransactionCommand({ ...ARNS, transactionId }));
  });

  test("a transaction that is used for another database is refused, and goes on in its own", async () => {
    const transactionId = await begin("third one");
    await expect(execute("select 1", "first", transactionId)).rejects.toMatchObject({
      name: "BadRequestException",
      message: 'The transaction was begun in the database "third one", not in "first".',
    });
    expect(await execute("select 1", "third one", transactionId)).toMatchObject({
      records: [[{ longValue: 1 }]],
    });
    await client.send(new RollbackTransactionCommand({ ...ARNS, transactionId }));
  });

  test("a transaction of one embedded database does not hold up the other", async () => {
    const transactionId = await begin("first");
    expect(await execute("select 1", "second")).toMatchObject({ records: [[{ longValue: 1 }]] });
    await client.send(new RollbackTransactionCommand({ ...ARNS, transactionId }));
  });

  test("types that two databases made have their own names, whichever number they have", async () => {
    await execute("create type mood as enum ('calm')", "first");
    await execute("create type colour as enum ('green')", "second");
    for (const [database, type, value] of [
      ["first", "mood", "calm"],
      ["second", "colour", "green"],
    ]) {
      const sql = `select '${value}'::${type}`;
      const command = new ExecuteStatementCommand({ ...ARNS, sql, database, includeResultMetadata: true });
      expect(await client.send(command)).toMatchObject({
        columnMetadata: [{ typeName: type }],
        records: [[{ stringValue: value }]],
      });
    }
  });

  test("each embedded one can be dumped by its name, the first without", async () => {
    const copyOf = async (name?: string) => {
      const dump = await server.dump(name);
      const copy = await startDataApi({ databases: { copy: { kind: "pglite", loadFrom: dump } } });
      const answer = await clientOf(copy).send(
        new ExecuteStatementCommand({ ...ARNS, sql: "select name from place" }),
      );
      await copy.close();
      return answer.records?.[0]?.[0]?.stringValue;
    };
    expect([await copyOf(), await copyOf("second")]).toEqual(["first", "second"]);
    await expect(server.dump("fourth")).rejects.toThrow(new OptionError('No database is called "fourth".'));
  });
});

describe("what can't be started", () => {
  test.each<[string, Partial<DataApiOptions>]>([
    ["databases must name at least one database.", { databases: {} }],
    ['The database name "" must have 1 to 64 characters.', { databases: { "": { kind: "pglite" } } }],
    [
      `The database name "${"d".repeat(65)}" must have 1 to 64 characters.`,
      { databases: { ["d".repeat(65)]: { kind: "pglite" } } },
    ],
    ["databases must be an object.", { databases: undefined as never }],
    ["databases.notes must be an object.", { databases: { notes: "postgres://localhost/notes" as never } }],
    [
      "databases.notes.kind must be one of pglite, postgres.",
      { databases: { notes: { kind: "mysql" as "pglite" } } },
    ],
    [
      "databases.notes has no member url: it may have kind, dataDir, loadFrom.",
      { databases: { notes: { kind: "pglite", url: "postgres://localhost/notes" } as never } },
    ],
    [
      "databases.notes.dataDir must be a path.",
      { databases: { notes: { kind: "pglite", dataDir: 5 as never } } },
    ],
    [
      "databases.notes.loadFrom must be a dump: a Uint8Array or a Blob.",
      { databases: { notes: { kind: "pglite", loadFrom: "dump.tar.gz" as never } } },
    ],
    [
      "databases.notes.url must be like postgres://user:password@host:port/database.",
      { databases: { notes: { kind: "postgres", url: "localhost/notes" } } },
    ],
    [
      "databases.notes.maxConnections must be a whole number from 1.",
      {
        databases: { notes: { kind: "postgres", url: "postgres://localhost/notes", maxConnections: 0 } },
      },
    ],
    ["resourceArn must have 11 to 100 characters.", { resourceArn: "arn:aws:rd" }],
    ["resourceArn must have 11 to 100 characters.", { resourceArn: "a".repeat(101) }],
    ["secretArns must be a list with at least one secret's ARN.", { secretArns: [] }],
    ["secretArns must be a list with at least one secret's ARN.", { secretArns: ARNS.secretArn as never }],
    ["secretArns[1] must have 11 to 100 characters.", { secretArns: [ARNS.secretArn, "short"] }],
    ["secrets must be an object with at least one secret, by its ARN.", { secrets: {} }],
    ["secrets must be an object with at least one secret, by its ARN.", { secrets: "owner" as never }],
    [
      `secrets.${ARNS.secretArn} must be "owner", or an object with a username and a password.`,
      { secrets: { [ARNS.secretArn]: { username: "app" } as never } },
    ],
    ['The secret\'s ARN "short" must have 11 to 100 characters.', { secrets: { short: "owner" } }],
    [
      "secrets and secretArns exclude each other.",
      { secrets: { [ARNS.secretArn]: "owner" }, secretArns: [ARNS.secretArn] },
    ],
    ["port must be a whole number from 0 to 65535.", { port: 65_536 }],
    ["port must be a whole number from 0 to 65535.", { port: "8080" as never }],
    ["allowFailedCommit must be true or false.", { allowFailedCommit: "no" as never }],
    [
      "options has no member secretArn: it may have databases, port, accessKeyId, resourceArn, secretArns, secrets, allowFailedCommit, latency, seed, onCall, onError, recordParameters, clock.",
      { secretArn: ARNS.secretArn } as never,
    ],
  ])("%s", async (message, options) => {
    const started = startDataApi({ databases: { notes: { kind: "pglite" } }, ...options });
    await expect(started).rejects.toThrow(new OptionError(message));
  });

  test("what is no dump is named where a database would start from it", async () => {
    const loadFrom = Buffer.from("no dump");
    await expect(startDataApi({ databases: { notes: { kind: "pglite", loadFrom } } })).rejects.toThrow(
      /^The database in memory does not start from its dump: ./,
    );
  });

  test("where one database does not start, those that did are closed again", async () => {
    const directory = await mkdtemp(join(tmpdir(), "data-api-databases-"));
    const kept = { kind: "pglite", dataDir: directory } as const;
    const nowhere = { kind: "postgres", url: "postgres://me@127.0.0.1:1/notes" } as const;

    const empty = { ...kept, ...(await embedded()) };
    await expect(startDataApi({ databases: { kept: empty, nowhere } })).rejects.toMatchObject({
      name: "DatabaseConnectionError",
    });

    // It is free for another, which a directory in use is not.
    const again = await startDataApi({ databases: { kept } });
    await again.close();
    await rm(directory, { recursive: true });
  });

  test("one data directory can't be two databases", async () => {
    const directory = await mkdtemp(join(tmpdir(), "data-api-databases-"));
    const kept = { kind: "pglite", dataDir: directory } as const;
    await expect(startDataApi({ databases: { kept, twice: kept } })).rejects.toMatchObject({
      name: "DataDirectoryError",
    });
    await rm(directory, { recursive: true });
  });
});

describe("only the given ARNs are let in", () => {
  let server: DataApiServer;
  let client: RDSDataClient;
  let transactionId: string;
  const other = { resourceArn: `${ARNS.resourceArn}-2`, secretArn: `${ARNS.secretArn}-2` };
  beforeAll(async () => {
    server = await startDataApi({
      databases: { notes: { kind: "postgres", url: inject("postgresUrl") } },
      resourceArn: ARNS.resourceArn,
      secretArns: ["arn:aws:secretsmanager:eu-west-1:000000000000:secret:owner", ARNS.secretArn],
    });
    client = clientOf(server);
    transactionId = (await client.send(new BeginTransactionCommand(ARNS))).transactionId ?? "";
  });
  afterAll(() => server.close());

  const OPERATIONS = {
    Execute: (arns: typeof ARNS) =>
      client.send(new ExecuteStatementCommand({ ...arns, transactionId, sql: "create table unknown ()" })),
    BatchExecute: (arns: typeof ARNS) =>
      client.send(
        new BatchExecuteStatementCommand({
          ...arns,
          transactionId,
          sql: "create table unknown ()",
          parameterSets: [[]],
        }),
      ),
    BeginTransaction: (arns: typeof ARNS) => client.send(new BeginTransactionCommand(arns)),
    CommitTransaction: (arns: typeof ARNS) =>
      client.send(new CommitTransactionCommand({ ...arns, transactionId })),
    RollbackTransaction: (arns: typeof ARNS) =>
      client.send(new RollbackTransactionCommand({ ...arns, transactionId })),
  };

  test.each(Object.entries(OPERATIONS))("%s refuses the others, and nothing runs", async (_name, send) => {
    await expect(send({ ...ARNS, resourceArn: other.resourceArn })).rejects.toMatchObject({
      name: "DatabaseNotFoundException",
      $metadata: { httpStatusCode: 404 },
      message: `DB cluster ${other.resourceArn} is not found.`,
    });
    await expect(send({ ...ARNS, secretArn: other.secretArn })).rejects.toMatchObject({
      name: "SecretsErrorException",
      $metadata: { httpStatusCode: 400 },
      message: expect.stringContaining(other.secretArn),
    });
    const sql = "select to_regclass('unknown')::text";
    const inIt = await client.send(new ExecuteStatementCommand({ ...ARNS, transactionId, sql }));
    expect(inIt.records).toEqual([[{ isNull: true }]]);
  });
});
