// The database of a stage on the cluster that `dev` shares with the stages of persons and pull requests. Each has two roles: the
// owner of the database and its tables, which can't log in, and the application, which reads and writes rows, and takes the
// owner's role to migrate. No stage can connect to the database of another one, or to that of `dev`.
//
// It runs as the master user of `dev`, who is no superuser. What can be in a transaction is in one that holds the stage's lock;
// making and dropping a database can't, and happens beside it. Each step finds what is there, so a repetition completes what a
// failure left.
import { sql } from "drizzle-orm";
import { type Database, database, run, runOn } from "../db/client.ts";
import { sqlState } from "../db/errors.ts";
import { isSharedStage } from "../stage-name.ts";
import { isPassword } from "./application-role.ts";
import { scramVerifier } from "./scram.ts";
import { Busy, giveUpTime, oneAtATime, type Transaction, untilDone } from "./turn.ts";

/** Connections of one stage, so that none takes those of all. */
const CONNECTIONS_MAX = 20;
/** Less than the Data API's 45 seconds, after which the statement would go on without anybody who waits. */
const STATEMENT_TIMEOUT = "40s";

/** Names in PostgreSQL. They need no quotes and mean nothing else there, because of their prefix: `public` and `none` are reserved. */
export interface StageNames {
  database: string;
  /** The role that logs in. */
  application: string;
  /** The role that owns the database and its tables. No stage's name has two hyphens in a row, so no other name is the same. */
  owner: string;
}

/**
 * @param stage `pr-12`
 * @returns `stage_pr_12` and so on
 * @throws Error if no stage of a person or a pull request can have the name
 */
export function stageNamesOf(stage: string): StageNames {
  if (!isSharedStage(stage)) throw new Error(`The stage "${stage}" has no database on the shared cluster.`);
  const name = `stage_${stage.replaceAll("-", "_")}`;
  return { database: name, application: name, owner: `${name}__owner` };
}

/** The stack that asks for a database. */
export interface Claimant {
  /** Its id, which CloudFormation never gives again. */
  stackId: string;
  /** @throws Error to refuse the database, because the stack is being removed: asked when nothing else works on this stage */
  refuseIfGone(): Promise<void>;
  /** Called if the database belongs to another stack. @throws Error to refuse the database, because that stack still lives */
  refuseIfAlive(otherStackId: string): Promise<void>;
}

/**
 * Makes the stage's database and roles, or completes them, and sets the application's password.
 * @param password is asked for when the database belongs to the stack, and nothing else works on this stage
 * @throws what the claimant and `password` throw, and the database's error
 */
export async function makeStageDatabase(
  stage: string,
  claimant: Claimant,
  password: () => Promise<string>,
): Promise<void> {
  const names = stageNamesOf(stage);
  const db = database("transactions");
  await untilDone(giveUpTime(), async () => {
    // A database can be made for a role only when the role is committed.
    await run(oneAtATime(db, names.database, (tx) => claim(tx, names, claimant)));
    await run(oneAtATime(db, names.database, (tx) => complete(tx, names, claimant, password)));
  });
}

/**
 * Drops the stage's database and roles, as far as they are there, with all that is in them.
 * @param of `recorded`: only if the stack is recorded to have it; `any`: also if nobody is
 * @param removeSecret is called while the stack still has the database, so that it is repeated if it fails
 * @returns false if the database belongs to another stack: then nothing was done
 * @throws what `removeSecret` throws, and the database's error
 */
export async function removeStageDatabase(
  stage: string,
  stackId: string,
  of: "recorded" | "any",
  removeSecret: () => Promise<void>,
): Promise<boolean> {
  const names = stageNamesOf(stage);
  const db = database("transactions");
  return untilDone(giveUpTime(), () =>
    run(
      oneAtATime(db, names.database, async (tx) => {
        const recorded = (await rolesOf(tx, names)).get(names.owner);
        if (recorded ? recorded !== stackId : of === "recorded") return false;
        await drop(tx, names.database);
        await removeSecret();
        // The one with the record is the last.
        for (const role of [names.application, names.owner]) await dropRole(db, role);
        return true;
      }),
    ),
  );
}

/** Makes the roles, and records whose they are, in one transaction: so there is no database without a record. */
async function claim(tx: Transaction, names: StageNames, claimant: Claimant): Promise<void> {
  const { application, owner } = names;
  const known = await rolesOf(tx, names);
  const recorded = known.get(owner);
  // A creation that was given up can be removed before it has begun.
  await claimant.refuseIfGone();
  if (recorded && recorded !== claimant.stackId) await claimant.refuseIfAlive(recorded);
  await closeOwnDatabases(tx);
  for (const role of [owner, application]) {
    if (!known.has(role)) await attempt(tx.execute(sql.raw(`create role ${role}`)));
  }
  const statements = [
    // Who makes a role administers it, but needs this to make a database for it, and to end its sessions.
    `grant ${owner}, ${application} to current_user with inherit true, set true`,
    `grant ${owner} to ${application} with inherit false, set true`,
    // The owner of a database can change the comment on it, but no stage that on a role.
    `comment on role ${owner} is '${claimant.stackId.replaceAll("'", "''")}'`,
  ];
  for (const statement of statements) await tx.execute(sql.raw(statement));
}

/** The roles that are there. The comment on the owner is the stack that has the database. */
async function rolesOf(tx: Transaction, names: StageNames): Promise<Map<string, string | null>> {
  const roles = await tx
    .select({
      name: sql<string>`rolname::text`,
      comment: sql<string | null>`shobj_description(oid, 'pg_authid')`,
    })
    .from(sql`pg_roles where rolname in (${names.application}, ${names.owner})`);
  return new Map(roles.map(({ name, comment }) => [name, comment]));
}

/** Every role can connect to a database until this is taken from PUBLIC: a stage's role could to the one of `dev`. */
async function closeOwnDatabases(tx: Transaction): Promise<void> {
  const open = await tx
    .select({ name: sql<string>`quote_ident(datname)` })
    .from(sql`pg_database where datdba = current_user::regrole and exists (
      select from aclexplode(coalesce(datacl, acldefault('d', datdba))) where grantee = 0 and privilege_type = 'CONNECT')`);
  for (const { name } of open) await tx.execute(sql.raw(`revoke connect on database ${name} from public`));
}

async function complete(
  tx: Transaction,
  names: StageNames,
  { stackId }: Claimant,
  password: () => Promise<string>,
): Promise<void> {
  const { application, owner } = names;
  if ((await rolesOf(tx, names)).get(owner) !== stackId) throw new Busy();
  const verifier = verifierOf(await password());
  let state = await stateOf(tx, names.database);
  if (state === "invalid") {
    await drop(tx, names.database);
    state = undefined;
  }
  // template0: nobody can be connected to it, which would be in the way.
  if (!state) await beside(`create database ${names.database} owner ${owner} template template0`);
  const statements = [
    // Its owner can have changed these.
    `alter database ${names.database} with is_template false connection limit -1`,
    `revoke all on database ${names.database} from public`,
    `grant connect on database ${names.database} to ${application}`,
    `alter role ${application} set statement_timeout = '${STATEMENT_TIMEOUT}'`,
    `alter role ${application} with login noinherit connection limit ${CONNECTIONS_MAX} password '${verifier}'`,
  ];
  for (const statement of statements) await tx.execute(sql.raw(statement));
}

/** A database is invalid, and can only be dropped, where dropping it was interrupted. */
async function stateOf(tx: Transaction, name: string): Promise<"valid" | "invalid" | undefined> {
  const [found] = await tx
    .select({ limit: sql<number>`datconnlimit` })
    .from(sql`pg_database where datname = ${name}`);
  return found && (found.limit === -2 ? "invalid" : "valid");
}

async function drop(tx: Transaction, name: string): Promise<void> {
  // A template can't be dropped, and its owner can make it one.
  if ((await stateOf(tx, name)) === "valid") await beside(`alter database ${name} with is_template false`);
  await beside(`drop database if exists ${name} with (force)`);
}

/** The password itself is in no statement. */
function verifierOf(password: string): string {
  if (isPassword(password)) return scramVerifier(password);
  throw new Error(
    "The password of a stage's secret must have 16 to 128 printable ASCII characters without spaces.",
  );
}

/** Runs a statement that can't be in a transaction. */
function beside(statement: string): Promise<void> {
  return attempt(runOn(statement));
}

/** Duplicate database, duplicate object, unique violation (in the catalogue), object in use. */
const AT_IT = new Set(["42P04", "42710", "23505", "55006"]);

/** @throws Busy if another process was faster although it had lost the lock, or if a session ends only now */
async function attempt<T>(statement: PromiseLike<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    throw AT_IT.has(sqlState(error) ?? "") || meetsSuperuser(error) ? new Busy() : error;
  }
}

/** AWS's own sessions look into a database for a moment, and can't be ended. */
function meetsSuperuser(error: unknown): boolean {
  return sqlState(error) === "42501" && /terminate process/.test((error as Error).message);
}

/** Other objects depend on the role. */
const DEPENDENT = "2BP01";

async function dropRole(db: Database, role: string): Promise<void> {
  try {
    await run(db.execute(sql.raw(`drop role if exists ${role}`)));
  } catch (error) {
    if (sqlState(error) !== DEPENDENT) throw error;
    // Another stage's owner gave it rights there. It stays, but nobody can log in as it.
    await run(db.execute(sql.raw(`alter role ${role} with nologin password null`)));
  }
}
