// Rate limits, through the Data API on PGlite.
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from "vitest";
import { FROM, newUser, PASSWORD, rows, startDatabase } from "../../test/database.ts";
import { config, ENV } from "../config.ts";
import { newDevice } from "../device/index.ts";
import type { AppError } from "../errors.ts";
import * as Session from "../session/index.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("migratedDatabase"));
});
afterAll(() => server?.close());

/** @returns `opened`, or the code of the failure */
async function signIn(email: string, password: string, address: string): Promise<string> {
  return Session.signIn({ email, password }, { ...FROM, address }).then(
    () => "opened",
    (error: AppError) => error.code,
  );
}

async function times(count: number, attempt: () => Promise<string>): Promise<string[]> {
  const codes: string[] = [];
  for (let i = 0; i < count; i++) codes.push(await attempt());
  return codes;
}

test("ten wrong passwords from one address lock the account for that address only", async () => {
  const { email } = await newUser();

  const codes = await times(11, () => signIn(email, "wrong password", "192.0.2.10"));

  expect(codes).toEqual([...Array(10).fill("wrong_credentials"), "rate_limited"]);
  expect(await signIn(email, PASSWORD, "192.0.2.10")).toBe("rate_limited");
  expect(await signIn(email, PASSWORD, "192.0.2.11")).toBe("opened");
});

test("attempts that succeed are taken back", async () => {
  const { email } = await newUser();

  expect(await times(25, () => signIn(email, PASSWORD, "192.0.2.20"))).toEqual(Array(25).fill("opened"));
});

test("an attempt is taken back from the counters that it raised, also if its device is forgotten meanwhile", async () => {
  const { email } = await newUser();
  const from = { address: "192.0.2.25", device: newDevice("Firefox on Linux") };
  await Session.signIn({ email, password: PASSWORD }, from);
  await times(3, () => signIn(email, "wrong password", from.address));
  const counters = () => rows(sql`select encode(key, 'hex') key, n from attempt where n > 0 order by key`);
  const before = await counters();

  // The password has been checked when the statement that opens the session is kept waiting.
  const type = "DatabaseResumingException";
  server.faults.plan({ kind: "error", type, matching: "insert into session", times: "always" });
  const opened = Session.signIn({ email, password: PASSWORD }, from);
  await vi.waitUntil(() => server.faults.list().planned[0]?.struck);
  await rows(sql`delete from device`);
  server.faults.clear();
  await opened;

  expect(await counters()).toEqual(before);
});

test("an email without an account is limited like one with an account", async () => {
  const codes = await times(11, () => signIn("unregistered@example.com", "wrong password", "192.0.2.30"));

  expect(codes).toEqual([...Array(10).fill("wrong_credentials"), "rate_limited"]);
});

test("one address is limited over all accounts, and one account over all addresses, as configured", async () => {
  process.env[ENV.attemptsPerAddress] = "4";
  process.env[ENV.attemptsPerAccount] = "4";
  try {
    const overAccounts = await times(5, () =>
      signIn(`${crypto.randomUUID()}@example.com`, "wrong", "192.0.2.40"),
    );
    let host = 50;
    const overAddresses = await times(5, () => signIn("many@example.com", "wrong", `192.0.2.${host++}`));

    expect(overAccounts).toEqual([...Array(4).fill("wrong_credentials"), "rate_limited"]);
    expect(overAddresses).toEqual([...Array(4).fill("wrong_credentials"), "rate_limited"]);
  } finally {
    delete process.env[ENV.attemptsPerAddress];
    delete process.env[ENV.attemptsPerAccount];
  }
});

test("refused attempts from one address don't count for the account, so one address can't lock it for others", async () => {
  process.env[ENV.attemptsPerAccount] = "15";
  try {
    const { email } = await newUser();

    await times(40, () => signIn(email, "wrong password", "192.0.2.70"));

    expect(await signIn(email, PASSWORD, "192.0.2.71")).toBe("opened");
  } finally {
    delete process.env[ENV.attemptsPerAccount];
  }
});

test("the window slides: a part of the previous 15 minutes still counts", async () => {
  const WINDOW_MS = 15 * 60 * 1000;
  const begin = Math.ceil(Date.now() / WINDOW_MS) * WINDOW_MS;
  const clock = vi.spyOn(Date, "now");
  onTestFinished(() => clock.mockRestore());
  const user = { email: "slide@example.com", password: "wrong" };
  const after = (windows: number) => {
    clock.mockReturnValue(begin + windows * WINDOW_MS);
    return Session.signIn(user, { ...FROM, address: "192.0.2.60" }).catch((error: AppError) => error);
  };
  const signInAfter = async (windows: number) => ((await after(windows)) as AppError).code;

  expect(await times(10, () => signInAfter(0))).not.toContain("rate_limited");
  expect(await signInAfter(1)).toBe("rate_limited");
  // Five of the ten still count, and then none.
  expect(await times(6, () => signInAfter(1.5))).toEqual([
    ...Array(5).fill("wrong_credentials"),
    "rate_limited",
  ]);
  const { retryAfterSeconds = Infinity } = (await after(1.5)) as AppError;
  expect(await signInAfter(1.5 + (1000 * retryAfterSeconds) / WINDOW_MS)).toBe("wrong_credentials");
  expect(await times(10, () => signInAfter(3))).not.toContain("rate_limited");
});

test("the error for a limit that is not a positive integer names the variable", () => {
  process.env[ENV.attemptsPerAccount] = "many";
  try {
    expect(() => config.rateLimits).toThrow(
      `${ENV.attemptsPerAccount} must be a positive integer, not "many"`,
    );
  } finally {
    delete process.env[ENV.attemptsPerAccount];
  }
});
