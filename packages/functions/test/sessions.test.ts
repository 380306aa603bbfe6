// Which sessions are alive: signing up opens the first, and a browser has one at a time.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Browser, newUser, PASSWORD, type Service, startService } from "./service.ts";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());

/** Another browser with the cookies that `browser` has now: it sees whether that session is alive. */
function copyOf(browser: Browser): Browser {
  const copy = browser.elsewhere();
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
  return copy;
}

async function isAlive(browser: Browser): Promise<boolean> {
  const { status } = await browser.get("/api/session");
  expect([200, 401]).toContain(status);
  return status === 200;
}

async function sessionsOf(browser: Browser) {
  return (await browser.get("/api/sessions")).body.sessions;
}

test("signing up signs in, and remembers the device, with the cookies of a sign-in", async () => {
  const browser = new Browser(service);

  const up = await browser.signUp();
  const copy = copyOf(browser);
  const sessions = await sessionsOf(copy);
  const signedIn = await browser.signIn();
  const [later] = await sessionsOf(browser);

  const names = (cookies: string[]) => cookies.map((cookie) => cookie.replace(/=[\w.-]+/, "="));
  expect([up.status, sessions.length]).toEqual([201, 1]);
  expect(names(up.cookies)).toEqual(names(signedIn.cookies));
  expect(up.cookies).toHaveLength(2);
  // The device's cookie stays the same, and the account knows it.
  expect(signedIn.cookies[1]).toBe(up.cookies[1]);
  expect(sessions).toMatchObject([{ current: true, device: "Firefox on Linux", deviceId: later?.deviceId }]);
});

test("who signs in after signing up, as pages from before and programs do, has one session", async () => {
  const browser = new Browser(service);
  await browser.signUp();
  const first = copyOf(browser);

  const { status } = await browser.signIn();

  expect(status).toBe(201);
  expect([await isAlive(first), (await sessionsOf(browser)).length]).toEqual([false, 1]);
});

test("signing in ends the session that this browser had, and no other", async () => {
  const browser = await newUser(service);
  const elsewhere = browser.elsewhere();
  await elsewhere.signIn();
  const before = copyOf(browser);

  await browser.signIn();

  expect([await isAlive(before), await isAlive(elsewhere), await isAlive(browser)]).toEqual([
    false,
    true,
    true,
  ]);
});

test.each(["signIn", "signUp"] as const)(
  "%s ends another user's session in the same browser",
  async (act) => {
    const browser = await newUser(service);
    const before = copyOf(browser);
    const { email } = act === "signIn" ? await newUser(service) : new Browser(service);
    browser.email = email;

    const { status } = await browser[act]();

    expect(status).toBe(201);
    expect(await isAlive(before)).toBe(false);
    expect((await browser.get("/api/session")).body.user.email).toBe(email);
  },
);

test("a sign-in or sign-up that fails ends nothing, and sets no cookie", async () => {
  const browser = await newUser(service);
  const other = await newUser(service);
  const wrong = { email: other.email, password: `not ${PASSWORD}` };

  const failed = [await browser.post("/api/session", wrong), await browser.post("/api/users", wrong)];

  expect(failed.map(({ status, cookies }) => [status, cookies])).toEqual([
    [401, []],
    [409, []],
  ]);
  expect([await isAlive(browser), await isAlive(other)]).toEqual([true, true]);
});
