// What is done to a restored database, through the function that is invoked by hand, with what the notes command finds in the log.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InProcessFunction } from "@notejam/local/aws/lambda/in-process-function";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Browser, newNote, newUser, PASSWORD, type Service, startService } from "../test/service.ts";
import { handler } from "./recover.ts";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());
let browser: Browser;
beforeEach(async () => {
  for (const table of ["note", "pad", "account", "purged"]) await service.statement(`delete from ${table}`);
  service.log.splice(0);
  browser = await newUser(service);
});

const recover = new InProcessFunction("recover", handler);

async function run(event: unknown): Promise<unknown> {
  const outcome = await recover.invoke(JSON.stringify(event));
  return "payload" in outcome ? JSON.parse(outcome.payload) : outcome.error.errorMessage;
}

/** The event that the notes command makes of the service's log. */
function purgedOfLog(): unknown {
  const folder = mkdtempSync(join(tmpdir(), "notejam-purged-"));
  try {
    const file = join(folder, "log.jsonl");
    writeFileSync(file, service.log.join(""));
    return JSON.parse(
      execFileSync(process.execPath, [join(import.meta.dirname, "../../cli/src/main.ts"), "purged", file], {
        encoding: "utf8",
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Takes the rows of a note as a backup has them, and puts them back later. */
async function backedUp(id: string) {
  await service.statement(`create table backup as select * from note where id = '${id}'`);
  return async () => {
    await service.statement("delete from purged");
    const columns = await service.statement(
      "select string_agg(quote_ident(column_name), ',') names from information_schema.columns where table_name = 'note' and is_generated = 'NEVER'",
    );
    const names = String(columns[0]?.names);
    await service.statement(`insert into note (${names}) select ${names} from backup`);
    await service.statement("update account set notes = notes + 1");
    await service.statement("drop table backup");
  };
}

test("a note that was deleted for ever after the backup is deleted again, by the lines of the log", async () => {
  const [doomed, other] = [await newNote(browser), await newNote(browser)];
  const restore = await backedUp(doomed.id);
  await browser.delete(`/api/notes/${doomed.id}`);
  await browser.delete(`/api/trash/notes/${doomed.id}`, { password: PASSWORD });
  const event = purgedOfLog();
  await restore();
  expect((await browser.get(`/api/notes/${doomed.id}`)).status).toBe(200);

  expect(await run(event)).toEqual({ notes: 1, pads: 0, accounts: 0 });

  expect((await browser.get(`/api/notes/${doomed.id}`)).status).toBe(404);
  expect((await browser.get(`/api/notes/${other.id}`)).status).toBe(200);
  expect(await run(event)).toEqual({ notes: 0, pads: 0, accounts: 0 });
  expect(JSON.parse(service.log.at(-1) ?? "")).toMatchObject({ message: "recover", level: "info", notes: 0 });
});

test("a session that had ended after the backup is ended again, with all others, and a password still works", async () => {
  const second = await newUser(service);
  const cookies = new Map(browser.cookies);
  await browser.delete("/api/session");
  // What a backup brings back.
  await service.statement("update session set expires_at = now() + interval '1 day'");
  for (const [name, value] of cookies) browser.cookies.set(name, value);
  expect((await browser.get("/api/session")).status).toBe(200);

  expect(await run({ endSessions: true })).toEqual({ notes: 0, pads: 0, accounts: 2 });

  for (const one of [browser, second]) expect((await one.get("/api/session")).status).toBe(401);
  const { email } = browser;
  expect((await browser.post("/api/session", { email, password: PASSWORD })).status).toBe(201);
});

test("all accounts' sessions end, also of more than one statement takes", async () => {
  await service.statement(
    `insert into account (id, email, password_hash, created_at)
      select gen_random_uuid(), i || '@example.com', 'x', now() from generate_series(1, 2100) i`,
  );

  expect(await run({ endSessions: true })).toMatchObject({ accounts: 2101 });

  expect(await service.statement("select distinct epoch from account")).toEqual([{ epoch: 2 }]);
});

test.each([{}, { purge: [] }, { purged: [{ id: "x" }] }, { endSessions: "yes" }, null])(
  "an event that is none is refused, with what one is: %j",
  async (event) => {
    expect(await run(event)).toMatch(/^The event of recover is \{"endSessions": true\}, or what/);
    expect(service.log.filter((line) => line.includes('"recover"'))).toEqual([]);
  },
);
