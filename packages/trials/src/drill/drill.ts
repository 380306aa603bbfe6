// The drill: the promise that notes are recoverable, rehearsed with the real service and the real database.
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signIn } from "@notejam/cli/account";
import { type Connection, openConnection } from "@notejam/cli/connection";
import { unlessMissing } from "@notejam/cli/missing";
import { compareStates, listStates, type StatesList } from "@notejam/cli/states";
import { verifyStates } from "@notejam/cli/verify";
import type { Api } from "@notejam/client";
import { ENV } from "@notejam/core/config";
import { type Applied, applyPurged } from "@notejam/core/trash/apply-purged";
import { purgedIn } from "@notejam/core/trash/purged-log";
import { startDataApi } from "@notejam/data-api";
import { sdkEnvironment } from "@notejam/local/aws/sdk-environment";
import { startService } from "../service.ts";
import { type Backup, ENGINES, type EngineName, type Store } from "./engines.ts";
import { type Acknowledged, noLoad, statesIn, write } from "./load.ts";
import { stopwatch } from "./stopwatch.ts";

export interface DrillOptions {
  /** How many operations the clients make before the backup. They make half as many after it. */
  operations: number;
  /** Prints what happens. */
  say?: (line: string) => void;
  /** A test damages the restored database here. The environment points to it. */
  damage?: () => Promise<void>;
}

export interface DrillReport {
  engine: EngineName | "aws";
  at: string;
  /** States that were acknowledged before the backup, and after it: those are lost, as in every restore. */
  acknowledged: { before: number; after: number };
  notes: number;
  /** States that are as they were, of those before the backup. */
  same: number;
  /** What was deleted for ever after the backup, and deleted again. */
  purged: Applied;
  /** How many states of it were acknowledged before the backup. */
  purgedStates: number;
  /** What was acknowledged before the backup and is lost or was changed. */
  lost: { note: string; problem: string }[];
  /** How long each step took. */
  seconds: Record<string, number>;
}

const CREDENTIALS = { email: "drill@example.com", password: "correct horse battery" };

/** Rehearses the loss of a database. @throws Error if a step fails */
export async function drill(
  engine: EngineName,
  { operations, say = () => undefined, damage }: DrillOptions,
): Promise<DrillReport> {
  const folder = await mkdtemp(join(tmpdir(), "notejam-drill-"));
  const { seconds, step } = stopwatch(say);
  const [first, second, third] = (await Promise.all(
    ["first", "second", "restored"].map(async (name) => {
      await mkdir(join(folder, name), { mode: 0o700 });
      return join(folder, name);
    }),
  )) as [string, string, string];
  const stores = new Set<Store>();
  const known = (store: Store) => {
    stores.add(store);
    return store;
  };
  try {
    const load = noLoad();
    const store = known(await ENGINES[engine](first));
    const list = await step("write under load", () =>
      serving(first, store, async ({ api }, user) => {
        await write(api, load, operations);
        return listStates(api, user);
      }),
    );
    const before: Acknowledged = new Map([...load.acknowledged].map(([id, states]) => [id, new Map(states)]));
    const backup: Backup = await step("back up", () => store.backUp());

    const later = known(await backup.restore(second));
    await step("write on, and delete for ever", () =>
      serving(second, later, async ({ api }) => {
        await write(api, load, Math.ceil(operations / 2));
        await deleteForEver(api, [...before.keys()].slice(0, 3));
      }),
    );
    const purged = purgedIn((await readFile(join(second, "log.jsonl"), "utf8")).split("\n"));
    await step("destroy the database", async () => {
      for (const one of [store, later]) {
        await one.destroy();
        stores.delete(one);
      }
    });

    const restored = await step("restore the backup", async () => known(await backup.restore(third)));
    const applied = await step("delete for ever again", () =>
      withDatabase(restored, async () => {
        const applied = await applyPurged(purged);
        await damage?.();
        return applied;
      }),
    );
    const gone = new Set(purged.map(({ id }) => id));
    const { same, lost } = await step("compare", () =>
      serving(third, restored, ({ api }) => compare(api, list, before, gone)),
    );
    const acknowledged = { before: statesIn(before), after: statesIn(load.acknowledged) - statesIn(before) };
    const at = new Date().toISOString();
    const purgedStates = statesIn(new Map([...before].filter(([id]) => gone.has(id))));
    return {
      engine,
      at,
      acknowledged,
      notes: before.size,
      same,
      purged: applied,
      purgedStates,
      lost,
      seconds,
    };
  } finally {
    for (const store of stores) await store.destroy().catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a service over the store meanwhile. */
async function serving<T>(
  dataDir: string,
  store: Store,
  run: (connection: Connection, userId: string) => Promise<T>,
): Promise<T> {
  const service = await startService(dataDir, store.environment);
  try {
    const connection = openConnection(service.origin);
    const { user } = await signIn(connection, CREDENTIALS, true);
    return await run(connection, user.id);
  } finally {
    await service.stop();
  }
}

/** Points core to the store's database meanwhile. */
async function withDatabase<T>(store: Store, run: () => Promise<T>): Promise<T> {
  const dataApi = await startDataApi({ databases: { [store.databaseName]: store.database } });
  Object.assign(
    process.env,
    sdkEnvironment({ rdsData: dataApi.url, lambda: "", sesv2: "", secretsManager: "" }, "local"),
    {
      [ENV.databaseArn]: "arn:aws:rds:eu-west-1:000000000000:cluster:drill",
      [ENV.databaseSecretArn]: "arn:aws:secretsmanager:eu-west-1:000000000000:secret:drill",
      [ENV.databaseName]: store.databaseName,
    },
  );
  try {
    return await run();
  } finally {
    await dataApi.close();
  }
}

async function deleteForEver(api: Api, ids: string[]): Promise<void> {
  const { password } = CREDENTIALS;
  for (const id of ids) {
    await api.notes[":id"].$delete({ param: { id } });
    await api.trash.notes[":id"].$delete({ param: { id }, json: { password } });
  }
}

/** Compares with the list of states, and with what the clients were told, each note and state. */
export async function compare(api: Api, list: StatesList, before: Acknowledged, gone: ReadonlySet<string>) {
  const { lost } = await compareStates(api, list, gone);
  const { differs } = await verifyStates(api, undefined);
  if (differs) lost.push({ note: differs.id, problem: `version ${differs.version}: ${differs.problem}` });
  for (const id of gone)
    if (await unlessMissing(verifyStates(api, id)))
      lost.push({ note: id, problem: "it was deleted for ever, and is there again" });
  // What is in the trash can be read once it is restored.
  const inTrash = list.notes.filter(({ id, states }) => states.length === 0 && !gone.has(id));
  for (const { id } of inTrash) {
    // One that is not there is among the lost ones already.
    await unlessMissing(api.trash.notes[":id"].restore.$post({ param: { id }, json: { padId: null } }));
  }
  const now = new Map((await listStates(api, list.account)).notes.map((note) => [note.id, note.states]));
  let same = 0;
  for (const [id, states] of before) {
    if (gone.has(id)) continue;
    const found = new Map(now.get(id)?.map(({ version, hash }) => [version, hash]));
    for (const [version, hash] of states) {
      if (found.get(version) === hash) same++;
      else
        lost.push({
          note: id,
          problem: `version ${version}, which was acknowledged, is lost or was changed`,
        });
    }
  }
  return { same, lost };
}
