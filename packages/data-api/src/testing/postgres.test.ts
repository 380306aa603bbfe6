// The test server that the suites share, from the outside.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { startPostgres } from "./postgres.ts";

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("it is PostgreSQL 18 on loopback alone, makes databases, and leaves nothing behind", async () => {
  const server = await startPostgres();
  const url = await server.createDatabase("a-name with 'quotes\"");
  const [about] = await ask(
    url,
    `select current_setting('server_version_num')::int4 / 10000 as major, current_database() as name,
      current_setting('listen_addresses') as listens, current_setting('unix_socket_directories') as sockets,
      current_setting('data_directory') as directory`,
  );
  expect(about).toMatchObject({
    major: 18,
    name: "a-name with 'quotes\"",
    listens: "127.0.0.1",
    sockets: "",
  });
  await expect(server.createDatabase("a-name with 'quotes\"")).rejects.toThrow("already exists");
  await server.close();
  await expect(ask(url, "select 1")).rejects.toThrow();
  expect(existsSync(String(about?.directory))).toBe(false);
});

test("a server that begins with a backup has its data, and leaves the backup as it is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "data-api-backup-"));
  const first = await startPostgres();
  await ask(await first.createDatabase("kept"), "create table t as select 1 one");
  const backup = await first.backUp(join(folder, "backup"));
  await expect(ask(first.url("kept"), "select 1")).rejects.toThrow();
  await first.close();

  for (let time = 0; time < 2; time++) {
    const restored = await startPostgres(backup);
    expect(await ask(restored.url("kept"), "select * from t")).toEqual([{ one: 1 }]);
    await ask(restored.url("kept"), "drop table t");
    await restored.close();
  }
  rmSync(folder, { recursive: true });
});

test("it ends with the process that started it, however that ends, and takes its directory along", async () => {
  const module = new URL("./postgres.ts", import.meta.url).href;
  const script = `const { startPostgres } = await import(${JSON.stringify(module)});
    const server = await startPostgres();
    process.stdout.write(server.url("postgres"));`;
  // In a process group of its own, which is killed whole.
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const url = await new Promise<string>((resolve) =>
    child.stdout.once("data", (said) => resolve(String(said))),
  );
  const [about] = await ask(url, "select current_setting('data_directory') as directory");
  process.kill(-Number(child.pid), "SIGKILL");
  await expect.poll(() => ask(url, "select 1").catch(() => "gone"), { timeout: 10_000 }).toBe("gone");
  await expect.poll(() => existsSync(String(about?.directory)), { timeout: 10_000 }).toBe(false);
});
