// The load test passes on what `npm start` serves, sends what it planned however slow that is, and names a planted fault.
import { randomUUID } from "node:crypto";
import { EXIT, Misused } from "@notejam/command-line";
import { describe, expect, inject, test } from "vitest";
import { type Answer, type Break, startBreakingProxy } from "../visitor/testing/breaking-proxy.ts";
import { command } from "../visitor/testing/command.ts";
import { instead, notesOf, nothing, problem } from "../visitor/testing/faults.ts";
import { type LoadOrder, loadCommand } from "./command-line.ts";
import { type Listener, type LoadOptions, type LoadReport, load, type Part } from "./load.ts";
import { PHASE_NAMES, planned } from "./plan.ts";

const SITE_ORIGIN = inject("siteOrigin");

interface Loaded extends LoadReport {
  /** All failures in one text. */
  words: string;
  accounts: { email: string; password: string }[];
}

/** 3, 12 and 3 calls, in an order in which a planted fault meets its call. */
const SIZE = { rate: 3, seconds: 1, users: 1, seed: 24 };

/** The site behind one of its own, which breaks something. */
async function behindProxy<T>(how: Break, visit: (origin: string) => Promise<T>) {
  const accounts: Loaded["accounts"] = [];
  const proxy = await startBreakingProxy(SITE_ORIGIN, (sent) => {
    if (sent.call === "POST /api/users") accounts.push(JSON.parse(sent.body));
    return how(sent);
  });
  const visited = await visit(proxy.origin);
  await proxy.close();
  return { ...visited, accounts };
}

/** A load test of a site that breaks something. How long its calls wait does not matter: this machine may be busy. */
async function loadBroken(how: Break, options: Partial<LoadOptions> = {}): Promise<Loaded> {
  const limits = { errorsMax: 0.1, waitsMax: 100, p99Max: undefined };
  const loaded = await behindProxy(how, (origin) =>
    load({ ...SIZE, origin, timeoutSeconds: 60, limits, ...options }),
  );
  return { ...loaded, words: loaded.failures.join("\n") };
}

async function expectNothingLeft(accounts: Loaded["accounts"]) {
  for (const account of accounts) expect(await notesOf(SITE_ORIGIN, account)).toBe(0);
}

/** What a command line asks for. */
async function read(args: string[]): Promise<LoadOrder | undefined> {
  let order: LoadOrder | undefined;
  const command = loadCommand(async (given) => {
    order = given;
    return EXIT.done;
  });
  await command.parseAsync(args, { from: "user" });
  return order;
}

/** The figures of a row of the table. */
function figures(table: string, label: string): number[] {
  const line = table.split("\n").find((one) => one.startsWith(`${label}  `));
  return line?.slice(label.length).trim().split(/\s+/).map(Number) ?? [];
}

// --- planted faults -------------------------------------------------------------------------------------------------------

/** Breaks the nth of these calls. */
const some = (calls: RegExp, isBroken: (nth: number) => boolean, how: Break): Break => {
  let count = 0;
  return (sent) => (calls.test(sent.call) && isBroken(++count) ? how(sent) : undefined);
};

const either =
  (...all: Break[]): Break =>
  (sent) => {
    for (const one of all) {
      const answer = one(sent);
      if (answer) return answer;
    }
  };

const json = async (body: object): Promise<Answer> => ({
  status: 200,
  headers: {},
  body: JSON.stringify(body),
});

/** Every call is one of a phase from when its first is sent. */
function partNow(): { is(...parts: Part[]): boolean; on: Partial<Listener> } {
  let now: Part = "preparation";
  const begins = (part: Part) => {
    now = part;
  };
  return { is: (...parts) => parts.includes(now), on: { begins } };
}

describe.concurrent("with a planted fault", () => {
  test("fails at an error rate, and counts the calls by what was answered", async () => {
    const { is, on } = partNow();
    const each6th = some(
      /./,
      (nth) => nth % 6 === 0,
      () => problem(500, "internal"),
    );
    const { phases, words, accounts } = await loadBroken(
      (sent) => (is(...PHASE_NAMES) ? each6th(sent) : undefined),
      { on },
    );

    expect(words).toMatch(
      /^step: \d of 12 calls \([\d.]+ %\) failed, and 0\.1 % may\.\n {2}\d × failure: expected a success, but [A-Z]+ \/api\/\S+ answered 500 \(request planted\): it is internal: A planted internal$/m,
    );
    expect(answered(phases, "500")).toBe(3);
    expect(
      PHASE_NAMES.flatMap((phase) => phases[phase].faults).reduce((all, { calls }) => all + calls, 0),
    ).toBe(3);
    await expectNothingLeft(accounts);
  });

  test("fails if calls are never answered", async () => {
    const hanging = Promise.withResolvers<Answer>();
    const { phases, words, accounts } = await loadBroken(
      instead(/^GET \/api\/search/, () => hanging.promise),
      { timeoutSeconds: 5 },
    );
    hanging.resolve(await nothing());

    expect(phases.step.faults.map(({ first }) => first)).toContainEqual(
      expect.stringMatching(
        /^expected it to be done within 5 s, but it was not; GET \/api\/search\?q=load\w+ was not answered$/,
      ),
    );
    expect(words).toMatch(/^step: \d+ of 12 calls \([\d.]+ %\) failed, and 0\.1 % may\.$/m);
    expect(PHASE_NAMES.map((phase) => phases[phase].begun)).toEqual([3, 12, 3]);
    expect(PHASE_NAMES.map((phase) => phases[phase].ended)).toEqual([3, 12, 3]);
    await expectNothingLeft(accounts);
  });

  test("fails at one wrong answer, whatever the limit", async () => {
    const nth = (n: number, calls: RegExp, how: Break) => some(calls, (count) => count === n, how);
    const [save, read, list] = [/^PATCH \/api\/notes\//, /^GET \/api\/notes\/[\w-]+$/, /^GET \/api\/notes$/];
    const { words, accounts } = await loadBroken(
      either(
        // It is lost.
        nth(1, save, ({ call, body }) =>
          json({ note: { id: call.split("/").at(-1), version: 2, text: JSON.parse(body).text } }),
        ),
        nth(2, save, () => problem(412, "version_mismatch")),
        nth(1, read, async ({ pass }) => {
          const answer = await pass();
          return { ...answer, body: answer.body.replace("🙂", "?") };
        }),
        nth(2, read, () => problem(404, "not_found")),
        nth(1, list, () => json({ notes: [{ id: randomUUID() }], total: 3, nextCursor: null })),
      ),
      { limits: { errorsMax: 100, waitsMax: 100, p99Max: undefined } },
    );

    const wrong = (expected: string) =>
      expect(words).toMatch(new RegExp(`^  \\d × wrong answer: ${expected}`, "m"));
    wrong("expected version 2( to 3)? of the note, but it is 1; GET /api/notes/\\S+ answered 200");
    wrong(
      "expected version \\d, which was acknowledged, to be the newest, but it is not; PATCH \\S+ answered 412",
    );
    wrong("expected the text that was sent as version \\d, but it differs; GET /api/notes/\\S+ answered 200");
    wrong("expected a note that was acknowledged, but it is not found; GET /api/notes/\\S+ answered 404");
    wrong("expected the user's own notes, but another note is listed; GET /api/notes answered 200");
    expect(words).toMatch(/^check: of \d notes that were acknowledged, 1 did not read back\.$/m);
    await expectNothingLeft(accounts);
  });

  test("passes if the service is busy at the step and recovers: it is waited for, which is reported", async () => {
    const { is, on } = partNow();
    // Of the step's calls, from the 4th to the 15th, one in the middle.
    const refuse = some(
      /./,
      (nth) => nth === 9,
      () => problem(503, "unavailable", "1"),
    );
    const { failures, phases, accounts } = await loadBroken(
      (sent) => (is(...PHASE_NAMES) ? refuse(sent) : undefined),
      { on, limits: { errorsMax: 0, waitsMax: 10, p99Max: undefined } },
    );

    expect(failures).toEqual([]);
    expect(PHASE_NAMES.map((phase) => phases[phase].waited)).toEqual([0, 1, 0]);
    expect(answered(phases, "503")).toBe(1);
    // It waited a second, which counts.
    expect(phases.step.took.most).toBeGreaterThan(1000);
    await expectNothingLeft(accounts);
  });
});

test("a call begins although another has no answer, and its time counts from when it was due", async () => {
  const { is, on } = partNow();
  const allSent = Promise.withResolvers<void>();
  const hold = some(
    /./,
    (nth) => nth === 1,
    ({ pass }) => allSent.promise.then(() => pass()),
  );
  const { failures, phases } = await loadBroken((sent) => (is("base") ? hold(sent) : undefined), {
    on: {
      begins(part, count) {
        on.begins?.(part, count);
        // This process is busy, so that the base phase's three calls begin late.
        if (part === "base") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
      },
      moves(phase, { begun }) {
        if (phase === "recovery" && begun === 3) allSent.resolve();
      },
    },
  });

  expect(failures).toEqual([]);
  expect(phases.base.late.p50).toBeGreaterThan(1000);
  expect(phases.base.took.p50).toBeGreaterThan(phases.base.late.p50);
});

/** How many requests were answered with this status. */
function answered(phases: LoadReport["phases"], status: string): number {
  const statuses = PHASE_NAMES.flatMap((phase) => Object.values(phases[phase].requests));
  return statuses.reduce((all, counts) => all + (counts[status] ?? 0), 0);
}

// --- the command ----------------------------------------------------------------------------------------------------------

describe("the command", () => {
  test("passes on what npm start serves: sends what was planned, and leaves its accounts only", async () => {
    const args = ["--rate", "10", "--seconds", "1", "--users", "3", "--waits-max", "100"];
    const { code, stdout, stderr, accounts } = await behindProxy(
      () => undefined,
      (origin) => command(["load", origin, ...args]),
    );

    expect(code).toBe(EXIT.done);
    expect(stderr).toMatch(
      /^preparation: 3 users sign up\nbase: 10 calls in 1 s\nstep: 40 calls in 1 s\nrecovery: 10 calls in 1 s\ncheck: \d+ notes are read again\ncleaning: the notes of 3 users are deleted for ever\n$/,
    );
    expect(figures(stdout, "calls")).toEqual([10, 40, 10]);
    expect(figures(stdout, "failed")).toEqual([0, 0, 0]);
    expect(figures(stdout, "not ended")).toEqual([0, 0, 0]);
    expect(stdout).toMatch(/^GET \/api\/notes\/:id {2}200 +\d+ +\d+ +\d+$/m);
    expect(stdout).toMatch(
      /\nEverything is within the limits\.\nLeft on the site: the accounts load-(\w+)-1@example\.com to load-\1-3@example\.com\.\n$/,
    );
    expect(accounts).toHaveLength(3);
    await expectNothingLeft(accounts);
  });

  test("--json gives the report to a program, a failure in words beside it, with exit code 1", async () => {
    const args = ["--rate", "2", "--seconds", "1", "--users", "1", "--seed", "3", "--json"];
    const { code, stdout, stderr } = await behindProxy(
      instead(/^GET \/api\/notes\//, () => problem(500, "internal")),
      (origin) => command(["load", origin, ...args]),
    );

    const report = JSON.parse(stdout);
    expect(code).toBe(EXIT.failed);
    expect(report).toMatchObject({ passed: false, stopped: false, rate: 2, seed: 3 });
    const reads = planned({ rate: 2, seconds: 1, users: 1, seed: 3 }).filter(({ act }) => act === "read");
    const failed = PHASE_NAMES.map(
      (phase) => report.phases[phase].requests["GET /api/notes/:id"]?.[500] ?? 0,
    );
    expect(failed).toEqual(PHASE_NAMES.map((phase) => reads.filter((call) => call.phase === phase).length));
    expect(stderr).toContain("failure: expected a success, but GET /api/notes/");
  });

  test("stops at Ctrl-C, reports what was sent, and cleans up", async () => {
    const { code, stdout, stderr, accounts } = await behindProxy(
      () => undefined,
      (origin) =>
        command(["load", origin, "--rate", "5", "--users", "2"], (child, said) => {
          if (/^base: /m.test(said)) child.kill("SIGINT");
        }),
    );

    expect(code).toBe(EXIT.stopped);
    expect(figures(stdout, "calls").slice(1)).toEqual([0, 0]);
    expect(stderr).toMatch(/\nYou stopped it\.\nLeft on the site: the accounts \S+ to \S+\.\n$/);
    expect(accounts).toHaveLength(2);
    await expectNothingLeft(accounts);
  });

  test("says that nothing answers at the address", async () => {
    const closed = await startBreakingProxy(SITE_ORIGIN, () => undefined);
    await closed.close();

    const { code, stdout, stderr } = await command(["load", closed.origin]);

    expect(code).toBe(EXIT.failed);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /\nNo traffic was sent: expected an answer, but GET \/api\/health was not answered: ECONNREFUSED\.\n$/,
    );
  });

  test("refuses a command line that is wrong in one line, with exit code 2", async () => {
    const { code, stdout, stderr } = await command(["load", "http://localhost:3000", "--rate", "0"]);

    expect(code).toBe(EXIT.misused);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      "Option '--rate <n>' argument '0' is invalid. It must be a whole number from 1 to 250. See npm run load -- --help.\n",
    );
  });

  const SITE = "https://notes.example.com";
  test.each([
    [[], /^Missing required argument 'url'\./],
    [["http://notes.example.com"], /^The site's address must be https:/],
    [
      [SITE, "--rate", "251"],
      /'--rate <n>' argument '251' is invalid\. It must be a whole number from 1 to 250\./,
    ],
    [
      [SITE, "--seconds", "1.5"],
      /'--seconds <n>' argument '1\.5' is invalid\. It must be a whole number from 1 to 3600\./,
    ],
    [
      [SITE, "--users", "51"],
      /'--users <n>' argument '51' is invalid\. It must be a whole number from 1 to 50\./,
    ],
    [[SITE, "--timeout", "301"], /'--timeout <seconds>' argument '301' is invalid\. .* to 300\./],
    [[SITE, "--errors-max", "-1"], /'--errors-max <percent>' argument '-1' is invalid/],
    [
      [SITE, "--errors-max", "101"],
      /'--errors-max <percent>' argument '101' is invalid\. It must be a number of percent from 0 to 100, /,
    ],
    [[SITE, "--waits-max", "5%"], /'--waits-max <percent>' argument '5%' is invalid/],
    [
      [SITE, "--p99-max", "0"],
      /'--p99-max <ms>' argument '0' is invalid\. It must be a whole number from 1 to 600000\./,
    ],
    [[SITE, "--seed", "x"], /'--seed <n>' argument 'x' is invalid/],
    [[SITE, "--rat", "1"], /^Unknown option '--rat'\. Did you mean --rate\? See npm run load -- --help\.$/],
  ])("refuses %j", async (args, message) => {
    await expect(read(args)).rejects.toThrow(Misused);
    await expect(read(args)).rejects.toThrow(message);
  });

  test("four times the default rate is below the throttle of the smallest stage", async () => {
    // 40 requests a second, stacks/README.md says.
    expect(await read([SITE])).toMatchObject({
      rate: 8,
      limits: { errorsMax: 0.1, waitsMax: 5, p99Max: undefined },
    });
  });

  test("reads what it is given", async () => {
    const given = ["--rate", "20", "--errors-max", "0.5", "--p99-max", "800", "--seed", "7", "--json"];
    expect(await read([`${SITE}/`, ...given])).toMatchObject({
      origin: SITE,
      rate: 20,
      limits: { errorsMax: 0.5, p99Max: 800 },
      seed: 7,
      isJson: true,
    });
  });
});
