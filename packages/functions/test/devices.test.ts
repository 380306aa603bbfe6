// Devices: who had the password before has no attempts of their own after a new one, and nobody can make a browser's device known
// by a cookie that the service did not make.
import { ENV } from "@notejam/core/config";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Browser, newUser, PASSWORD, type Service, startService } from "./service.ts";

const NEW_PASSWORD = "another good password";
const COOKIE = "__Host-notejam-device";
const KEY = "device-key-of-the-tests";

let service: Service;
beforeAll(async () => {
  service = await startService();
  process.env[ENV.attemptsPerAccount] = "20";
});
beforeEach(() => {
  process.env[ENV.deviceKeys] = KEY;
});
afterAll(() => service?.close());

/** Strangers use up the attempts that an account has. */
async function lockOut({ email }: Browser): Promise<void> {
  for (let n = 0; n < 20; n++) {
    const stranger = new Browser(service);
    stranger.email = email;
    stranger.password = "guessed";
    await stranger.signIn();
  }
  expect((await signInElsewhere(email)).status).toBe(429);
}

function signInElsewhere(email: string) {
  const elsewhere = new Browser(service);
  elsewhere.email = email;
  return elsewhere.signIn();
}

/** Another browser of the same account, in which somebody signed in who knew the password. */
async function thiefOf(owner: Browser): Promise<Browser> {
  const thief = owner.elsewhere();
  await thief.signIn();
  return thief;
}

test("a change of password forgets all devices but the one that made it", async () => {
  const owner = await newUser(service);
  const thief = await thiefOf(owner);

  await owner.put("/api/user/password", { currentPassword: PASSWORD, newPassword: NEW_PASSWORD });
  await lockOut(owner);

  owner.password = NEW_PASSWORD;
  thief.password = NEW_PASSWORD;
  expect([(await thief.signIn()).status, (await owner.signIn()).status]).toEqual([429, 201]);
});

test("a reset of the password forgets all devices, also that of its browser under the name that it had", async () => {
  const owner = await newUser(service);
  const thief = await thiefOf(owner);
  const copied = new Browser(service);
  copied.cookies.set(COOKIE, owner.cookies.get(COOKIE) ?? "");
  copied.email = owner.email;

  await owner.post("/api/password-resets", { email: owner.email });
  await service.mailsSent();
  const token = /#([\w-]+)/.exec(service.mails.at(-1)?.text ?? "")?.[1];
  await owner.put("/api/password-resets", { token, password: NEW_PASSWORD });
  await lockOut(owner);

  for (const browser of [owner, thief, copied]) browser.password = NEW_PASSWORD;
  const statuses = [await thief.signIn(), await copied.signIn(), await owner.signIn()];
  expect(statuses.map(({ status }) => status)).toEqual([429, 429, 201]);
});

test("a cookie that somebody else put into the browser makes no device known to them", async () => {
  const planted = "p".repeat(43);
  const owner = await newUser(service);
  for (const value of [planted, `${planted}.${"s".repeat(43)}`]) {
    owner.cookies.set(COOKIE, value);
    await owner.signIn();

    expect(owner.cookies.get(COOKIE)).toMatch(/^[\w-]{43}\.[\w-]{43}$/);
    expect(owner.cookies.get(COOKIE)).not.toContain(planted);
  }
  await lockOut(owner);
  const planter = new Browser(service);
  planter.email = owner.email;
  planter.cookies.set(COOKIE, planted);

  expect([(await planter.signIn()).status, (await owner.signIn()).status]).toEqual([429, 201]);
});

test("a cookie without a signature, from before there were any, counts where the account has its device, and gets one", async () => {
  const owner = await newUser(service);
  const [token = ""] = owner.cookies.get(COOKIE)?.split(".") ?? [];
  owner.cookies.set(COOKIE, token);
  await lockOut(owner);

  expect((await owner.signIn()).status).toBe(201);
  expect(owner.cookies.get(COOKIE)).toMatch(new RegExp(`^${token}\\.[\\w-]{43}$`));
});

test("while the stage's key is changed, the key before is valid too; users who share a browser share its device", async () => {
  const first = await newUser(service);
  const second = new Browser(service);
  await second.post("/api/users", { email: second.email, password: PASSWORD });
  const [token = "", signature] = first.cookies.get(COOKIE)?.split(".") ?? [];
  const signInThere = async () => {
    second.cookies.set(COOKIE, `${token}.${signature}`);
    await second.signIn();
    return second.cookies.get(COOKIE)?.split(".") ?? [];
  };

  process.env[ENV.deviceKeys] = `newer,${KEY}`;
  const [kept, renewed] = await signInThere();
  await service.statement(
    `delete from device d using account a where a.id = d.user_id and a.email = '${second.email}'`,
  );
  process.env[ENV.deviceKeys] = "newer";
  const [replaced] = await signInThere();

  expect(kept).toBe(token);
  expect(renewed).not.toBe(signature);
  expect(replaced).not.toBe(token);
});
