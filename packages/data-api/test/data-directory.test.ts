// What PGlite keeps in its data directory: across restarts, kills and dumps.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecuteStatementCommand, type Field } from "@aws-sdk/client-rds-data";
import { type DatabaseOptions, startDataApi } from "@notejam/data-api";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { ARNS, clientOf, emptyDump } from "./harness.ts";
import type { WriterStart } from "./writer.ts";

let directory: string;
let dataDir: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "data-api-kept-"));
  await (await open({ dataDir: join(directory, "fresh"), loadFrom: await emptyDump() })).server.close();
});
beforeEach(async () => {
  dataDir = await mkdtemp(join(directory, "data-"));
  await cp(join(directory, "fresh"), dataDir, { recursive: true });
});
afterAll(() => rm(directory, { recursive: true }));

type Embedded = Omit<Extract<DatabaseOptions, { kind: "pglite" }>, "kind">;

async function open(database: Embedded) {
  const server = await startDataApi({ databases: { kept: { kind: "pglite", ...database } } });
  const client = clientOf(server);
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

test("a second process is refused while the first writes, and not when it was killed", async () => {
  {
    await using server = await open({ dataDir });
    await server.execute("create table written (run int4, lane int4, n int4, part int4, filling text)");
  }
  const script = new URL("./writer.ts", import.meta.url).pathname;
  const start: WriterStart = { database: { kind: "pglite", dataDir }, run: 1, lanes: 1, holds: false };
  const writer = spawn(process.execPath, [script, JSON.stringify(start)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void writer.kill("SIGKILL"));
  const killed = once(writer, "close");
  await once(writer.stdout, "data");
  await expect(open({ dataDir })).rejects.toMatchObject({
    name: "DataDirectoryError",
    message: expect.stringContaining(`in use by another process (${writer.pid})`),
  });
  writer.kill("SIGKILL");
  await killed;
  await using reopened = await open({ dataDir });
  expect(await reopened.execute("select count(*) > 0 from written")).toEqual([[{ booleanValue: true }]]);
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
