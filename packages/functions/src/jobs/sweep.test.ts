// The sweep, invoked as EventBridge invokes it, on the real database engine.
import { InProcessFunction } from "@notejam/local/aws/lambda/in-process-function";
import { scheduledEvent } from "@notejam/local/aws/scheduler";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newUser, type Service, startService } from "../../test/service.ts";
import { STEP_ROWS } from "./job.ts";
import { handler } from "./sweep.ts";

const NOW = new Date("2026-11-24T12:00:00Z");

let service: Service;
let userId: string;
beforeAll(async () => {
  service = await startService();
  await newUser(service);
  const [account] = await service.statement("select id from account");
  userId = String(account?.id);
});
afterAll(() => service?.close());
beforeEach(async () => {
  await service.statement("delete from session");
  await service.statement("delete from password_reset");
  service.log.splice(0);
});

/** Adds sessions and links that ended the interval `ended` before `NOW`. */
async function add(what: string, ended: string, count = 1): Promise<void> {
  const expiry = `timestamptz '${NOW.toISOString()}' - interval '${ended}'`;
  const from = `from generate_series(1, ${count})`;
  await service.statement(
    `insert into session (id, user_id, token_hash, epoch, device, created_at, expires_at)
      select gen_random_uuid(), '${userId}', uuid_send(gen_random_uuid()), 1, '${what}', now(), ${expiry} ${from}`,
  );
  await service.statement(
    `insert into password_reset (token_hash, user_id, epoch, created_at, expires_at, set_hash)
      select uuid_send(gen_random_uuid()), '${userId}', 1, now(), ${expiry}, '${what}' ${from}`,
  );
}

/** The names under which the remaining rows were added. */
async function left() {
  const sessions = await service.statement("select device what from session order by device");
  const links = await service.statement("select set_hash what from password_reset order by set_hash");
  return { sessions: sessions.map(({ what }) => what), links: links.map(({ what }) => what) };
}

const sweep = new InProcessFunction("sweep", handler);

async function run() {
  const outcome = await sweep.invoke(JSON.stringify(scheduledEvent("sweep", NOW)));
  return { outcome, line: JSON.parse(service.log.pop() ?? "null") };
}

test("deletes sessions and links that ended over a day before the event's time, and logs how many", async () => {
  await add("long over", "1 day 1 second");
  await add("just over", "23 hours 59 minutes");
  await add("open", "-1 hour");

  const { outcome, line } = await run();

  expect(outcome).toEqual({ payload: JSON.stringify({ sessions: 1, passwordResets: 1 }) });
  expect(await left()).toEqual({ sessions: ["just over", "open"], links: ["just over", "open"] });
  expect(line).toMatchObject({
    level: "info",
    message: "sweep",
    sessions: 1,
    passwordResets: 1,
    dataApiCalls: 2,
  });
});

test("deletes many rows in steps, and nothing in a second run", async () => {
  await add("long over", "2 days", 2 * STEP_ROWS + 1);

  expect((await run()).line).toMatchObject({
    sessions: 2 * STEP_ROWS + 1,
    passwordResets: 2 * STEP_ROWS + 1,
    dataApiCalls: 6,
  });
  expect((await run()).line).toMatchObject({ sessions: 0, passwordResets: 0, dataApiCalls: 2 });
});

test("logs why it fails, and fails so that Lambda repeats it", async () => {
  await service.statement("alter table session rename to session_away");
  const { outcome, line } = await run();
  await service.statement("alter table session_away rename to session");

  expect(outcome).toMatchObject({ error: { errorMessage: expect.stringContaining("sweep") } });
  expect(line).toMatchObject({ level: "error", message: "sweep", error: { message: expect.any(String) } });
});
