// The smoke test passes on what `npm start` serves, and names the step at which a planted fault shows.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT, Misused } from "@notejam/command-line";
import { readLocalService, writeLocalService } from "@notejam/command-line/local-service";
import { describe, expect, inject, onTestFinished, test, vi } from "vitest";
import { type Answer, type Break, startBreakingProxy } from "../visitor/testing/breaking-proxy.ts";
import { command } from "../visitor/testing/command.ts";
import { instead, notesOf, nothing, on, problem } from "../visitor/testing/faults.ts";
import { smokeCommand } from "./command-line.ts";
import { type SmokeOptions, type SmokeReport, secondsAtMost, smoke } from "./smoke.ts";
import { STEPS } from "./steps.ts";

const SITE_ORIGIN = inject("siteOrigin");

interface Broken extends SmokeReport {
  /** How the step that failed says it. */
  words: string;
  /** Whom it signed up. */
  account: { email: string; password: string } | undefined;
}

/** What the service answers for the files of the web app, which never change: forty walks ask for all of them. */
const files = new Map<string, Promise<Answer>>();
const fromFiles: Break = ({ call, pass }) => {
  if (!/^(GET|HEAD) \/assets\//.test(call)) return undefined;
  const answer = files.get(call) ?? pass();
  files.set(call, answer);
  return answer;
};

/** A smoke test of the service behind a site of its own, which breaks something. */
async function smokeBroken(how: Break, options: Partial<SmokeOptions> = {}): Promise<Broken> {
  let account: Broken["account"];
  const proxy = await startBreakingProxy(SITE_ORIGIN, (sent) => {
    if (sent.call === "POST /api/users") account = JSON.parse(sent.body);
    return how(sent) ?? fromFiles(sent);
  });
  const { origin } = proxy;
  const { pathname, search } = new URL(readLocalService(inject("siteDataDir"))?.outbox ?? "");
  const mailbox = { url: origin + pathname + search };
  const report = await smoke({ origin, mailbox, domain: "example.com", stepSeconds: 35, ...options });
  await proxy.close();
  return { ...report, words: report.steps.at(-1)?.outcome.failed ?? "", account };
}

const NAMES = STEPS.map(({ name }) => name);

/** What a command line asks for. */
async function read(args: string[]): Promise<SmokeOptions | undefined> {
  let options: SmokeOptions | undefined;
  const command = smokeCommand(async (given) => {
    options = given;
    return EXIT.done;
  });
  await command.parseAsync(args, { from: "user" });
  return options;
}

describe("without a fault", () => {
  test("each step passes, also through a site in front, and only the account stays", async () => {
    const { account, ...report } = await smokeBroken(() => undefined);

    expect(report.words).toBe("");
    expect(report.steps.map(({ name, outcome }) => [name, outcome.skipped])).toEqual(
      NAMES.map((name) => [name, undefined]),
    );
    expect(report.left).toEqual([`the account ${account?.email}`]);
    expect(account?.email).toMatch(/^smoke-[0-9a-f]{16}@example\.com$/);
  });

  test("the password is not reset where nobody can read the mail", async () => {
    const calls: string[] = [];
    const report = await smokeBroken(({ call }) => void calls.push(call), {
      mailbox: { missing: "no mailbox" },
    });

    expect(report.failed).toBeUndefined();
    expect(report.steps.filter(({ outcome }) => outcome.skipped)).toMatchObject([
      { name: "reset the password", outcome: { skipped: "no mailbox" } },
    ]);
    expect(calls.filter((call) => call.includes("password-resets"))).toEqual([]);
  });

  test("a busy service is waited for as long as it asks", async () => {
    const waits: number[] = [];
    let rejected = 0;
    const report = await smokeBroken(
      ({ call }) =>
        call === "POST /api/users" && rejected++ === 0 ? problem(503, "unavailable", "1") : undefined,
      { on: { waits: (seconds) => void waits.push(seconds) } },
    );

    expect(report.words).toBe("");
    expect(waits).toHaveLength(1);
    expect(rejected).toBe(2);
  });

  test("it takes a minute at most", async () => {
    const options = await read(["https://notes.example.com"]);
    expect(secondsAtMost(options?.stepSeconds ?? Infinity)).toBe(60);
  });
});

// --- planted faults -------------------------------------------------------------------------------------------------------

const without = (name: string) => (answer: Answer) => {
  const { [name]: _, ...headers } = answer.headers;
  return { headers };
};

/** Changes the JSON of an answer. */
const json = (change: (body: Lists) => object) => (answer: Answer) => ({
  body: JSON.stringify(change(JSON.parse(answer.body))),
});

/** The lists of the answers that are changed. */
type Lists = Record<"found" | "revisions", unknown[]>;

const aPage = () => ({ status: 200, headers: { "content-type": "text/html" }, body: "<!doctype html>" });

/** Each must show at its step, in words that have what was expected, and which request was answered how. */
const FAULTS: { step: string; fault: string; breaks: Break; says: RegExp; leaves?: "note" }[] = [
  {
    step: "open the page",
    fault: "it is a 404",
    breaks: on(/^GET \/$/, () => ({ status: 404 })),
    says: /expected a success, but GET \/ answered 404: it is not_found/,
  },
  {
    step: "open the page",
    fault: "its policy is missing",
    breaks: on(/^GET \/$/, without("content-security-policy")),
    says: /the header "content-security-policy: default-src 'none'; .*" of \/, but it is missing; GET \/ answered 200/,
  },
  {
    step: "open the page",
    fault: "it may be framed",
    breaks: on(/^GET \/$/, ({ headers }) => ({
      headers: { ...headers, "cross-origin-opener-policy": "unsafe-none" },
    })),
    says: /the header "cross-origin-opener-policy: same-origin" of \/, but it is "unsafe-none"/,
  },
  {
    step: "open the page",
    fault: "its other addresses have another one",
    breaks: on(/^GET \/notes\/create$/, ({ body }) => ({ body: `${body}<p>` })),
    says: /expected the page at \/notes\/create, as at \/, but another document came/,
  },
  {
    step: "load its files",
    fault: "a file is missing",
    breaks: on(/^GET \/assets\/index-.*\.js$/, () => ({ status: 403 })),
    says: /but GET \/assets\/index-\S+\.js answered 403/,
  },
  {
    step: "load its files",
    fault: "a file that is loaded later is missing",
    breaks: on(/^HEAD \/assets\/editor-pane-/, () => ({ status: 404 })),
    says: /but HEAD \/assets\/editor-pane-\S+ answered 404/,
  },
  {
    step: "load its files",
    fault: "the page comes in place of a file",
    breaks: on(/^GET \/assets\/.*\.css$/, aPage),
    says: /expected \/assets\/\S+\.css as css, but it is text\/html/,
  },
  {
    step: "load its files",
    fault: "browsers may not keep a file",
    breaks: on(/^GET \/assets\//, ({ headers }) => ({
      headers: { ...headers, "cache-control": "no-cache" },
    })),
    says: /expected the header "cache-control: public, max-age=31536000, immutable"/,
  },
  {
    step: "reach the API",
    fault: "it fails",
    breaks: instead(/health/, () => problem(500, "internal")),
    says: /but GET \/api\/health answered 500 \(request planted\): it is internal: A planted internal/,
  },
  {
    step: "reach the API",
    fault: "the page comes in its place",
    breaks: on(/health/, aPage),
    says: /expected the API's health to be ok, but something else came; GET \/api\/health answered 200/,
  },
  {
    step: "reach the API",
    fault: "its answers may be cached",
    breaks: on(/health/, without("cache-control")),
    says: /expected the header "cache-control: no-store", but it is missing/,
  },
  {
    step: "reach the API",
    fault: "a page comes in place of its errors",
    breaks: on(/^GET \/api\/session$/, aPage),
    says: /expected nobody to be signed in \(unauthenticated\), but it was accepted; GET \/api\/session answered 200/,
  },
  {
    step: "be refused from another site",
    fault: "the origin is not looked at",
    breaks: ({ origin, pass }) =>
      origin === "https://elsewhere.example" ? pass({ origin: SITE_ORIGIN }) : undefined,
    says: /expected a change from another site's page to be refused \(forbidden_origin\), but it is wrong_credentials.* answered 401 \(request \S+\)/,
  },
  {
    step: "sign up",
    fault: "it fails",
    breaks: instead(/^POST \/api\/users$/, () => problem(500, "internal")),
    says: /but POST \/api\/users answered 500 \(request planted\)/,
  },
  {
    step: "sign up",
    fault: "the site's own origin is refused",
    breaks: ({ call, pass }) =>
      call === "POST /api/users" ? pass({ origin: "https://a.example" }) : undefined,
    says: /expected a success, but POST \/api\/users answered 403 \(request \S+\): it is forbidden_origin/,
  },
  {
    step: "sign up",
    fault: "it does not sign in",
    breaks: on(/^POST \/api\/users$/, without("set-cookie")),
    says: /expected the cookie notejam to be HttpOnly and SameSite=Lax, but no such cookie was set; POST \/api\/users answered 201/,
  },
  {
    step: "sign in",
    fault: "the cookie is lost",
    breaks: on(/^POST \/api\/session$/, without("set-cookie")),
    says: /expected the cookie notejam to be HttpOnly and SameSite=Lax, but no such cookie was set; POST \/api\/session answered 201/,
  },
  {
    step: "sign in",
    fault: "scripts can read the cookie",
    breaks: on(/^POST \/api\/session$/, ({ headers }) => ({
      headers: {
        ...headers,
        "set-cookie": [headers["set-cookie"] ?? []].flat().map((line) => line.replace("; HttpOnly", "")),
      },
    })),
    says: /expected the cookie notejam to be HttpOnly and SameSite=Lax, but it is not/,
  },
  {
    step: "sign in",
    fault: "the session is lost",
    breaks: ({ call, pass }) => (call === "GET /api/session" ? pass({ cookie: "" }) : undefined),
    says: /but GET \/api\/session answered 401 \(request \S+\): it is unauthenticated/,
  },
  {
    step: "write",
    fault: "the note is acknowledged and lost",
    breaks: instead(/^POST \/api\/notes$/, async () => ({ status: 201, headers: {}, body: "{}" })),
    says: /but GET \/api\/notes\/\S+ answered 404 \(request \S+\): it is not_found/,
  },
  {
    step: "write",
    fault: "the text is not what was written",
    breaks: ({ call, pass }) =>
      /^GET \/api\/notes\/[\w-]+$/.test(call)
        ? pass().then((answer) => ({ ...answer, body: answer.body.replace("🙂", "?") }))
        : undefined,
    says: /expected the text that was written, but it differs; GET \/api\/notes\/\S+ answered 200/,
  },
  {
    step: "find",
    fault: "nothing is found",
    breaks: on(
      /^GET \/api\/search/,
      json(() => ({ found: [] })),
    ),
    says: /expected the note, and no other, among what "smoke\w+" finds, but 0 notes were found; GET \/api\/search\?q=smoke\w+ answered 200 \(request \S+\)/,
  },
  {
    step: "find",
    fault: "everything is found",
    breaks: on(
      /^GET \/api\/search/,
      json(({ found }) => ({ found: [...found, ...found] })),
    ),
    says: /but 2 notes were found/,
  },
  {
    step: "change",
    fault: "it is acknowledged and lost",
    breaks: instead(/^PATCH /, async () => ({ status: 200, headers: {}, body: "{}" })),
    says: /expected version 2 of the note, but it is 1/,
  },
  {
    step: "change",
    fault: "a change of an earlier version is accepted",
    breaks: on(/^PATCH /, ({ status }) => (status === 412 ? { status: 200 } : {})),
    says: /expected a change of a version that is gone to be refused \(version_mismatch\), but it was accepted; PATCH \S+ answered 200/,
  },
  {
    step: "read the history",
    fault: "a state is missing",
    breaks: on(
      /\/revisions$/,
      json(({ revisions }) => ({ revisions: revisions.slice(0, 1) })),
    ),
    says: /expected the states 2 save, 1 create, but they are 2 save; GET \S+\/revisions answered 200/,
  },
  {
    step: "read the history",
    fault: "a state is not found",
    breaks: instead(/\/revisions\/1$/, () => problem(404, "not_found")),
    says: /but GET \S+\/revisions\/1 answered 404 \(request planted\)/,
  },
  {
    step: "read the history",
    fault: "a state was changed",
    breaks: on(
      /\/verify$/,
      json((body) => ({ ...body, differs: { version: 1 } })),
    ),
    says: /expected the states' chain to be whole, but it is not/,
  },
  {
    step: "delete",
    fault: "nothing is deleted",
    breaks: instead(/^DELETE \/api\/notes\//, nothing),
    says: /expected the note to be gone \(not_found\), but it was accepted; GET \/api\/notes\/\S+ answered 200/,
    leaves: "note",
  },
  {
    step: "delete",
    fault: "the trash is empty",
    breaks: on(
      /^GET \/api\/trash$/,
      json((body) => ({ ...body, notes: [] })),
    ),
    says: /expected the note in the trash, but it is not there; GET \/api\/trash answered 200/,
  },
  {
    step: "restore",
    fault: "the note stays in the trash",
    breaks: instead(/\/restore$/, async () => ({ status: 200, headers: {}, body: "{}" })),
    says: /but GET \/api\/notes\/\S+ answered 404/,
  },
  {
    step: "delete for ever",
    fault: "the note stays in the trash",
    breaks: instead(/^DELETE \/api\/trash\//, nothing),
    says: /expected the note to be gone from the trash, but it is there; GET \/api\/trash answered 200/,
    leaves: "note",
  },
  {
    step: "reset the password",
    fault: "the mail leads to another site",
    breaks: on(/^GET \/_outbox\?/, ({ body }) => ({
      body: body.replaceAll(/http:\/\/localhost:\d+/g, "https://a.example"),
    })),
    says: /expected a mail with a link to http:\/\/localhost:\d+\/reset-password, but its link leads to https:\/\/a\.example/,
  },
  {
    step: "reset the password",
    fault: "the link does not work",
    breaks: instead(/^PUT \/api\/password-resets$/, () => problem(422, "invalid_input")),
    says: /but PUT \/api\/password-resets answered 422 \(request planted\)/,
  },
  {
    step: "reset the password",
    fault: "nothing is changed",
    breaks: instead(/^PUT \/api\/password-resets$/, nothing),
    says: /expected the session to have ended \(unauthenticated\), but it was accepted/,
  },
  {
    step: "reset the password",
    fault: "the mailbox answers something else",
    breaks: on(/^GET \/_outbox\?/, () => ({ body: "[]" })),
    says: /expected the mailbox to answer .*, but it answers something else/,
  },
  {
    step: "sign out",
    fault: "the session goes on",
    breaks: instead(/^DELETE \/api\/session$/, nothing),
    says: /expected the session to have ended \(unauthenticated\), but it was accepted; GET \/api\/session answered 200/,
  },
];

test("each step has a fault that is planted", () => {
  expect([...new Set(FAULTS.map(({ step }) => step))]).toEqual(NAMES);
});

test.concurrent.each(FAULTS)("$step: fails if $fault", async ({ step, breaks, says, leaves }) => {
  const { failed, words, steps, left, account } = await smokeBroken(breaks);

  expect(failed).toBe(step);
  expect(words).toMatch(says);
  expect(steps.map(({ name }) => name)).toEqual(NAMES.slice(0, NAMES.indexOf(step) + 1));
  expect(left.filter((one) => one.startsWith("the note"))).toHaveLength(leaves ? 1 : 0);
  if (NAMES.indexOf(step) <= NAMES.indexOf("sign up") || step === "reset the password" || step === "sign out")
    return;
  if (!account) throw new Error("No account was signed up.");
  expect(await notesOf(SITE_ORIGIN, account)).toBe(leaves ? 1 : 0);
});

test.concurrent.each([
  { step: "find", calls: /^GET \/api\/search/, last: /GET \/api\/search\?q=\w+ was not answered$/ },
  { step: "load its files", calls: /^GET \/assets\//, last: /GET \/assets\/\S+ was not answered$/ },
])("$step: fails if it hangs, within the step's time", async ({ step, calls, last }) => {
  const hanging = Promise.withResolvers<Answer>();

  const { failed, words } = await smokeBroken(
    instead(calls, () => hanging.promise),
    // What is left of all steps' time is seldom a whole number of milliseconds.
    { stepSeconds: 2.0004 },
  );
  hanging.resolve(await nothing());

  expect(failed).toBe(step);
  expect(words).toMatch(/^expected it to be done within 2 s, but it was not; /);
  expect(words).toMatch(last);
});

test.each([
  [
    "a service that stays busy",
    instead(/^POST \/api\/users$/, () => problem(503, "unavailable", "1")),
    "sign up",
  ],
  [
    "a mail that does not come",
    on(
      /^GET \/_outbox\?/,
      json(() => ({ mails: [] })),
    ),
    "reset the password",
  ],
])("%s is waited for no longer than the step's time", async (_, breaks, step) => {
  const { failed, words } = await smokeBroken(breaks, { stepSeconds: 2 });

  expect(failed).toBe(step);
  expect(words).toMatch(
    /^expected it to be done within 2 s, but it was not; POST \S+ answered (503 \(request planted\)|202 \(request \S+\))$/,
  );
});

// --- the command ----------------------------------------------------------------------------------------------------------

describe("the command", () => {
  test("passes on what npm start serves: a plain line for each step, and what stays", async () => {
    vi.stubEnv("NOTEJAM_DATA_DIR", inject("siteDataDir"));
    onTestFinished(() => void vi.unstubAllEnvs());

    const { code, stdout, stderr } = await command(["smoke", SITE_ORIGIN]);

    expect(stderr).toBe("");
    expect(code).toBe(EXIT.done);
    const lines = NAMES.map((name) => `passed   ${name} \\(\\d+ ms\\)\n`).join("");
    const account = "Left on the site: the account smoke-[0-9a-f]{16}@example\\.com\\.\n";
    expect(stdout).toMatch(new RegExp(`^${lines}\n${NAMES.length} steps passed in \\d+ ms\\.\n${account}$`));
  });

  test("names the step that failed, with exit code 1", async () => {
    const proxy = await startBreakingProxy(
      SITE_ORIGIN,
      instead(/^GET \/api\/search/, () => problem(500, "internal")),
    );

    const { code, stdout, stderr } = await command(["smoke", `${proxy.origin}/`]);
    await proxy.close();

    expect(code).toBe(EXIT.failed);
    expect(stdout).toMatch(/\nFAILED {3}find \(\d+ ms\)\n$/);
    expect(stderr).toMatch(
      /^\n"find" failed after \d+ ms: expected a success, but GET \/api\/search\?q=smoke\w+ answered 500 \(request planted\): it is internal: A planted internal\nLeft on the site: the account \S+\.\n$/,
    );
  });

  test("says that nothing answers at the address", async () => {
    const closed = await startBreakingProxy(SITE_ORIGIN, () => undefined);
    await closed.close();

    const { code, stderr } = await command(["smoke", closed.origin]);

    expect(code).toBe(EXIT.failed);
    expect(stderr).toMatch(/expected an answer, but GET \/ was not answered: ECONNREFUSED/);
  });

  test("refuses a command line that is wrong in one line, with exit code 2", async () => {
    const { code, stdout, stderr } = await command(["smoke", "notes.example.com"]);

    expect(code).toBe(EXIT.misused);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      "The site's address must be https://<host> or http://localhost:<port>, with nothing after it.\n",
    );
  });

  test("--help says what it does", async () => {
    const { code, stdout } = await command(["smoke", "--help"]);

    expect(code).toBe(EXIT.done);
    expect(stdout).toMatch(
      /^Usage: npm run smoke -- \[options\] <url>[\s\S]*--mailbox[\s\S]*--timeout[\s\S]*Exit codes:/,
    );
  });

  const SITE = "https://notes.example.com";
  test.each([
    [[], /^Missing required argument 'url'\. See npm run smoke -- --help\.$/],
    [[SITE, "https://b.example.com"], /^Too many arguments\. Expected 1 argument but got 2/],
    [["http://notes.example.com"], /^The site's address must be https:/],
    [[`${SITE}/notes`], /with nothing after it\.$/],
    [["https://me:secret@notes.example.com"], /^The site's address must be (?!.*secret)/],
    [
      [SITE, "--timeout", "0"],
      /'--timeout <seconds>' argument '0' is invalid\. It must be a whole number from 1 to 600\./,
    ],
    [[SITE, "--timeout", "1e3"], /'--timeout <seconds>' argument '1e3' is invalid/],
    [[SITE, "--timeout", "601"], /'--timeout <seconds>' argument '601' is invalid/],
    [[SITE, "--mailbox", "smoke@example.com"], /'--mailbox <url>'.* It must be an address like https:/],
    [
      [SITE, "--mailbox", "http://mail.example.com/"],
      /'--mailbox <url>'.* It must be an address like https:/,
    ],
    [
      [SITE, "--mailbx", "x"],
      /^Unknown option '--mailbx'\. Did you mean --mailbox\? See npm run smoke -- --help\.$/,
    ],
  ])("refuses %j", async (args, message) => {
    await expect(read(args)).rejects.toThrow(Misused);
    await expect(read(args)).rejects.toThrow(message);
  });

  test.each([
    [[SITE], { mailbox: { missing: expect.stringContaining("--mailbox") }, domain: "example.com" }],
    [
      [SITE, "--mailbox", "https://mail.example.org/mails?key=1"],
      { mailbox: { url: "https://mail.example.org/mails?key=1" }, domain: "mail.example.org" },
    ],
    [
      ["http://localhost:3000"],
      {
        mailbox: { url: "http://localhost:3000/_outbox?token=t" },
        domain: "example.com",
        origin: "http://localhost:3000",
      },
    ],
    [
      ["http://localhost:3001"],
      { mailbox: { missing: expect.stringContaining("NOTEJAM_DATA_DIR") }, origin: "http://localhost:3001" },
    ],
    [[`${SITE}/`, "--timeout", "90"], { origin: SITE, stepSeconds: 90 }],
  ])("reads %j", async (args, options) => {
    const dataDir = mkdtempSync(join(tmpdir(), "notejam-smoke-"));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv("NOTEJAM_DATA_DIR", dataDir);
    const origin = "http://localhost:3000";
    writeLocalService(dataDir, { origin, key: "k", outbox: `${origin}/_outbox?token=t` });

    expect(await read(args)).toMatchObject(options);
  });
});
