// Makes and removes the databases of the stages of persons and pull requests, which share the cluster of `dev`. Each database has
// two roles. The owner of the database and its tables can't log in. The application logs in, reads and writes rows, and switches
// to the owner's role to migrate. No stage can connect to the database of another stage, or to that of `dev`.
//
// This code runs as the master user of `dev`, who is no superuser. It works in a transaction that holds the stage's lock. Making
// and dropping a database can't be in a transaction, so these statements run outside it. Each step looks at what exists, so a
// repetition completes what a failure left undone.
import { sql } from "drizzle-orm";
import { type Database, database, run, runOn } from "../db/client.ts";
import { sqlState } from "../db/errors.ts";
import { isSharedStage } from "../stage-name.ts";
import { isPassword } from "./application-role.ts";
import { scramVerifier } from "./scram.ts";
import { Busy, giveUpTime, oneAtATime, type Transaction, untilDone } from "./turn.ts";

/** Connections that one stage may have, so that no stage uses up all of them. */
const CONNECTIONS_MAX = 20;
/** Less than the Data API's 45 seconds, after which nobody waits for a statement any more. */
const STATEMENT_TIMEOUT = "40s";

/** Names in PostgreSQL. Their prefix keeps them from being reserved words, such as `public` and `none`, so they need no quotes. */
export interface StageNames {
  database: string;
  /** The role that logs in. */
  application: string;
  /** The role that owns the database and its tables. It can't be another stage's role: no stage's name has two hyphens in a row. */
  owner: string;
}

/**
 * @param stage `pr-12`
 * @returns `stage_pr_12` and so on
 * @throws Error if it is not the name of a stage of a person or a pull request
 */
export function stageNamesOf(stage: string): StageNames {
  if (!isSharedStage(stage)) throw new Error(`The stage "${stage}" has no database on the shared cluster.`);
  const name = `stage_${stage.replaceAll("-", "_")}`;
  return { database: name, application: name, owner: `${name}__owner` };
}

/** The stack that asks for a database. */
export interface Claimant {
  /** Its id. CloudFormation gives it to no other stack. */
  stackId: string;
  /** Called while nothing else works on this stage. @throws Error to refuse the database, because the stack is being removed */
  refuseIfGone(): Promise<void>;
  /** Called if the database belongs to another stack. @throws Error to refuse the database, because that stack still exists */
  refuseIfAlive(otherStackId: string): Promise<void>;
}

/**
 * Makes the stage's database and roles, or completes them, and sets the application's password.
 * @param password is called once the database belongs to the stack, while nothing else works on this stage
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
    // A database can only belong to a role that is committed, so these are two transactions.
    await run(oneAtATime(db, names.database, (tx) => claim(tx, names, claimant)));
    await run(oneAtATime(db, names.database, (tx) => complete(tx, names, claimant, password)));
  });
}

/**
 * Drops the stage's database with everything in it, and its roles. What is missing already is passed over.
 * @param of `recorded`: only if the stack is recorded as the one that has it; `any`: also if no stack is
 * @param removeSecret is called before the record is deleted, so that a repetition calls it again if it fails
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
        // The owner has the record, so it goes last.
        for (const role of [names.application, names.owner]) await dropRole(db, role);
        return true;
      }),
    ),
  );
}

/** Makes the roles and records the stack that has them, in one transaction: so no database exists without a record. */
async function claim(tx: Transaction, names: StageNames, claimant: Claimant): Promise<void> {
  const { application, owner } = names;
  const known = await rolesOf(tx, names);
  const recorded = known.get(owner);
  // CloudFormation can give up a creation, and remove it, before this call has begun.
  await claimant.refuseIfGone();
  if (recorded && recorded !== claimant.stackId) await claimant.refuseIfAlive(recorded);
  await closeOwnDatabases(tx);
  for (const role of [owner, application]) {
    if (!known.has(role)) await attempt(tx.execute(sql.raw(`create role ${role}`)));
  }
  const statements = [
    // The creator of a role can administer it. To make a database for it, and to end its sessions, it must also be a member.
    `grant ${owner}, ${application} to current_user with inherit true, set true`,
    `grant ${owner} to ${application} with inherit false, set true`,
    // The record is on the role: an owner could change the comment on its database, but no stage can change that on a role.
    `comment on role ${owner} is '${claimant.stackId.replaceAll("'", "''")}'`,
  ];
  for (const statement of statements) await tx.execute(sql.raw(statement));
}

/** The roles that exist, with their comments. The comment on the owner is the id of the stack that has the database. */
async function rolesOf(tx: Transaction, names: StageNames): Promise<Map<string, string | null>> {
  const roles = await tx
    .select({
      name: sql<string>`rolname::text`,
      comment: sql<string | null>`shobj_description(oid, 'pg_authid')`,
    })
    .from(sql`pg_roles where rolname in (${names.application}, ${names.owner})`);
  return new Map(roles.map(({ name, comment }) => [name, comment]));
}

/** PostgreSQL lets every role connect to a new database. Without this, a stage's role could connect to the one of `dev`. */
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
  // A template must have no connections. template0 accepts none.
  if (!state) await beside(`create database ${names.database} owner ${owner} template template0`);
  const statements = [
    // The owner may have changed these.
    `alter database ${names.database} with is_template false connection limit -1`,
    `revoke all on database ${names.database} from public`,
    `grant connect on database ${names.database} to ${application}`,
    `alter role ${application} set statement_timeout = '${STATEMENT_TIMEOUT}'`,
    `alter role ${application} with login noinherit connection limit ${CONNECTIONS_MAX} password '${verifier}'`,
  ];
  for (const statement of statements) await tx.execute(sql.raw(statement));
}

/** A database whose drop was interrupted is invalid, and can only be dropped. */
async function stateOf(tx: Transaction, name: string): Promise<"valid" | "invalid" | undefined> {
  const [found] = await tx
    .select({ limit: sql<number>`datconnlimit` })
    .from(sql`pg_database where datname = ${name}`);
  return found && (found.limit === -2 ? "invalid" : "valid");
}

async function drop(tx: Transaction, name: string): Promise<void> {
  // A template can't be dropped, and an owner can make its database one.
  if ((await stateOf(tx, name)) === "valid") await beside(`alter database ${name} with is_template false`);
  await beside(`drop database if exists ${name} with (force)`);
}

/** What statements contain instead of the password. */
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

/** @throws Busy if another process, which has lost its lock, was faster, or if a session has not ended yet */
async function attempt<T>(statement: PromiseLike<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    throw AT_IT.has(sqlState(error) ?? "") || meetsSuperuser(error) ? new Busy() : error;
  }
}

/** AWS's own sessions look into a database for a moment, and we may not end them. */
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
    // Another stage's owner granted it rights in its own database. The role stays, but nobody can log in as it.
    await run(db.execute(sql.raw(`alter role ${role} with nologin password null`)));
  }
}
