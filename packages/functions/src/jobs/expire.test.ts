// The job that empties the trash, on the real database engine.
import { TRASH_DAYS } from "@notejam/core/trash/schema";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Browser, newNote, newPad, newUser, type Service, startService } from "../../test/service.ts";
import { handler } from "./expire.ts";
import { STEP_ROWS } from "./job.ts";
import { addStates, dieAfterStatement, runJob } from "./testing/run.ts";

const DAY_MS = 86_400_000;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());
let browser: Browser;
beforeEach(async () => {
  for (const table of ["note", "pad", "account", "purged"]) await service.statement(`delete from ${table}`);
  browser = await newUser(service);
});
afterEach(() => service.dataApi.faults.clear());

/** Runs it days after the present. */
const run = (days = TRASH_DAYS + 1) =>
  runJob(service, "expire", handler, new Date(Date.now() + days * DAY_MS));

/** Everything that there is of notes and pads. */
async function left() {
  const [counts] = await service.statement(
    `select (select count(*) from note)::int notes, (select count(*) from revision)::int states,
      (select count(*) from pad)::int pads, (select count(*) from pad_revision)::int pad_states,
      (select count(*) from purged)::int purged, notes counted_notes, pads counted_pads from account`,
  );
  return counts;
}
const NOTHING = { notes: 0, states: 0, pads: 0, pad_states: 0, counted_notes: 0, counted_pads: 0 };

/** Makes a pad of two notes, one of them in the trash by itself, and a note that stays live. */
async function addTrash() {
  const pad = await newPad(browser);
  const inPad = await newNote(browser, { padId: pad.id });
  const alone = await newNote(browser, { padId: pad.id });
  await browser.patch(`/api/notes/${inPad.id}`, { text: "Later." }, { version: 1 });
  await browser.delete(`/api/notes/${alone.id}`);
  await browser.delete(`/api/pads/${pad.id}`);
  return { pad, inPad, alone };
}

test("keeps all that is in the trash until its time is over", async () => {
  await addTrash();
  const before = await left();

  expect((await run(TRASH_DAYS - 1)).outcome).toEqual({ taken: 0, notes: 0, pads: 0 });
  expect(await left()).toEqual(before);
});

test("deletes notes and pads with all their states, keeps that they were, and counts them out of the account", async () => {
  const { pad, inPad, alone } = await addTrash();
  const live = await newNote(browser);

  const { outcome, line } = await run();

  expect(outcome).toMatchObject({ notes: 2, pads: 1 });
  expect(line).toMatchObject({ level: "info", message: "expire", notes: 2, pads: 1 });
  expect(await left()).toEqual({ ...NOTHING, notes: 1, counted_notes: 1, purged: 3 });
  expect((await browser.get(`/api/notes/${live.id}`)).status).toBe(200);
  for (const { id } of [inPad, alone]) {
    const { status, body } = await browser.post(`/api/trash/notes/${id}/restore`, {});
    expect([status, body.detail]).toEqual([404, "This note was deleted for ever."]);
  }
  expect((await browser.post(`/api/trash/pads/${pad.id}/restore`)).status).toBe(404);
  expect((await run()).outcome).toEqual({ taken: 0, notes: 0, pads: 0 });
});

test("empties more pads than one step looks at, also where none has notes", async () => {
  const { id } = await newPad(browser);
  await browser.delete(`/api/pads/${id}`);
  await service.statement(`insert into pad
      (user_id, id, name, version, kind, create_hash, created_at, updated_at, changed_at, deleted_at)
    select p.user_id, gen_random_uuid(), i, p.version, p.kind, '', p.created_at, p.updated_at, p.changed_at, p.deleted_at
    from pad p, generate_series(1, 149) i where p.id = '${id}'`);
  await service.statement("update account set pads = pads + 149");
  await addTrash();

  expect((await run()).outcome).toMatchObject({ notes: 2, pads: 151 });
  expect(await left()).toMatchObject(NOTHING);
});

test("deletes a note of very many states in steps, and goes on in the next run if its process dies after any", async () => {
  const { id } = await newNote(browser);
  const from = new Date(Date.now() - 100 * DAY_MS);
  await addStates(service, id, { count: 2 * STEP_ROWS + 10, from, apart: "1 minute" });
  await browser.delete(`/api/notes/${id}`);

  const states = [];
  for (let step = 1; step <= 4; step++) {
    dieAfterStatement(service);
    expect((await run()).line).toMatchObject({ level: "error", message: "expire" });
    states.push((await left())?.states);
  }

  // The state before the deletion is one more.
  expect(states).toEqual([STEP_ROWS + 11, 11, 0, 0]);
  expect((await run()).outcome).toEqual({ taken: 0, notes: 0, pads: 0 });
  expect(await left()).toEqual({ ...NOTHING, purged: 1 });
});
