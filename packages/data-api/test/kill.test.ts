// What a server leaves that is killed while it writes: whatever was acknowledged, each transaction whole or not at all,
// and nothing that holds its successor up.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ExecuteStatementCommand } from "@aws-sdk/client-rds-data";
import { type DatabaseOptions, startDataApi } from "@notejam/data-api";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { ARNS, clientOf, ENGINES, emptyDatabase } from "./harness.ts";
import { type Acknowledged, kindOf, PARTS, type WriterStart } from "./writer.ts";

const LANES = 4;
const KILLS = 2;

const directories: string[] = [];
afterAll(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true }))));

const DATABASES: Record<(typeof ENGINES)[number], () => Promise<DatabaseOptions>> = {
  async pglite() {
    const dataDir = await mkdtemp(join(tmpdir(), "data-api-killed-"));
    directories.push(dataDir);
    return { kind: "pglite", dataDir };
  },
  postgres: async () => ({ kind: "postgres", url: await emptyDatabase() }),
};

/** A server in this process, as the one that comes after. */
async function open(database: DatabaseOptions) {
  const server = await startDataApi({ databases: { kept: database } });
  const client = clientOf(server);
  const execute = async (sql: string) => client.send(new ExecuteStatementCommand({ ...ARNS, sql }));
  return { execute, [Symbol.asyncDispose]: () => server.close() };
}

/** Starts a writer and kills it after so many acknowledgements, whatever it is doing then; answers what it said. */
async function writeUntilKilled(start: WriterStart, after: number): Promise<Acknowledged[]> {
  const script = new URL("./writer.ts", import.meta.url).pathname;
  const writer = spawn(process.execPath, [script, JSON.stringify(start)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void writer.kill("SIGKILL"));
  const ended = once(writer, "close");
  const said: Acknowledged[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    said.push(JSON.parse(line));
    if (said.length === after) writer.kill("SIGKILL");
  }
  expect((await ended)[1]).toBe("SIGKILL");
  return said;
}

/** How many rows there are of each that was written, by `run lane n`. */
async function written(database: DatabaseOptions): Promise<Map<string, number>> {
  await using server = await open(database);
  const { records = [] } = await server.execute(
    "select run, lane, n, count(*) from written group by 1, 2, 3",
  );
  return new Map(
    records.map((row) => {
      const [run, lane, n, count = 0] = row.map(({ longValue }) => longValue);
      return [`${run} ${lane} ${n}`, count];
    }),
  );
}

const partsOf = (n: number) => (kindOf(n) === "row" ? 1 : PARTS);

describe.each(ENGINES)("a server over %s that is killed under load", (engine) => {
  const holds = engine === "postgres"; // the one backend of PGlite would be held from all

  test("leaves all that it acknowledged, and no half of a transaction, each time", async () => {
    const database = await DATABASES[engine]();
    {
      await using server = await open(database);
      await server.execute(
        "create table written (run int4, lane int4, n int4, part int4, filling text, primary key (run, lane, n, part))",
      );
      await server.execute("create table held as select 0 as n");
    }
    let before = new Map<string, number>();
    for (let run = 1; run <= KILLS; run++) {
      const after = 40 + Math.floor(Math.random() * 100);
      const said = await writeUntilKilled({ database, run, lanes: LANES, holds }, after);
      const now = await written(database);
      expect(said.length).toBeGreaterThanOrEqual(after);

      for (const [key, rows] of before) expect([key, now.get(key)]).toEqual([key, rows]);
      const last = new Map<number, number>();
      for (const { kind, lane, n } of said) {
        if (kind === "held") continue;
        last.set(lane, n);
        const key = `${run} ${lane} ${n}`;
        expect([key, now.get(key)]).toEqual([key, kind === "rolled back" ? undefined : partsOf(n)]);
      }
      for (const [key, rows] of now) {
        const [of = 0, lane = 0, n = 0] = key.split(" ").map(Number);
        if (of !== run) continue;
        // What was under way is there or not, and whole; nothing that was rolled back, and nothing later.
        expect([key, rows]).toEqual([key, partsOf(n)]);
        expect([key, kindOf(n)]).not.toEqual([key, "rolled back"]);
        expect(n).toBeLessThanOrEqual((last.get(lane) ?? -1) + 1);
      }
      before = now;

      if (holds) {
        // The row that its transaction held is free, and as it was.
        await using server = await open(database);
        await server.execute("update held set n = n + 1");
        expect((await server.execute("select n from held")).records).toEqual([[{ longValue: run }]]);
      }
    }
  });
});
