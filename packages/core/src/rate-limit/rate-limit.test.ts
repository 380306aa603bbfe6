// Limits of attempts, through the Data API on PGlite.
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FROM, PASSWORD, rows, somebody, startDatabase } from "../../test/database.ts";
import { config, ENV } from "../config.ts";
import type { AppError } from "../errors.ts";
import * as Session from "../session/index.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase();
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

test("ten wrong passwords from one address close the account to it, and to no other", async () => {
  const { email } = await somebody();

  const codes = await times(11, () => signIn(email, "wrong password", "192.0.2.10"));

  expect(codes).toEqual([...Array(10).fill("wrong_credentials"), "rate_limited"]);
  expect(await signIn(email, PASSWORD, "192.0.2.10")).toBe("rate_limited");
  expect(await signIn(email, PASSWORD, "192.0.2.11")).toBe("opened");
});

test("attempts that succeed are taken back", async () => {
  const { email } = await somebody();

  expect(await times(25, () => signIn(email, PASSWORD, "192.0.2.20"))).toEqual(Array(25).fill("opened"));
});

test("an account that does not exist is limited like one that does", async () => {
  const codes = await times(11, () => signIn("nobody@example.com", "wrong password", "192.0.2.30"));

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

test("what one address is refused at an account does not count for the account: nobody can lock it for others", async () => {
  process.env[ENV.attemptsPerAccount] = "15";
  try {
    const { email } = await somebody();

    await times(40, () => signIn(email, "wrong password", "192.0.2.70"));

    expect(await signIn(email, PASSWORD, "192.0.2.71")).toBe("opened");
  } finally {
    delete process.env[ENV.attemptsPerAccount];
  }
});

test("the window slides: of the quarter of an hour before, the part within reach counts", async () => {
  const email = "slide@example.com";
  await times(11, () => signIn(email, "wrong", "192.0.2.60"));
  const windows = (count: number) => rows(sql`update attempt set slot = slot - ${count}::int`);

  await windows(1);
  const justAfter = await signIn(email, "wrong", "192.0.2.60").then(() =>
    Session.signIn({ email, password: "wrong" }, { ...FROM, address: "192.0.2.60" }).catch(
      (error: AppError) => error,
    ),
  );
  await windows(1);

  // How much of the window before is within reach depends on the clock: it is refused or not, but waits no longer.
  expect(["rate_limited", "wrong_credentials"]).toContain((justAfter as AppError).code);
  expect((justAfter as AppError).retryAfterSeconds ?? 0).toBeLessThanOrEqual(15 * 60);
  expect(await signIn(email, "wrong", "192.0.2.60")).toBe("wrong_credentials");
});

test("a limit that is no positive integer is named", () => {
  process.env[ENV.attemptsPerAccount] = "many";
  try {
    expect(() => config.attempts).toThrow(`${ENV.attemptsPerAccount} must be a positive integer, not "many"`);
  } finally {
    delete process.env[ENV.attemptsPerAccount];
  }
});
