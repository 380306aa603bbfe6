// What PGlite keeps in its data directory: across restarts, kills and dumps.
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ExecuteStatementCommand, type Field, RDSDataClient } from "@aws-sdk/client-rds-data";
import { type DatabaseOptions, startDataApi } from "@notejam/data-api";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ARNS } from "./harness.ts";

let directory: string;
let dataDir: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "data-api-kept-"));
  await (await open({ dataDir: join(directory, "fresh") })).server.close();
});
beforeEach(async () => {
  dataDir = await mkdtemp(join(directory, "data-"));
  await cp(join(directory, "fresh"), dataDir, { recursive: true });
});
afterAll(() => rm(directory, { recursive: true }));

type Embedded = Omit<Extract<DatabaseOptions, { kind: "pglite" }>, "kind">;

async function open(database: Embedded) {
  const server = await startDataApi({ databases: { kept: { kind: "pglite", ...database } } });
  const client = new RDSDataClient({
    endpoint: server.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const execute = async (sql: string): Promise<Field[][] | undefined> =>
    (await client.send(new ExecuteStatementCommand({ ...ARNS, sql }))).records;
  return { server, execute, [Symbol.asyncDispose]: () => server.close() };
}

test("a database stays across restarts, and a dump of it starts another", async () => {
  {
    await using first = await open({ dataDir });
    await first.execute("create table kept (n int4)");
    await first.execute("insert into kept values (7)");
  }
  await using second = await open({ dataDir });
  expect(await second.execute("select n from kept")).toEqual([[{ longValue: 7 }]]);
  const dump = await second.server.dump();
  await using copy = await open({ loadFrom: dump });
  expect(await copy.execute("update kept set n = 8 returning n")).toEqual([[{ longValue: 8 }]]);
  expect(await second.execute("select n from kept")).toEqual([[{ longValue: 7 }]]);
  await second.server.close();
  await expect(open({ dataDir, loadFrom: dump })).rejects.toMatchObject({
    name: "DataDirectoryError",
    message: expect.stringContaining("a dump can only be loaded into an empty one"),
  });
});

test("a second process is refused while the first writes; killed, the first leaves every acknowledged row", async () => {
  const script = new URL("./writer.ts", import.meta.url).pathname;
  const writer = spawn(process.execPath, [script, dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  const killed = new Promise((resolve) => writer.once("close", resolve));
  let acknowledged = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged = Number(line);
    if (acknowledged === 50) {
      await expect(open({ dataDir })).rejects.toMatchObject({
        name: "DataDirectoryError",
        message: expect.stringContaining(`in use by another process (${writer.pid})`),
      });
    }
    if (acknowledged === 300) writer.kill("SIGKILL");
  }
  await killed;
  expect(acknowledged).toBeGreaterThanOrEqual(300);

  await using reopened = await open({ dataDir });
  const rows = await reopened.execute("select count(*), max(n) from written");
  // One row may have been committed whose answer was never sent.
  const expected = [acknowledged, acknowledged + 1].map((n) => [[{ longValue: n }, { longValue: n }]]);
  expect(expected).toContainEqual(rows);
});

test("a database that does not start says why, and is left as it was", async () => {
  const control = join(dataDir, "postgres", "global", "pg_control");
  const content = await readFile(control);
  await writeFile(control, "");
  await expect(open({ dataDir })).rejects.toMatchObject({
    name: "DataDirectoryError",
    message: expect.stringMatching(/^The database in .* does not start: PANIC: .*pg_control/),
  });
  await writeFile(control, content);
  await using mended = await open({ dataDir });
  expect(await mended.execute("select 1")).toEqual([[{ longValue: 1 }]]);
});
