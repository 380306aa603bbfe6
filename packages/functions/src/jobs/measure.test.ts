// The job that measures accounts, on the real database engine.
import { LENGTHS_MAX } from "@notejam/core/account/size";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Browser, newNote, newUser, PASSWORD, type Service, startService } from "../../test/service.ts";
import { handler } from "./measure.ts";
import { addStates, runJob } from "./testing/run.ts";

const HOUR_MS = 3_600_000;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());
beforeEach(async () => {
  await service.statement("delete from note");
  await service.statement("delete from account");
});
afterEach(() => service.dataApi.faults.clear());

/** Runs it hours after the present. */
const run = (hours = 0) => runJob(service, "measure", handler, new Date(Date.now() + hours * HOUR_MS));

async function bytesOf({ email }: Browser): Promise<unknown> {
  const [account] = await service.statement(`select bytes::int from account where email = '${email}'`);
  return account?.bytes;
}

test("counts the bytes of each account's notes and earlier states, also in the trash", async () => {
  const [first, second] = [await newUser(service), await newUser(service)];
  const note = await newNote(first, { text: "12345" });
  await first.patch(`/api/notes/${note.id}`, { text: "é".repeat(10) }, { version: 1 });
  const trashed = await newNote(first, { text: "x".repeat(100) });
  await first.delete(`/api/notes/${trashed.id}`);

  const { outcome, line } = await run();

  // The deletion made a state of the same text.
  const bytes = 5 + 20 + 2 * 100;
  expect([await bytesOf(first), await bytesOf(second)]).toEqual([bytes, 0]);
  expect(outcome).toEqual({ accounts: 2, lengths: 4, cut: 0 });
  expect(line).toMatchObject({ level: "info", message: "measure", accounts: 2, lengths: 4 });
});

test("measures no account again within the hours after, and each one again the next day", async () => {
  const browser = await newUser(service);
  await run();
  await newNote(browser, { text: "12345" });

  expect((await run(1)).outcome).toMatchObject({ accounts: 0 });
  expect(await bytesOf(browser)).toBe(0);
  expect((await run(24)).outcome).toMatchObject({ accounts: 1 });
  expect(await bytesOf(browser)).toBe(5);
});

test("measures an account again within the hour when it has written much, and adds what it writes to its size", async () => {
  const [busy, quiet] = [await newUser(service), await newUser(service)];
  await run();
  await newNote(quiet, { text: "12345" });
  await newNote(busy, { text: "12345" });
  await service.statement(`update written set total = total + 40 * 1024 * 1024 where bytes = 5
    and user_id = (select id from account where email = '${busy.email}')`);

  expect((await run(1)).outcome).toMatchObject({ accounts: 1 });
  expect([await bytesOf(busy), await bytesOf(quiet)]).toEqual([5, 0]);
  const [account] = await service.statement(`select measured_written - 40 * 1024 * 1024 since from account
    where email = '${busy.email}'`);
  expect(Number(account?.since)).toBe(5);
  expect((await run(2)).outcome).toMatchObject({ accounts: 0 });
});

test("measures an account again within the hour when it has deleted for ever", async () => {
  const browser = await newUser(service);
  const { id } = await newNote(browser, { text: "12345" });
  await run();
  await browser.delete(`/api/notes/${id}`);
  await browser.delete(`/api/trash/notes/${id}`, { password: PASSWORD });

  expect((await run(1)).outcome).toMatchObject({ accounts: 1 });
  expect(await bytesOf(browser)).toBe(0);
});

test("counts no state whose content retention has emptied", async () => {
  const browser = await newUser(service);
  const { id } = await newNote(browser, { text: "12345" });
  await browser.patch(`/api/notes/${id}`, { text: "123" }, { version: 1 });
  await service.statement("update revision set text = '', thinned_at = now()");

  await run();

  expect(await bytesOf(browser)).toBe(3);
});

test("reads very many states in steps, and begins again in the next run if its process dies after any", async () => {
  const browser = await newUser(service);
  const { id } = await newNote(browser, { text: "12345" });
  const from = new Date(Date.now() - 1000 * HOUR_MS);
  await addStates(service, id, { count: LENGTHS_MAX + 10, from, apart: "1 minute" });
  const fault = { kind: "sql-state", sqlState: "XX000", when: "after" } as const;

  for (const matching of [/measured_at <|from "account"/, /from note t/, /from revision t/]) {
    service.dataApi.faults.plan({ ...fault, matching });
    expect((await run()).line).toMatchObject({ level: "error", message: "measure" });
    expect(await bytesOf(browser)).toBe(0);
  }
  const { line } = await run();

  expect(line).toMatchObject({ accounts: 1, lengths: LENGTHS_MAX + 11, dataApiCalls: 6 });
  expect(await bytesOf(browser)).toBe(5 + 4 * (LENGTHS_MAX + 10));
});

test("goes on with the next account if its process dies after it has kept a size", async () => {
  for (let i = 0; i < 3; i++) await newNote(await newUser(service), { text: "12345" });

  const plan = () =>
    service.dataApi.faults.plan({
      kind: "sql-state",
      sqlState: "XX000",
      when: "after",
      matching: /set bytes/,
    });
  for (let i = 0; i < 2; i++) {
    plan();
    await run();
  }

  expect((await run()).outcome).toMatchObject({ accounts: 1 });
  expect(await service.statement("select distinct bytes::int from account")).toEqual([{ bytes: 5 }]);
});
