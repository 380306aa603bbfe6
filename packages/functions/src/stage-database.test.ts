// The provider of databases as CloudFormation invokes it, on PostgreSQL 18, as a master user who is no superuser: several stages,
// repeated and late events, failures in each step, and stages that reach for what belongs to others.
import { randomUUID } from "node:crypto";
import * as Account from "@notejam/core/account/index";
import { migrate as applyMigrations } from "@notejam/core/administration/migrate";
import { scramVerifier } from "@notejam/core/administration/scram";
import { ENV } from "@notejam/core/config";
import { database } from "@notejam/core/db/client";
import { viewerOf } from "@notejam/core/db/viewer";
import { newDevice } from "@notejam/core/device/index";
import * as Note from "@notejam/core/note/index";
import { type DataApiServer, startDataApi } from "@notejam/data-api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { SECRETS } from "../test/environment.ts";
import { StageStubs } from "../test/stage-stubs.ts";
import { handler as migrate } from "./migrate.ts";
import { migrations } from "./migrations.build.ts";
import { handler } from "./stage-database.ts";

const ACCOUNT = "123456789012";
const REGION = "eu-west-1";
const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:notejam-stage-database`;

const stackId = (stage: string, guid: string = randomUUID()) =>
  `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stage}-notejam-app/${guid}`;

/** The database, and the master user, of dev. */
const DEV = `dev_${randomUUID().slice(0, 8)}`;
const stubs = new StageStubs();
const log: string[] = [];
let provider: DataApiServer | undefined;
let stubsRun: Awaited<ReturnType<StageStubs["start"]>>;
/** The superuser, who sees everything. */
let everything: DataApiServer;

const addressOf = (name: string, user?: { username: string; password: string }) =>
  Object.assign(new URL(inject("postgresUrl")), { pathname: `/${name}`, ...user }).href;

beforeAll(async () => {
  stubsRun = await stubs.start();
  Object.assign(process.env, {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: "example",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_ENDPOINT_URL_SECRETS_MANAGER: stubsRun.url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: stubsRun.url,
    [ENV.databaseArn]: `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:dev`,
    [ENV.databaseSecretArn]: SECRETS.owner,
    [ENV.databaseWaitSeconds]: "120",
  });
  everything = await startDataApi({
    databases: { postgres: { kind: "postgres", url: addressOf("postgres") } },
  });
  await asSuperuser(`create role ${DEV} login createrole createdb password '${DEV}'`);
  await asSuperuser(`create database ${DEV} owner ${DEV}`);
  const url = addressOf(DEV, { username: DEV, password: DEV });
  provider = await startDataApi({
    databases: { [DEV]: { kind: "postgres", url, maxConnections: 20 } },
    secrets: { [SECRETS.owner]: "owner" },
  });
  pointTo(provider, DEV);
});
afterAll(async () => {
  await provider?.close();
  await everything?.close();
  await stubsRun?.close();
});

beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => log.push(String(chunk)) > 0);
  pointTo(provider, DEV);
});
afterEach(() => {
  // Whatever happened, no password was in a log line or a statement.
  const said = [...log.splice(0), ...(provider?.calls.last ?? []).map(({ sql }) => sql ?? "")].join("\n");
  for (const { text } of stubs.secrets.values()) {
    const { password, originSecret } = JSON.parse(text);
    for (const secret of [password, originSecret]) expect(said).not.toContain(secret);
  }
  provider?.calls.clear();
});

function pointTo(server: DataApiServer | undefined, name: string): void {
  process.env.AWS_ENDPOINT_URL_RDS_DATA = server?.url;
  process.env[ENV.databaseName] = name;
}

/** Runs a statement elsewhere. Nothing else may run meanwhile: the SDK reads the environment at a client's first call. */
async function on(server: DataApiServer, name: string, sql: string): Promise<Record<string, unknown>[]> {
  pointTo(server, name);
  try {
    return (await database("transactions").execute<Record<string, unknown>>(sql)).rows;
  } finally {
    pointTo(provider, DEV);
  }
}
const asSuperuser = (sql: string) => on(everything, "postgres", sql);

const nameOf = (stage: string) => `stage_${stage.replaceAll("-", "_")}`;

/** The newest stack of each stage. */
const made = new Map<string, string>();

/** A new stack of a stage, which CloudFormation is creating. One of before with the same name is gone. */
function newStack(stage: string): string {
  const id = stackId(stage);
  const former = made.get(stage);
  if (former) stubs.stacks.set(former, "DELETE_COMPLETE");
  made.set(stage, id);
  stubs.stacks.set(id, "CREATE_IN_PROGRESS");
  return id;
}

interface Event {
  StackId: string;
  [more: string]: unknown;
}

/** What CloudFormation sends, by way of the CDK's framework. */
function invoke(RequestType: string, event: Event) {
  const whole = {
    RequestType,
    ServiceToken: FUNCTION,
    ResponseURL: "https://example.com/",
    RequestId: randomUUID(),
    LogicalResourceId: "Database",
    ResourceType: "Custom::StageDatabase",
    ResourceProperties: { ServiceToken: FUNCTION },
    ...event,
  };
  return handler(JSON.parse(JSON.stringify(whole)), { awsRequestId: "id", invokedFunctionArn: FUNCTION });
}

const create = (id: string) => invoke("Create", { StackId: id });
/** CloudFormation removes the stack. */
function remove(stage: string, id: string) {
  stubs.stacks.set(id, "DELETE_IN_PROGRESS");
  return invoke("Delete", { StackId: id, PhysicalResourceId: nameOf(stage) });
}

/** Makes a new stage. @returns its stack */
async function newStage(stage: string): Promise<string> {
  const id = newStack(stage);
  await create(id);
  return id;
}

const secretOf = (stage: string) => JSON.parse(stubs.secrets.get(`notejam/stage/${stage}`)?.text ?? "null");

/** Connects to a database with what a stage's secret says. @returns where it is, and as whom */
async function logIn(stage: string, name = nameOf(stage)): Promise<unknown> {
  const { username, password } = secretOf(stage);
  const url = addressOf(name, { username, password });
  const server = await startDataApi({ databases: { [name]: { kind: "postgres", url } } });
  try {
    return (await on(server, name, "select current_database()::text as at, current_user::text as who"))[0];
  } finally {
    await server.close();
  }
}

/** Whether the stage can log in, without doing so. */
async function hasPasswordOfSecret(stage: string): Promise<boolean> {
  const name = nameOf(stage);
  const [role] = await asSuperuser(`select rolpassword as verifier from pg_authid where rolname = '${name}'`);
  const verifier = String(role?.verifier);
  const [, iterations, salt = ""] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(verifier) ?? [];
  const made = { salt: Buffer.from(salt, "base64"), iterations: Number(iterations) };
  return scramVerifier(secretOf(stage).password, made) === verifier;
}

/** Runs a statement in a stage's database, as the superuser. */
async function inDatabase(stage: string, sql: string): Promise<Record<string, unknown>[]> {
  const name = nameOf(stage);
  const server = await startDataApi({ databases: { [name]: { kind: "postgres", url: addressOf(name) } } });
  try {
    return await on(server, name, sql);
  } finally {
    await server.close();
  }
}

/** The database and the roles of a stage, with what PostgreSQL keeps of them. */
async function kept(stage: string): Promise<unknown> {
  const names = `('${nameOf(stage)}', '${nameOf(stage)}__owner')`;
  const all = (columns: string, from: string) =>
    `(select coalesce(json_agg(r), '[]') from (select ${columns} from ${from}) r)`;
  const [row] = await asSuperuser(`select json_build_object(
    'databases', ${all("datname, datdba::regrole::text as owner, datacl::text", `pg_database where datname in ${names}`)},
    'roles', ${all(
      `rolname, rolcanlogin, rolinherit, rolcreatedb, rolcreaterole, rolconnlimit, rolconfig::text,
        shobj_description(oid, 'pg_authid') as stack`,
      `pg_roles where rolname in ${names} order by rolname`,
    )},
    'memberships', ${all(
      `roleid::regrole::text as role, member::regrole::text as member, bool_or(inherit_option) as inherits,
        bool_or(set_option) as sets`,
      `pg_auth_members where roleid::regrole::text in ${names} group by 1, 2 order by 1, 2`,
    )})::text as kept`);
  return JSON.parse(String(row?.kept));
}

/** What there is of a complete stage. */
const complete = (stage: string, id: string) => {
  const name = nameOf(stage);
  const owner = `${name}__owner`;
  const role = { rolcreatedb: false, rolcreaterole: false };
  return {
    databases: [{ datname: name, owner, datacl: `{${owner}=CTc/${owner},${name}=c/${owner}}` }],
    roles: [
      {
        ...role,
        rolname: name,
        rolcanlogin: true,
        rolinherit: false,
        rolconnlimit: 20,
        rolconfig: "{statement_timeout=40s}",
        stack: null,
      },
      {
        ...role,
        rolname: owner,
        rolcanlogin: false,
        rolinherit: true,
        rolconnlimit: -1,
        rolconfig: null,
        stack: id,
      },
    ],
    memberships: [
      { role: name, member: DEV, inherits: true, sets: true },
      { role: owner, member: DEV, inherits: true, sets: true },
      { role: owner, member: name, inherits: false, sets: true },
    ],
  };
};
const NOTHING = { databases: [], roles: [], memberships: [] };

describe("a stage", () => {
  test.each(["notejam", "public", "none", "postgres"])(
    "can be called %s, and is nothing else of that name",
    async (stage) => {
      const others = () =>
        asSuperuser(`select rolname::text as name from pg_roles where rolname = '${stage}'
        union all select datname::text from pg_database where datname = '${stage}'`);
      const before = await others();

      const id = await newStage(stage);

      expect(await kept(stage)).toEqual(complete(stage, id));
      expect(await logIn(stage)).toEqual({ at: `stage_${stage}`, who: `stage_${stage}` });
      expect(await remove(stage, id)).toEqual({ PhysicalResourceId: `stage_${stage}` });
      expect(await kept(stage)).toEqual(NOTHING);
      expect(await others()).toEqual(before);
    },
  );

  test("gets a database, two roles and a secret; a repetition answers the same and changes nothing", async () => {
    const id = newStack("pr-12");

    const answer = await create(id);

    const { arn } = stubs.secrets.get("notejam/stage/pr-12") ?? {};
    expect(answer).toEqual({
      PhysicalResourceId: "stage_pr_12",
      Data: { DatabaseName: "stage_pr_12", OwnerRole: "stage_pr_12__owner", SecretArn: arn },
    });
    const text = stubs.secrets.get("notejam/stage/pr-12")?.text;
    expect(secretOf("pr-12")).toEqual({
      username: "stage_pr_12",
      password: expect.stringMatching(/^[\w-]{43}$/),
      originSecret: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(await kept("pr-12")).toEqual(complete("pr-12", id));
    expect(await logIn("pr-12")).toEqual({ at: "stage_pr_12", who: "stage_pr_12" });

    for (const type of ["Create", "Update"]) {
      expect(await invoke(type, { StackId: id, PhysicalResourceId: "stage_pr_12" })).toEqual(answer);
    }
    expect(stubs.secrets.get("notejam/stage/pr-12")?.text).toBe(text);
    expect(await kept("pr-12")).toEqual(complete("pr-12", id));
    expect(await logIn("pr-12")).toEqual({ at: "stage_pr_12", who: "stage_pr_12" });
    expect(log.map((line) => JSON.parse(line))).toMatchObject([
      { message: "stage database", stage: "pr-12", request: "Create" },
      { request: "Create" },
      { request: "Update" },
    ]);
  });
});

const IS_GONE = { message: expect.stringMatching(/is being removed, or was: it gets no database/) };

describe("ten requests at once", () => {
  test("for three stages make each stage once", async () => {
    const ids = ["once-a", "once-b", "once-c"].map((stage) => [stage, newStack(stage)] as const);
    stubs.asked.splice(0);

    await Promise.all(Array.from({ length: 10 }, (_, i) => create(ids[i % ids.length]?.[1] ?? "")));

    for (const [stage, id] of ids) {
      expect(await kept(stage)).toEqual(complete(stage, id));
      expect(await logIn(stage)).toEqual({ at: nameOf(stage), who: nameOf(stage) });
    }
    expect(stubs.asked.filter((operation) => operation === "CreateSecret")).toHaveLength(ids.length);
  });

  test("of which some remove the stage leave all of it or nothing, and a repetition completes it", async () => {
    const id = await newStage("torn");
    stubs.asked.splice(0);

    const late = Array.from({ length: 5 }, () => create(id));
    // They have asked whether the stack lives.
    await vi.waitUntil(() => stubs.asked.filter((operation) => operation === "DescribeStacks").length >= 5);
    const made = Promise.allSettled(late);
    await Promise.all(Array.from({ length: 5 }, () => remove("torn", id)));
    // Those that had not begun are refused.
    for (const one of await made) if (one.status === "rejected") expect(one.reason).toMatchObject(IS_GONE);

    expect(await kept("torn")).toEqual(NOTHING);
    await remove("torn", id);
    expect([await kept("torn"), secretOf("torn")]).toEqual([NOTHING, null]);
  });
});

describe("a failure", () => {
  const ASKED_OF_AWS = /^(?:DescribeStacks|[A-Z][A-Za-z]+Secret(?:Value)?)$/;
  /** What can't be taken back with its transaction: it fails before it is done, or after. */
  const FINAL = /^(?:create database|drop|CommitTransaction|CreateSecret|DeleteSecret)/;

  interface Step {
    /** The beginning of a statement, or an operation. What differs each time, a verifier, comes later. */
    text: string;
    when: "before" | "after";
  }

  /** What is asked of the database and of AWS while `work` runs, each once. */
  async function stepsOf(work: () => Promise<unknown>): Promise<Step[]> {
    provider?.calls.clear();
    stubs.asked.splice(0);
    await work();
    const calls = provider?.calls.last.map(({ sql, operation }) => sql ?? operation) ?? [];
    const texts = [...calls, ...stubs.asked].map((text) => text.slice(0, 60));
    return [...new Set(texts)].flatMap((text): Step[] => [
      { text, when: "before" },
      ...(FINAL.test(text) ? [{ text, when: "after" } as const] : []),
    ]);
  }

  /** Runs `work`, of which one step fails. */
  async function failing({ text, when }: Step, work: () => Promise<unknown>): Promise<void> {
    if (ASKED_OF_AWS.test(text)) stubs.failure = { operation: text, when };
    else {
      const matching = `^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`;
      // An error of the disk, which nobody repeats.
      provider?.faults.plan({ kind: "sql-state", sqlState: "58030", when, matching });
    }
    await expect(work(), text).rejects.toThrow("The log line before this one says why.");
    expect([stubs.failure, provider?.faults.list().planned], text).toEqual([undefined, []]);
  }

  test("in any step is reported, and a repetition completes what it left", async () => {
    const id = newStack("fails");
    const making = await stepsOf(() => create(id));
    const removing = await stepsOf(() => remove("fails", id));
    expect(making.length).toBeGreaterThan(20);
    expect(removing.length).toBeGreaterThan(10);

    for (const [i, step] of making.entries()) {
      stubs.stacks.set(id, "CREATE_IN_PROGRESS");
      await failing(step, () => create(id));
      await create(id);
      expect(await kept("fails"), step.text).toEqual(complete("fails", id));
      expect(await hasPasswordOfSecret("fails"), step.text).toBe(true);
      const last = removing[i];
      if (last) await failing(last, () => remove("fails", id));
      await remove("fails", id);
      expect([await kept("fails"), secretOf("fails")], last?.text).toEqual([NOTHING, null]);
    }
  });
});

describe("the secret", () => {
  const at = (stage: string) => stubs.secrets.get(`notejam/stage/${stage}`) ?? expect.fail("no secret");

  test("that was deleted by hand is made anew, and the role gets its password", async () => {
    const id = await newStage("secret");
    const before = secretOf("secret");
    stubs.secrets.delete("notejam/stage/secret");

    const { Data } = await invoke("Update", { StackId: id, PhysicalResourceId: "stage_secret" });

    expect(Data?.SecretArn).toBe(at("secret").arn);
    expect(secretOf("secret").password).not.toBe(before.password);
    expect(await logIn("secret")).toEqual({ at: "stage_secret", who: "stage_secret" });
  });

  test("that is to be deleted is restored as it was", async () => {
    const id = await newStage("secret");
    const { text } = at("secret");
    at("secret").isDeleted = true;

    await create(id);

    expect(at("secret")).toMatchObject({ text, isDeleted: false });
    expect(await logIn("secret")).toEqual({ at: "stage_secret", who: "stage_secret" });
  });

  test.each([
    "",
    "topsecret",
    "[]",
    "null",
    '{"username": "notejam"}',
    '{"password": "short", "originSecret": 5}',
  ])("that says %j is completed, and the role follows", async (text) => {
    const id = await newStage("secret");
    at("secret").text = text;

    await create(id);

    expect(secretOf("secret").username).toBe("stage_secret");
    expect(await logIn("secret")).toEqual({ at: "stage_secret", who: "stage_secret" });
  });

  test("keeps a password that was set by hand, and what else is in it, and the role follows", async () => {
    const id = await newStage("secret");
    const secret = { ...secretOf("secret"), password: "by-hand-and-long-enough", note: "of the team" };
    at("secret").text = JSON.stringify(secret);

    await create(id);

    expect(secretOf("secret")).toEqual(secret);
    expect(await logIn("secret")).toEqual({ at: "stage_secret", who: "stage_secret" });
  });
});

describe("a removal", () => {
  test("ends the stage's sessions, and can be repeated", async () => {
    const id = await newStage("leaves");
    const { username, password } = secretOf("leaves");
    const url = addressOf("stage_leaves", { username, password });
    const busy = await startDataApi({ databases: { stage_leaves: { kind: "postgres", url } } });

    for (let i = 0; i < 2; i++) {
      expect(await remove("leaves", id)).toEqual({ PhysicalResourceId: "stage_leaves" });
      expect([await kept("leaves"), secretOf("leaves")]).toEqual([NOTHING, null]);
    }
    await busy.close();
  });

  test.each([
    ["database", ["drop database stage_leaves with (force)"]],
    [
      "database and its roles",
      ["drop database stage_leaves with (force)", "drop role stage_leaves, stage_leaves__owner"],
    ],
    [
      "application's role",
      ["revoke connect on database stage_leaves from stage_leaves cascade", "drop role stage_leaves"],
    ],
  ])("succeeds where the %s was dropped by hand", async (_, statements) => {
    const id = await newStage("leaves");
    for (const statement of statements) await asSuperuser(statement);

    await remove("leaves", id);

    expect([await kept("leaves"), secretOf("leaves")]).toEqual([NOTHING, null]);
  });

  test("succeeds where the secret is gone, or is to be deleted", async () => {
    const id = await newStage("leaves");
    stubs.secrets.delete("notejam/stage/leaves");
    await remove("leaves", id);
    expect(await kept("leaves")).toEqual(NOTHING);

    const again = await newStage("leaves");
    const secret = stubs.secrets.get("notejam/stage/leaves");
    if (secret) secret.isDeleted = true;
    await remove("leaves", again);
    expect([await kept("leaves"), secretOf("leaves")]).toEqual([NOTHING, null]);
  });

  test("waits for a session of AWS's own, which it can't end", async () => {
    const id = await newStage("leaves");
    const url = addressOf("stage_leaves");
    const aws = await startDataApi({ databases: { stage_leaves: { kind: "postgres", url } } });

    const removal = remove("leaves", id);
    await vi.waitUntil(() => provider?.calls.last.some(({ sqlState }) => sqlState === "42501"), {
      timeout: 20_000,
    });
    await aws.close();

    await removal;
    expect(await kept("leaves")).toEqual(NOTHING);
  });

  test("leaves a role to which another stage gave rights, but nobody can log in as it", async () => {
    const id = await newStage("leaves");
    await newStage("gives");
    await asSuperuser("grant connect on database stage_gives to stage_leaves");
    const { username, password } = secretOf("leaves");

    await remove("leaves", id);

    expect(await kept("leaves")).toMatchObject({
      databases: [],
      roles: [{ rolname: "stage_leaves", rolcanlogin: false }],
    });
    const url = addressOf("stage_gives", { username, password });
    await expect(startDataApi({ databases: { stage_gives: { kind: "postgres", url } } })).rejects.toThrow();
    const again = await newStage("leaves");
    expect(await kept("leaves")).toMatchObject({ roles: complete("leaves", again).roles });
    await asSuperuser("revoke connect on database stage_gives from stage_leaves");
  });

  test.each([undefined, "AWSCDK::CustomResourceProviderFramework::CREATE_FAILED", "stage_other", ""])(
    "of the resource %j, which is not the stage's, removes what its own stack has made, and nothing else",
    async (PhysicalResourceId) => {
      const id = await newStage("stays");
      const other = stackId("stays");
      stubs.stacks.set(other, "DELETE_IN_PROGRESS");

      const answer = await invoke("Delete", { StackId: other, PhysicalResourceId });
      expect(answer).toEqual({ PhysicalResourceId: PhysicalResourceId ?? "" });
      expect(await kept("stays")).toEqual(complete("stays", id));

      stubs.stacks.set(id, "ROLLBACK_IN_PROGRESS");
      await invoke("Delete", { StackId: id, PhysicalResourceId });
      expect([await kept("stays"), secretOf("stays")]).toEqual([NOTHING, null]);
    },
  );

  test("of a resource that was never made touches nothing of a stage that nobody is recorded to have", async () => {
    const id = await newStage("unrecorded");
    await asSuperuser("comment on role stage_unrecorded__owner is null");
    stubs.stacks.set(id, "DELETE_IN_PROGRESS");

    await invoke("Delete", { StackId: id, PhysicalResourceId: "given up" });

    expect(await kept("unrecorded")).toMatchObject({ databases: [{ datname: "stage_unrecorded" }] });
    await remove("unrecorded", id);
    expect(await kept("unrecorded")).toEqual(NOTHING);
  });

  test("removes a database that its owner made a template", async () => {
    const id = await newStage("template");
    await asSuperuser("alter database stage_template with is_template true");

    await remove("template", id);

    expect(await kept("template")).toEqual(NOTHING);
  });
});

test("a creation that CloudFormation gives up while it works makes nothing", async () => {
  const id = newStack("given-up");
  // It is removed between the first question and the lock.
  const asked = stubs.asked.length;
  const status = vi.spyOn(stubs.stacks, "get");
  status.mockImplementation(function (this: Map<string, string>, key: string) {
    const before = stubs.asked.length - asked;
    return before > 1 ? "ROLLBACK_IN_PROGRESS" : (Map.prototype.get.call(stubs.stacks, key) as string);
  });

  await expect(create(id)).rejects.toThrow(/is being removed, or was: it gets no database/);

  status.mockRestore();
  expect([await kept("given-up"), secretOf("given-up")]).toEqual([NOTHING, null]);
});

test("a database whose removal was interrupted is made anew, and what its owner set is set back", async () => {
  const id = await newStage("broken");
  await asSuperuser("update pg_database set datconnlimit = -2 where datname = 'stage_broken'");

  await invoke("Update", { StackId: id, PhysicalResourceId: "stage_broken" });
  expect(await logIn("broken")).toEqual({ at: "stage_broken", who: "stage_broken" });

  await asSuperuser("alter database stage_broken with connection limit 0");
  await invoke("Update", { StackId: id, PhysicalResourceId: "stage_broken" });
  expect(await logIn("broken")).toEqual({ at: "stage_broken", who: "stage_broken" });
});

test("a resource that has another id in the template of a stack that lives on keeps its data", async () => {
  const id = await newStage("stays");

  for (const status of ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"]) {
    stubs.stacks.set(id, status);
    const removal = { StackId: id, PhysicalResourceId: "stage_stays", LogicalResourceId: "Former" };
    expect(await invoke("Delete", removal)).toEqual({ PhysicalResourceId: "stage_stays" });
  }

  expect(await kept("stays")).toEqual(complete("stays", id));
  expect(await logIn("stays")).toEqual({ at: "stage_stays", who: "stage_stays" });
});

test("a creation that is rolled back removes what it has made", async () => {
  const id = await newStage("undone");
  stubs.stacks.set(id, "ROLLBACK_IN_PROGRESS");

  await invoke("Delete", { StackId: id, PhysicalResourceId: "stage_undone" });

  expect([await kept("undone"), secretOf("undone")]).toEqual([NOTHING, null]);
});

describe("a late event", () => {
  test.each([
    "DELETE_IN_PROGRESS",
    "DELETE_COMPLETE",
    "DELETE_FAILED",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_COMPLETE",
    undefined,
  ])("of a stack that is %s is refused, and touches nothing", async (status) => {
    const id = stackId("late");
    if (status) stubs.stacks.set(id, status);
    provider?.calls.clear();

    for (const type of ["Create", "Update"]) {
      await expect(invoke(type, { StackId: id, PhysicalResourceId: "stage_late" })).rejects.toThrow(
        `The stack ${id} is being removed, or was: it gets no database.`,
      );
    }

    expect(provider?.calls.last).toEqual([]);
    expect([await kept("late"), secretOf("late")]).toEqual([NOTHING, null]);
  });

  test("that removes a former stack of the same name succeeds, and touches nothing", async () => {
    const former = await newStage("twice");
    await remove("twice", former);
    const id = await newStage("twice");
    const text = stubs.secrets.get("notejam/stage/twice")?.text;

    expect(await remove("twice", former)).toEqual({ PhysicalResourceId: "stage_twice" });

    expect(await kept("twice")).toEqual(complete("twice", id));
    expect(stubs.secrets.get("notejam/stage/twice")?.text).toBe(text);
  });

  test.each(["UPDATE_COMPLETE", "DELETE_FAILED"])(
    "does not take the database of another stack that is %s",
    async (status) => {
      const other = await newStage("taken");
      stubs.stacks.set(other, status);
      const text = stubs.secrets.get("notejam/stage/taken")?.text;
      const id = stackId("taken");
      stubs.stacks.set(id, "CREATE_IN_PROGRESS");

      await expect(create(id)).rejects.toThrow(
        `The database belongs to the stack ${other}, which still exists (${status}). Remove that stack first.`,
      );

      expect(await kept("taken")).toEqual(complete("taken", other));
      expect(stubs.secrets.get("notejam/stage/taken")?.text).toBe(text);
    },
  );

  test.each(["DELETE_COMPLETE", undefined])(
    "is none where the stack of before is %s: its database goes to the new one, with its data",
    async (status) => {
      const former = await newStage("again");
      await inDatabase("again", "create table kept as select 1 as n");
      if (status) stubs.stacks.set(former, status);
      else stubs.stacks.delete(former);

      const id = await newStage("again");

      expect(await kept("again")).toEqual(complete("again", id));
      expect(await inDatabase("again", "select n from kept")).toEqual([{ n: 1 }]);
      await remove("again", id);
    },
  );
});

describe("a stage that reaches for another one's database", () => {
  const PROPERTIES = {
    Stage: "victim",
    stage: "victim",
    StageName: "victim",
    DatabaseName: "stage_victim",
    Database: "stage_victim",
    OwnerRole: "stage_victim__owner",
    Username: "stage_victim",
    RequestType: "Delete",
    PhysicalResourceId: "stage_victim",
    LogicalResourceId: "stage_victim",
    SecretName: "notejam/stage/victim",
    Again: "stage_victim",
  };
  let victim: string;
  let mallory: string;
  beforeAll(async () => {
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    [victim, mallory] = [await newStage("victim"), await newStage("mallory")];
    await inDatabase("victim", "create table thing as select 1 as n");
  });

  /** What mallory must not change. */
  const victims = async () => ({
    kept: await kept("victim"),
    rows: await inDatabase("victim", "select n from thing"),
    secret: stubs.secrets.get("notejam/stage/victim"),
    whereIAm: await logIn("victim"),
  });
  const UNTOUCHED = async () => ({
    kept: complete("victim", victim),
    rows: [{ n: 1 }],
    secret: { ...stubs.secrets.get("notejam/stage/victim") },
    whereIAm: { at: "stage_victim", who: "stage_victim" },
  });

  test("by every property that it can set reaches its own", async () => {
    const untouched = await UNTOUCHED();
    const reaching = {
      ...PROPERTIES,
      StackId: mallory,
      ResourceType: "Custom::stage_victim",
      ResourceProperties: { ...PROPERTIES, StackId: victim, SecretArn: untouched.secret.arn },
      OldResourceProperties: { ...PROPERTIES, StackId: victim, SecretArn: untouched.secret.arn },
    };

    for (const type of ["Create", "Update", "Delete"]) {
      if (type === "Delete") stubs.stacks.set(mallory, "DELETE_IN_PROGRESS");
      const answer = await invoke("Create", { ...reaching, RequestType: type });
      const own = { DatabaseName: "stage_mallory", OwnerRole: "stage_mallory__owner" };
      if (type === "Delete") expect(answer).toEqual({ PhysicalResourceId: "stage_victim" });
      else expect(answer).toMatchObject({ PhysicalResourceId: "stage_mallory", Data: own });
      expect(await victims()).toEqual(untouched);
    }
    // Its own is what it removed.
    expect(await kept("mallory")).toEqual(NOTHING);
    stubs.stacks.set(mallory, "CREATE_IN_PROGRESS");
    await create(mallory);
    expect(await kept("mallory")).toEqual(complete("mallory", mallory));
  });

  const guid = randomUUID();
  test.each([
    stackId("victim", `${guid}/../x`),
    stackId("victim", "not-a-guid"),
    stackId("mallory/../victim", guid),
    stackId("../victim", guid),
    stackId("victim-notejam-app/x", guid),
    // Of a nested stack.
    `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/victim-notejam-app-Nested-1ABCDEFGHIJKL/${guid}`,
    `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/victim-notejam-data/${guid}`,
    `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/victim/${guid}`,
    `arn:aws:cloudformation:${REGION}:${ACCOUNT}:changeSet/victim-notejam-app/${guid}`,
    `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/victim-notejam-app/${guid}`,
    `arn:aws:cloudformation:${REGION}:999999999999:stack/victim-notejam-app/${guid}`,
    `arn:aws-cn:cloudformation:${REGION}:${ACCOUNT}:stack/victim-notejam-app/${guid}`,
    `arn:aws:s3:${REGION}:${ACCOUNT}:stack/victim-notejam-app/${guid}`,
    ` ${stackId("victim", guid)}`,
    `${stackId("victim", guid)}\n`,
    stackId("Victim", guid),
    stackId("victim_", guid),
    stackId("mallory--victim", guid),
    stackId("victim-", guid),
    stackId("-victim", guid),
    stackId("", guid),
    stackId("vıctim", guid),
    stackId("victim\u0000", guid),
    stackId("v%69ctim", guid),
    stackId('x"; drop database stage_victim; --', guid),
    stackId("a".repeat(31), guid),
    ...["production", "staging", "dev", "vault", "local", "prod", "live", "stage", "development"].map(
      (stage) => stackId(stage, guid),
    ),
    "stage_victim",
    "",
  ])("as the stack %j is refused before anything is asked", async (id) => {
    provider?.calls.clear();
    stubs.asked.splice(0);

    for (const type of ["Create", "Update", "Delete"]) {
      await expect(invoke(type, { StackId: id, PhysicalResourceId: "stage_victim" })).rejects.toThrow(
        "Only the stack <stage>-notejam-app of a person or a pull request, in this account and region, has a database here",
      );
    }

    expect([provider?.calls.last, stubs.asked]).toEqual([[], []]);
  });

  test.each([
    {},
    null,
    "Delete",
    { RequestType: "Drop", StackId: stackId("victim") },
    { RequestType: "Delete", StackId: [stackId("victim")] },
  ])("with an event that is none is refused: %j", async (event) => {
    const refused = handler(event, { awsRequestId: "id", invokedFunctionArn: FUNCTION });
    await expect(refused).rejects.toThrow("Only CloudFormation invokes this function");
  });

  test("by a name that ends like the app's reaches its own", async () => {
    const untouched = await UNTOUCHED();
    const answer = await create(newStack("victim-notejam-app"));

    expect(answer.PhysicalResourceId).toBe("stage_victim_notejam_app");
    expect(await victims()).toEqual(untouched);
    await remove("victim-notejam-app", made.get("victim-notejam-app") ?? "");
    expect(await victims()).toEqual(untouched);
  });

  test("by its role can't connect to it, nor to the database of dev", async () => {
    for (const name of ["stage_victim", DEV]) {
      await expect(logIn("mallory", name), name).rejects.toThrow(/permission denied for database/);
    }
  });

  test("from its own database is refused by PostgreSQL", async () => {
    const { username, password } = secretOf("mallory");
    const url = addressOf("stage_mallory", { username, password });
    const server = await startDataApi({ databases: { stage_mallory: { kind: "postgres", url } } });
    pointTo(server, "stage_mallory");
    const refusals = [
      ...["stage_victim__owner", "stage_victim", DEV, "postgres"].map((role) => `set role ${role}`),
      "set session authorization stage_victim",
      "grant stage_victim__owner to stage_mallory",
      "grant stage_victim to stage_mallory__owner",
      "alter role stage_victim password 'a-password-of-mallory'",
      "alter role stage_mallory connection limit 100",
      "alter role stage_mallory with createdb",
      "comment on role stage_victim__owner is null",
      "comment on role stage_mallory__owner is null",
      "drop role stage_victim",
      "create role accomplice",
      "create database accomplice",
      "drop database stage_victim",
      "alter database stage_victim rename to stage_stolen",
      "alter database stage_victim owner to stage_mallory__owner",
      "alter database stage_mallory owner to stage_victim__owner",
      "alter database stage_mallory rename to stage_stolen",
      "revoke connect on database stage_victim from stage_victim",
      "create extension dblink",
      "select rolpassword from pg_authid",
      "select pg_read_file('postgresql.conf')",
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres' or usename like 'dev\\_%'",
    ];
    const db = database("transactions");
    for (const owner of [false, true]) {
      for (const statement of refusals) {
        const attempt = db.transaction(async (tx) => {
          if (owner) await tx.execute("set local role stage_mallory__owner");
          const { rows } = await tx.execute(statement);
          // A GRANT of what one does not have only warns.
          throw new Error(`${statement} answered ${JSON.stringify(rows)}`);
        });
        await expect(attempt, statement).rejects.toMatchObject({
          cause: { message: expect.stringMatching(/SQLState: (?:42501|25001)$/) },
        });
      }
    }
    await server.close();
    expect(await victims()).toEqual(await UNTOUCHED());
    expect(await kept("mallory")).toEqual(complete("mallory", mallory));
  });
});

describe("in the database of a stage", () => {
  let server: DataApiServer;
  beforeAll(async () => {
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    pointTo(provider, DEV);
    await newStage("works");
    const { username, password } = secretOf("works");
    const url = addressOf("stage_works", { username, password });
    server = await startDataApi({ databases: { stage_works: { kind: "postgres", url } } });
  });
  afterAll(() => server?.close());
  beforeEach(() => {
    pointTo(server, "stage_works");
    process.env[ENV.databaseOwnerRole] = "stage_works__owner";
    return () => delete process.env[ENV.databaseOwnerRole];
  });
  const run = async (statement: string) => (await database().execute(statement)).rows;

  test("two deployments at once migrate, and the application works", async () => {
    const [one, two] = await Promise.all([migrate(), migrate()]);

    expect([...one.applied, ...two.applied].sort()).toEqual(migrations.map(({ name }) => name));
    expect(await migrate()).toEqual({ applied: [], newer: [] });
    expect(
      await run(
        "select count(*) as n from pg_class where relkind in ('r', 'S', 'i') and relnamespace = 'public'::regnamespace and relowner <> 'stage_works__owner'::regrole",
      ),
    ).toEqual([{ n: 0 }]);
    expect(await run("select count(*) as n from pg_index where not indisvalid")).toEqual([{ n: 0 }]);

    const from = { address: "192.0.2.1", device: newDevice("Firefox on Linux") };
    const user = { email: `${randomUUID()}@example.com`, password: "correct horse battery" };
    const viewer = viewerOf((await Account.signUp(user, from)).token);
    const { note } = await Note.create(viewer, { name: "Milk", text: "Buy some." });
    expect(await Note.get(viewer, note.id)).toMatchObject({ note: { text: "Buy some." } });
  });

  test("an index that is built concurrently elsewhere is built once, in a transaction", async () => {
    const index = {
      name: "20991231235959_index",
      sql: '-- Without blocking writes.\nCREATE INDEX CONCURRENTLY IF NOT EXISTS "note_later" ON "note" ("name");',
    };
    const both = await Promise.all([1, 2].map(() => applyMigrations([...migrations, index])));

    expect(both.flatMap(({ applied }) => applied)).toEqual([index.name]);
    expect(
      await run("select indisvalid as valid from pg_index where indexrelid = 'note_later'::regclass"),
    ).toEqual([{ valid: true }]);
    await inDatabase("works", "drop index note_later");
    await inDatabase("works", `delete from migration where name = '${index.name}'`);
  });

  test.each([
    "create table mine (n int)",
    "create temporary table mine (n int)",
    "create schema mine",
    "alter table note add mine text",
    "drop table note",
    "truncate note",
    "select name from migration",
    "delete from migration_lease",
  ])("the application can't %s", async (statement) => {
    await expect(run(statement)).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/SQLState: 42501$/) },
    });
  });

  test("what the application was given by hand is taken from it by the next deployment", async () => {
    await inDatabase("works", "grant truncate on note to stage_works");
    pointTo(server, "stage_works");

    await migrate();

    await expect(run("truncate note")).rejects.toThrow();
  });

  test("a role that has the owner's rights without taking its role is refused", async () => {
    await asSuperuser(`grant stage_works__owner to stage_works with inherit true granted by ${DEV}`);
    pointTo(server, "stage_works");

    await expect(migrate()).rejects.toThrow("is a member of another role");

    await asSuperuser(`grant stage_works__owner to stage_works with inherit false granted by ${DEV}`);
    pointTo(server, "stage_works");
    expect(await migrate()).toEqual({ applied: [], newer: [] });
  });

  test("code that is older than the database changes nothing", async () => {
    await inDatabase("works", "insert into migration (name) values ('20991231235959_newer')");
    await inDatabase("works", "grant truncate on note to stage_works");
    pointTo(server, "stage_works");

    expect(await migrate()).toEqual({ applied: [], newer: ["20991231235959_newer"] });
    expect(await run("select has_table_privilege('note', 'truncate') as can")).toEqual([{ can: true }]);
  });
});
