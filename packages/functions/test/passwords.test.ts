// Passwords against people who try: a guess is an attempt each time, and a password typed on another keyboard is the same.
import { PASSWORD_MAX, PASSWORD_MIN } from "@notejam/core/field/limits";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Browser, newUser, PASSWORD, type Service, startService } from "./service.ts";

const NEW_PASSWORD = "another good password";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());

test("in a stolen session, the present password as the new one confirms no guess, and counts as an attempt", async () => {
  const thief = await newUser(service);
  const guess = { currentPassword: "not the password", newPassword: PASSWORD };

  const statuses: number[] = [];
  for (let i = 0; i < 12; i++) statuses.push((await thief.put("/api/user/password", guess)).status);

  expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
});

test("a change of password that is sent again succeeds again, in the session that made it only", async () => {
  const browser = await newUser(service);
  const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
  const other = { ...change, newPassword: "a third good password" };

  const statuses = [
    (await browser.put("/api/user/password", change)).status,
    (await browser.put("/api/user/password", change)).status,
    (await browser.put("/api/user/password", other)).status,
  ];
  browser.password = NEW_PASSWORD;
  const elsewhere = browser.elsewhere();
  await elsewhere.signIn();

  expect(statuses).toEqual([204, 204, 401]);
  expect((await elsewhere.put("/api/user/password", change)).status).toBe(401);
  expect((await browser.get("/api/session")).status).toBe(200);
});

test("after a change of password a copy of the session's cookie is good for that very change alone, for ten minutes", async () => {
  const browser = await newUser(service);
  const copy = new Browser(service);
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
  const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };

  const { status, cookies } = await browser.put("/api/user/password", change);
  const reading = await copy.get("/api/session");
  const another = [
    { currentPassword: NEW_PASSWORD, newPassword: "chosen by a thief" },
    { currentPassword: PASSWORD, newPassword: "chosen by a thief" },
    { currentPassword: "guessed", newPassword: NEW_PASSWORD },
  ];
  const changing: unknown[] = [];
  for (const one of another) changing.push((await copy.put("/api/user/password", one)).body.code);

  expect([status, cookies.length]).toEqual([204, 1]);
  expect([reading.status, changing]).toEqual([401, Array(3).fill("unauthenticated")]);
  expect((await browser.get("/api/session")).status).toBe(200);

  const old = new Map(copy.cookies);
  const repeated = await copy.put("/api/user/password", change);
  expect([repeated.status, repeated.cookies.length, (await copy.get("/api/session")).status]).toEqual([
    204, 1, 200,
  ]);
  // The answer before it was lost, so nobody has its token.
  expect((await browser.get("/api/session")).status).toBe(401);

  await service.statement("update replaced_token set expires_at = now()");
  for (const [name, value] of old) copy.cookies.set(name, value);
  expect((await copy.put("/api/user/password", change)).body.code).toBe("unauthenticated");
});

test("a password that another keyboard composes differently is the same one", async () => {
  const browser = new Browser(service);
  const composed = "café au lait".normalize("NFC");
  browser.password = composed.normalize("NFD");
  await browser.post("/api/users", { email: browser.email, password: composed });

  expect((await browser.signIn()).status).toBe(201);
});

test("a password is as long as its composed characters, however they were typed", async () => {
  const browser = new Browser(service);
  const longest = "é".normalize("NFC").repeat(PASSWORD_MAX);
  const tooShort = "é".normalize("NFD").repeat(PASSWORD_MIN - 1);
  browser.password = longest.normalize("NFD");

  const refused = await browser.post("/api/users", { email: browser.email, password: tooShort });
  const accepted = await browser.post("/api/users", { email: browser.email, password: longest });

  expect([refused.status, refused.body.codes]).toEqual([422, { password: ["too_short"] }]);
  expect([accepted.status, (await browser.signIn()).status]).toEqual([201, 201]);
});
