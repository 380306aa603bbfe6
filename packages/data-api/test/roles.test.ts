// A secret stands for a role, over each engine: its calls can do what the role may, and nothing that an earlier call did
// takes them out of it.
import { randomUUID } from "node:crypto";
import { BeginTransactionCommand, RollbackTransactionCommand } from "@aws-sdk/client-rds-data";
import { beforeAll, describe, expect, test } from "vitest";
import { ARNS, DataApi, ENGINES } from "./harness.ts";

const OWNER = { secretArn: ARNS.secretArn };
const APP = { secretArn: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:app" };
const WRONG = { secretArn: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:wrong" };
const MISSING = { secretArn: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:missing" };

/** Its name and password need quoting in SQL and in an address. */
const role = { username: `app "1"/?@% ${randomUUID()}`, password: "p@ss/w:rd %41?&#" };
const quoted = `"${role.username.replaceAll('"', '""')}"`;

describe.each(ENGINES)("over %s", (kind) => {
  const api = new DataApi(kind, {
    secrets: {
      [OWNER.secretArn]: "owner",
      [APP.secretArn]: role,
      [WRONG.secretArn]: { ...role, password: "wrong" },
      [MISSING.secretArn]: { username: "missing", password: "any" },
    },
  });
  const as = (secret: typeof OWNER, sql: string, transactionId?: string) =>
    api.execute(sql, [], { ...secret, transactionId });
  const begin = async (secret: typeof OWNER) =>
    (await api.client.send(new BeginTransactionCommand({ ...ARNS, ...secret }))).transactionId;
  const rollback = (secret: typeof OWNER, transactionId: string | undefined) =>
    api.client.send(new RollbackTransactionCommand({ ...ARNS, ...secret, transactionId }));
  const who = async (secret: typeof OWNER, transactionId?: string) => {
    const { records } = await as(secret, "select session_user::text, current_user::text", transactionId);
    return records?.[0]?.map((field) => field.stringValue);
  };

  beforeAll(async () => {
    await as(OWNER, `create role ${quoted} login password '${role.password}'`);
    await as(OWNER, "create table thing (n int)");
    await as(OWNER, `grant select, insert on thing to ${quoted}`);
  });

  test("a call runs as the role of its secret, with the rights of that role", async () => {
    expect(await who(APP)).toEqual([role.username, role.username]);
    expect(await who(OWNER)).toEqual(["postgres", "postgres"]);

    await as(APP, "insert into thing values (1)");
    expect((await as(APP, "select n from thing")).records).toEqual([[{ longValue: 1 }]]);
    await api.batch("insert into thing values (2)", [[], []]); // as the owner
    for (const sql of ["delete from thing", "drop table thing", "create table other ()", "create role r"]) {
      await expect(as(APP, sql)).rejects.toThrow(/SQLState: 42501$/);
    }
  });

  test("a transaction runs as the role of its secret, and belongs to it", async () => {
    const transaction = await begin(APP);

    expect(await who(APP, transaction)).toEqual([role.username, role.username]);
    await expect(as(OWNER, "select 1", transaction)).rejects.toMatchObject({
      name: "BadRequestException",
      message: "The transaction was begun with another secret.",
    });
    await expect(rollback(OWNER, transaction)).rejects.toThrow("begun with another secret");
    await expect(as(APP, "drop table thing", transaction)).rejects.toThrow("42501");
    await expect(as(APP, "select 1", transaction)).rejects.toThrow("25P02");
    await rollback(APP, transaction);
    expect(await who(OWNER)).toEqual(["postgres", "postgres"]);
  });

  test.each([
    "set session authorization postgres",
    "reset session authorization",
    "set session authorization default",
    "reset role",
    "set role none",
    "discard all",
  ])("%s leads no later statement out of the role, in its transaction or after it", async (sql) => {
    await as(APP, sql).catch(() => undefined); // PostgreSQL refuses some, and some can't run in a transaction
    expect(await who(APP)).toEqual([role.username, role.username]);

    const transaction = await begin(APP);
    await as(APP, sql, transaction).catch(() => undefined);
    const inIt = as(APP, "drop table thing", transaction);
    await expect(inIt).rejects.toThrow(/SQLState: (?:42501|25P02)$/);
    await rollback(APP, transaction);

    await expect(as(APP, "drop table thing")).rejects.toThrow("42501");
  });

  test("a role that does not exist can't log in, and others still can", async () => {
    await expect(as(MISSING, "select 1")).rejects.toMatchObject({
      name: "DatabaseErrorException",
      message: 'FATAL: password authentication failed for user "missing"; SQLState: 28P01',
    });
    await expect(begin(MISSING)).rejects.toThrow("28P01");
    expect(await who(APP)).toEqual([role.username, role.username]);
  });

  test("a secret that is not among them is refused", async () => {
    const other = { secretArn: `${APP.secretArn}-2` };
    await expect(as(other, "select 1")).rejects.toMatchObject({ name: "SecretsErrorException" });
  });

  test("a failover ends the transactions of every role", async () => {
    const transaction = await begin(APP);
    await as(APP, "insert into thing values (3)", transaction);

    await api.server.faults.failover({ ms: 0 });

    await expect(as(APP, "select 1", transaction)).rejects.toThrow("is not found");
    expect(await who(APP)).toEqual([role.username, role.username]);
    expect((await as(OWNER, "select 1 from thing where n = 3")).records).toEqual([]);
  });

  if (kind === "postgres") {
    test("a wrong password is refused, and the right one that follows is let in", async () => {
      await expect(as(WRONG, "select 1")).rejects.toMatchObject({
        name: "DatabaseErrorException",
        message: `FATAL: password authentication failed for user "${role.username}"; SQLState: 28P01`,
      });
      expect(await who(APP)).toEqual([role.username, role.username]);
    });
  }
});
