// Rate limits: how many attempts are allowed. A refusal does not show whether the password was right or the email known.
import { ENV } from "@notejam/core/config";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Answer, Browser, newUser, PASSWORD, type Service, startService } from "./service.ts";

const PER_ACCOUNT_AND_ADDRESS = 3;
const PER_ACCOUNT = 5;
const PER_ADDRESS = 7;

const WINDOW_MS = 15 * 60_000;

/** How many sign-ins are refused to see what they leave. With NOTEJAM_LONG_TESTS=1, which takes a minute, many more. */
const REFUSED = process.env.NOTEJAM_LONG_TESTS ? 10_000 : 200;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
beforeEach(() => {
  process.env[ENV.attemptsPerAccountAndAddress] = String(PER_ACCOUNT_AND_ADDRESS);
  process.env[ENV.attemptsPerAccount] = String(PER_ACCOUNT);
  process.env[ENV.attemptsPerAddress] = String(PER_ADDRESS);
});
afterAll(() => service?.close());

/** The statuses of `count` requests, one after the other. */
async function times(count: number, request: (i: number) => Promise<Answer>): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < count; i++) statuses.push((await request(i)).status);
  return statuses;
}

function refusedAfter(count: number, status: number): number[] {
  return [...Array(count).fill(status), 429, 429];
}

/** Wrong passwords from many addresses, up to the account's limit. */
function lockOut({ email }: Browser): Promise<number[]> {
  return times(PER_ACCOUNT, () => signInTo(new Browser(service), email));
}

/** The token of a link that the user asks for. */
async function mailedToken(browser: Browser): Promise<string | undefined> {
  await browser.post("/api/password-resets", { email: browser.email });
  await service.mailsSent();
  const mail = service.mails.findLast(({ to }) => to === browser.email);
  return /#([\w-]+)/.exec(mail?.text ?? "")?.[1];
}

/** The first three groups of a browser's address: its /48. */
function networkOf({ address }: Browser): string {
  return address.split(":").slice(0, 3).join(":");
}

/** How many rows attempts have left. */
async function rows(): Promise<{ attempts: number; devices: number }> {
  const [counted] = await service.statement(
    "select (select count(*) from attempt)::int attempts, (select count(*) from device)::int devices",
  );
  return { attempts: Number(counted?.attempts), devices: Number(counted?.devices) };
}

/** How many devices of an account are known. */
async function devicesOf({ email }: Browser): Promise<number> {
  const [counted] = await service.statement(
    `select count(*)::int n from device join account a on a.id = user_id where a.email = '${email}'`,
  );
  return Number(counted?.n);
}

function signInTo(browser: Browser, email: string): Promise<Answer> {
  return browser.post("/api/session", { email, password: "guessed" });
}

describe("attempts", () => {
  test("on one account from one address are refused beyond the limit, even with the right password, with Retry-After", async () => {
    const owner = await newUser(service);
    const attacker = owner.elsewhere();
    attacker.password = "guessed";

    const guesses = await times(PER_ACCOUNT_AND_ADDRESS + 2, () => attacker.signIn());
    attacker.password = PASSWORD;
    const { status, body, headers, line } = await attacker.signIn();

    expect(guesses).toEqual(refusedAfter(PER_ACCOUNT_AND_ADDRESS, 401));
    expect([status, body.code, line.dataApiCalls]).toEqual([429, "rate_limited", 1]);
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    expect(Number(headers["retry-after"])).toBeLessThanOrEqual(30 * 60);
    expect((await owner.elsewhere().signIn()).status).toBe(201);
  });

  test("on an email without an account are refused likewise", async () => {
    const attacker = new Browser(service);

    expect(await times(PER_ACCOUNT_AND_ADDRESS + 2, () => attacker.signIn())).toEqual(
      refusedAfter(PER_ACCOUNT_AND_ADDRESS, 401),
    );
  });

  test("on one account from many addresses are refused beyond the limit", async () => {
    const owner = await newUser(service);

    const guesses = await times(PER_ACCOUNT + 2, () => {
      const attacker = owner.elsewhere();
      attacker.password = "guessed";
      return attacker.signIn();
    });

    expect(guesses).toEqual(refusedAfter(PER_ACCOUNT, 401));
  });

  test("on many accounts from one address are refused beyond the limit, and a whole /64 is one address", async () => {
    const { address } = new Browser(service);

    const guesses = await times(PER_ADDRESS + 2, (i) => {
      const attacker = new Browser(service);
      attacker.address = address.replace("::1", `::${i + 1}`);
      return attacker.signIn();
    });

    expect(guesses).toEqual(refusedAfter(PER_ADDRESS, 401));
  });

  test("that succeed are taken back", async () => {
    const owner = await newUser(service);

    const office = await times(PER_ADDRESS + 2, () => owner.signIn());

    expect(office).toEqual(Array(PER_ADDRESS + 2).fill(201));
  });

  test("to confirm a password are limited too", async () => {
    const attacker = await newUser(service);
    const passwords = { currentPassword: "guessed", newPassword: "another good password" };

    const guesses = await times(PER_ACCOUNT_AND_ADDRESS + 2, () =>
      attacker.put("/api/user/password", passwords),
    );

    expect(guesses).toEqual(refusedAfter(PER_ACCOUNT_AND_ADDRESS, 401));
  });

  test("of strangers don't stop a living session from confirming its password", async () => {
    const owner = await newUser(service);
    await lockOut(owner);

    const { status } = await owner.put("/api/user/password", {
      currentPassword: PASSWORD,
      newPassword: "another good password",
    });

    expect(status).toBe(204);
  });

  test("of strangers don't keep the owner out of a device that signed in before", async () => {
    const owner = await newUser(service);
    await owner.delete("/api/session");
    await lockOut(owner);

    const [elsewhere, here] = [await owner.elsewhere().signIn(), await owner.signIn()];

    expect([elsewhere.status, here.status]).toEqual([429, 201]);
  });

  test("from a device that signed in before are limited too, and don't count for others", async () => {
    const owner = await newUser(service);

    const guesses = await times(PER_ACCOUNT_AND_ADDRESS + 2, () => signInTo(owner, owner.email));

    expect(guesses).toEqual(refusedAfter(PER_ACCOUNT_AND_ADDRESS, 401));
    const elsewhere = owner.elsewhere();
    elsewhere.address = owner.address;
    expect((await elsewhere.signIn()).status).toBe(201);
  });

  test("on another account are not those of a device, nor on its own after a year", async () => {
    const owner = await newUser(service);
    const other = await newUser(service);
    await lockOut(other);
    const visitor = other.elsewhere();
    for (const [name, value] of owner.cookies) visitor.cookies.set(name, value);
    await lockOut(owner);

    const onAnother = (await visitor.signIn()).status;
    const before = (await owner.signIn()).status;
    await service.statement("update device set expires_at = now()");

    expect([onAnother, before, (await owner.signIn()).status]).toEqual([429, 201, 429]);
  });

  test("of strangers that go on after a redeemed link don't keep its device out", async () => {
    const owner = await newUser(service);
    const elsewhere = owner.elsewhere();
    const token = await mailedToken(elsewhere);
    const { status, cookies } = await elsewhere.put("/api/password-resets", { token, password: PASSWORD });
    await lockOut(owner);

    expect(status).toBe(204);
    expect(cookies).toEqual([
      expect.stringMatching(
        /^__Host-notejam-device=[\w-]{43}\.[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    expect((await elsewhere.signIn()).status).toBe(201);
  });

  test("of strangers don't keep out a device whose use of a link was repeated, as its answer was lost", async () => {
    const owner = await newUser(service);
    const elsewhere = owner.elsewhere();
    const use = { token: await mailedToken(elsewhere), password: "another good password" };
    await elsewhere.put("/api/password-resets", use);
    elsewhere.cookies.clear();

    const guessed = await new Browser(service).put("/api/password-resets", { ...use, password: PASSWORD });
    const devices = await devicesOf(owner);
    const { status, cookies } = await elsewhere.put("/api/password-resets", use);
    await lockOut(owner);

    elsewhere.password = use.password;
    expect([guessed.status, guessed.cookies, devices]).toEqual([422, [], 1]);
    expect([status, cookies.length, await devicesOf(owner)]).toEqual([204, 1, 2]);
    expect((await elsewhere.signIn()).status).toBe(201);
  });

  test("keep the last twenty devices of an account apart", async () => {
    const owner = await newUser(service);
    await owner.delete("/api/session");
    for (let i = 0; i < 21; i++) await owner.elsewhere().signIn();
    const devices = await devicesOf(owner);

    await lockOut(owner);

    expect(devices).toBe(20);
    expect((await owner.signIn()).status).toBe(429);
  });

  test("of strangers are forgotten when the owner has used a link from the mail", async () => {
    const owner = await newUser(service);
    await lockOut(owner);
    const elsewhere = owner.elsewhere();

    const token = await mailedToken(elsewhere);
    const locked = (await elsewhere.signIn()).status;
    const redeemed = (await elsewhere.put("/api/password-resets", { token, password: PASSWORD })).status;

    elsewhere.cookies.clear();
    expect([locked, redeemed, (await elsewhere.signIn()).status]).toEqual([429, 204, 201]);
  });

  test("from a whole /48 are refused beyond ten addresses' worth", async () => {
    const network = networkOf(new Browser(service));
    const last = 10 * PER_ADDRESS;

    const guesses = await times(last + 2, (i) => {
      const attacker = new Browser(service);
      attacker.address = `${network}:${(i + 1).toString(16)}::1`;
      return attacker.put("/api/password-resets", { token: "g".repeat(43), password: PASSWORD });
    });

    expect(guesses).toEqual(refusedAfter(last, 422));
  });

  test("to sign up count also if they succeed", async () => {
    const { address } = new Browser(service);

    const signUps = await times(PER_ADDRESS + 2, () => {
      const newcomer = new Browser(service);
      newcomer.address = address;
      return newcomer.signUp();
    });

    expect(signUps).toEqual(refusedAfter(PER_ADDRESS, 201));
  });

  test("that are refused add no rows, however many there are", { timeout: WINDOW_MS }, async () => {
    const perAddress = 2;
    process.env[ENV.attemptsPerAddress] = String(perAddress);
    const owner = await newUser(service);
    const flooder = new Browser(service);
    const signIn = (i: number) => {
      const stranger = new Browser(service);
      if (i % 3 === 0) return signInTo(stranger, owner.email);
      if (i % 3 === 1) return signInTo(flooder, stranger.email);
      stranger.address = stranger.address.replace(networkOf(stranger), networkOf(flooder));
      return signInTo(stranger, stranger.email);
    };
    const began = Date.now();

    let [allowed, refused] = [0, 0];
    const counted = [{ allowed, ...(await rows()) }];
    while (refused < REFUSED) {
      const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => signIn(i)));
      refused += answers.filter(({ status }) => status === 429).length;
      allowed += answers.filter(({ status }) => status === 401).length;
      counted.push({ allowed, ...(await rows()) });
      expect(allowed + refused).toBe(60 * (counted.length - 1));
      service.log.splice(0);
      service.calls.splice(0);
    }

    // One that is allowed counts for its account, its address, both and its network.
    for (const [i, now] of counted.entries()) {
      const before = counted[i - 1] ?? now;
      expect(now.attempts - before.attempts).toBeLessThanOrEqual(4 * (now.allowed - before.allowed));
      expect(now.devices).toBe(before.devices);
    }
    const windows = 2 + Math.floor((Date.now() - began) / WINDOW_MS);
    expect(allowed).toBeLessThanOrEqual(windows * (PER_ACCOUNT + 11 * perAddress));
  });

  test("delete rows of old windows, some at a time", async () => {
    const before = Number((await service.statement("select count(*)::int n from attempt"))[0]?.n);
    const old = async () =>
      Number((await service.statement("select count(*)::int n from attempt where slot < 1000000"))[0]?.n);
    await service.statement("update attempt set slot = slot - 1500000");
    expect(await old()).toBe(before);

    await new Browser(service).signIn();
    const afterOne = await old();
    await times(Math.ceil(before / 20), () => new Browser(service).signIn());

    expect([afterOne, await old()]).toEqual([Math.max(0, before - 20), 0]);
  });

  test("to sign up with a taken email are limited", async () => {
    const { email } = await newUser(service);
    const attacker = new Browser(service);

    const guesses = await times(PER_ACCOUNT_AND_ADDRESS + 2, () =>
      attacker.post("/api/users", { email, password: PASSWORD }),
    );

    expect(guesses).toEqual(refusedAfter(PER_ACCOUNT_AND_ADDRESS, 409));
  });

  test("to use a link are limited by address", async () => {
    const attacker = new Browser(service);
    const link = { token: "g".repeat(43), password: PASSWORD };

    const guesses = await times(PER_ADDRESS + 2, () => attacker.put("/api/password-resets", link));

    expect(guesses).toEqual(refusedAfter(PER_ADDRESS, 422));
  });
});

describe("mails", () => {
  test("can be asked for by the owner, however often strangers ask", async () => {
    const owner = await newUser(service);
    const ask = (browser: Browser) => browser.post("/api/password-resets", { email: owner.email });

    const strangers = await times(PER_ACCOUNT + 2, () => ask(new Browser(service)));

    expect([...strangers, (await ask(owner)).status]).toEqual(Array(PER_ACCOUNT + 3).fill(202));
  });

  test("that strangers ask for leave the owner a link that works, also when the first ones have expired", async () => {
    const owner = await newUser(service);
    const hourMs = 3_600_000;
    const fullHour = Math.ceil(Date.now() / hourMs) * hourMs;
    const redeem = async (token = "") =>
      (await owner.elsewhere().put("/api/password-resets", { token, password: PASSWORD })).status;
    vi.useFakeTimers({ toFake: ["Date"], now: fullHour });
    await times(5, () => new Browser(service).post("/api/password-resets", { email: owner.email }));

    const first = await mailedToken(owner);
    vi.setSystemTime(fullHour + hourMs + 1000);
    await service.statement("update password_reset set expires_at = now()");
    const second = await mailedToken(owner);
    vi.useRealTimers();

    expect([await redeem(first), await redeem(second)]).toEqual([422, 204]);
  });

  test("to one account are three an hour, and later requests have the same answer", async () => {
    process.env[ENV.attemptsPerAccountAndAddress] = "100";
    const owner = await newUser(service);

    const asked = await times(5, () => owner.post("/api/password-resets", { email: owner.email }));
    await service.mailsSent();

    expect(asked).toEqual([202, 202, 202, 202, 202]);
    expect(service.mails.filter(({ to }) => to === owner.email)).toHaveLength(3);
  });

  test("that are requested too often are refused, with or without an account", async () => {
    for (const browser of [await newUser(service), new Browser(service)]) {
      const { email } = browser;

      const asked = await times(PER_ACCOUNT_AND_ADDRESS + 2, () =>
        browser.post("/api/password-resets", { email }),
      );

      expect(asked).toEqual(refusedAfter(PER_ACCOUNT_AND_ADDRESS, 202));
    }
  });
});
