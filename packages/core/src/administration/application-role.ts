// The database role that the API, the mails and the jobs use. It can read and write rows, and nothing else. Each deployment
// restores its rights and sets its password, so a deployment with a new password replaces a leaked one. On a shared cluster,
// stage-database.ts makes the role and sets its password, and a deployment only grants its rights.
import { type SQL, sql } from "drizzle-orm";
import { config } from "../config.ts";
import { database, run } from "../db/client.ts";
import { sqlState } from "../db/errors.ts";
import { scramVerifier } from "./scram.ts";
import { Busy, giveUpTime, inTurn, type Transaction, untilDone } from "./turn.ts";

export interface ApplicationRole {
  username: string;
  password: string;
}

/** Tables that only deployments use (migrate.ts, concurrent-index.ts). */
const NOT_FOR_THE_APPLICATION = ["migration", "migration_lease"];

/** A name that PostgreSQL reads the same with and without quotes. */
const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
/** Names that PostgreSQL refuses, or uses for something else. */
const RESERVED = /^(?:public|none|pg_.*)$/;
/** ASCII, which needs no preparation (SASLprep), and long, because the verifier reaches logs: nobody must guess the password from it. */
const PASSWORD = /^[\x21-\x7e]{16,128}$/;

/**
 * Makes the role if it is missing, sets its password, and grants its rights on the tables that exist and on those that later
 * migrations make.
 * @throws Error that names what is wrong with the role, or the database's error; then nothing was changed
 */
export async function prepareApplicationRole(role: ApplicationRole): Promise<void> {
  await change(role, grant);
}

/**
 * Makes the role if it is missing, and sets its password. Code that is older than the tables may do no more than that.
 * @throws as `prepareApplicationRole`
 */
export async function setApplicationPassword(role: ApplicationRole): Promise<void> {
  await change(role, async () => undefined);
}

/**
 * On a shared cluster: grants the rights of the role that the deployment logs in as. It does so as the owner of the tables.
 * @throws as `prepareApplicationRole`
 */
export async function grantApplicationRole(): Promise<void> {
  const db = database("transactions");
  const work = async (tx: Transaction) => {
    const [session] = await tx.select({ user: sql<string>`session_user::text` }).from(sql`(values (1))`);
    const username = session?.user ?? "";
    await refuse(tx, username, ofTheRole());
    await grant(tx, username);
  };
  await untilDone(giveUpTime(), () => run(inTurn(db, work)));
}

async function change(
  role: ApplicationRole,
  more: (tx: Transaction, username: string) => Promise<void>,
): Promise<void> {
  check(role);
  const { username, password } = role;
  const db = database("transactions");
  const work = async (tx: Transaction) => {
    const [known] = await tx
      .select({ name: sql<string>`rolname::text` })
      .from(sql`pg_roles where rolname = ${username}`);
    if (!known) await create(tx, username);
    await refuse(tx, username, ofTheRole());
    await tx.execute(
      sql.raw(`alter role "${username}" with login noinherit password '${scramVerifier(password)}'`),
    );
    await more(tx, username);
  };
  await untilDone(giveUpTime(), () => run(inTurn(db, work)));
}

/** Unique violation (in the catalogue) and duplicate object. */
const JUST_MADE = new Set(["23505", "42710"]);

/** @throws Busy if another database's deployment on the same PostgreSQL has just made it */
async function create(tx: Transaction, username: string): Promise<void> {
  try {
    await tx.execute(sql.raw(`create role "${username}"`));
  } catch (error) {
    throw JUST_MADE.has(sqlState(error) ?? "") ? new Busy() : error;
  }
}

/** Whether it can be the password of a role. */
export function isPassword(text: string): boolean {
  return PASSWORD.test(text);
}

/** @throws Error naming the member that is wrong; it does not repeat the password */
function check({ username, password }: ApplicationRole): void {
  if (!NAME.test(username) || RESERVED.test(username)) {
    throw new Error(
      `The username of the application's secret must have 1 to 63 lower-case letters, digits and underscores, and be none of PostgreSQL's own names, not "${username}".`,
    );
  }
  if (!isPassword(password)) {
    throw new Error(
      "The password of the application's secret must have 16 to 128 printable ASCII characters without spaces.",
    );
  }
}

/** Revokes everything first, so that the role has these rights only. */
async function grant(tx: Transaction, username: string): Promise<void> {
  const name = `"${username}"`;
  const [current] = await tx
    .select({ database: sql<string>`quote_ident(current_database())` })
    .from(sql`(values (1))`);
  const rows = "select, insert, update, delete";
  const statements = [
    `revoke all on database ${current?.database} from ${name}`,
    `revoke temporary on database ${current?.database} from public`,
    `grant connect on database ${current?.database} to ${name}`,
    `revoke create on schema public from public, ${name}`,
    `grant usage on schema public to ${name}`,
    `revoke all on all tables in schema public from ${name}`,
    `grant ${rows} on all tables in schema public to ${name}`,
    `revoke all on ${NOT_FOR_THE_APPLICATION.join(", ")} from ${name}`,
    `grant usage on all sequences in schema public to ${name}`,
    `alter default privileges in schema public grant ${rows} on tables to ${name}`,
    `alter default privileges in schema public grant usage on sequences to ${name}`,
  ];
  for (const statement of statements) await tx.execute(sql.raw(statement));
  await refuse(tx, username, IN_THE_DATABASE);
}

type Powers = Record<string, SQL<boolean>>;

/** What the application's role must not be, in words. It is checked before the role is changed. */
const ofTheRole = (): Powers => ({
  "is the one that migrates": sql`rolname = current_user`,
  "is a superuser": sql`rolsuper`,
  "can make databases": sql`rolcreatedb`,
  "can make roles": sql`rolcreaterole`,
  "can replicate": sql`rolreplication`,
  "passes row security": sql`rolbypassrls`,
  // A role that also migrates may switch to the owner's role, but must have none of its rights until it does.
  "is a member of another role": sql`exists (select from pg_auth_members where member = role.oid
    and (inherit_option or admin_option or roleid::regrole::text is distinct from ${config.databaseOwnerRole ?? null}::text))`,
  "owns the database or tables": sql`exists (select from pg_database where datname = current_database() and datdba = role.oid)
    or exists (select from pg_class where relowner = role.oid)`,
});

/** Rights that may remain: PostgreSQL only warns if the migrating role can't revoke one. */
const IN_THE_DATABASE: Powers = {
  "can make tables": sql`has_schema_privilege(role.oid, 'public', 'create')`,
  "can make temporary tables": sql`has_database_privilege(role.oid, current_database(), 'temporary')`,
};

/** @throws Error naming the powers that the role has, if any */
async function refuse(tx: Transaction, username: string, powers: Powers): Promise<void> {
  const [found] = await tx.select(powers).from(sql`pg_roles role where rolname = ${username}`);
  const has = Object.entries(found ?? {}).flatMap(([power, is]) => (is ? [power] : []));
  if (has.length === 0) return;
  throw new Error(
    `The role "${username}" must be able to read and write rows only, but it ${has.join(", ")}. Give the application a role of its own.`,
  );
}
