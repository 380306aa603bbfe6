// The commands as a user runs them, against Notejam as `npm start` runs it.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ifMatch } from "@notejam/client";
import { readLocalService } from "@notejam/command-line/local-service";
import { NAME_MAX, oneLine } from "@notejam/core/field/limits";
import { TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import { CreateNote } from "@notejam/core/note/schema";
import { PAGE_MAX } from "@notejam/core/paging/schema";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { signIn } from "./account.ts";
import { openConnection } from "./connection.ts";

const PASSWORD = "correct horse battery";
const scratch = mkdtempSync(join(tmpdir(), "notejam-notes-"));
const dataDir = join(scratch, "data");
let service: ChildProcess;
let origin = "";

beforeAll(async () => {
  service = spawn(process.execPath, [join(import.meta.dirname, "../../local/src/start.ts")], {
    env: { ...process.env, PORT: "0", NOTEJAM_DATA_DIR: dataDir, DATABASE_URL: "" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  origin = await new Promise((started, failed) => {
    service.stdout?.on("data", (chunk) => {
      said += chunk;
      const address = /http:\/\/localhost:\d+/.exec(said);
      if (address) started(address[0]);
    });
    service.on("exit", () => failed(new Error(`Notejam did not start: ${said}`)));
  });
});
afterAll(async () => {
  const ended = new Promise((resolve) => service.on("exit", resolve));
  service.kill("SIGTERM");
  await ended;
  rmSync(scratch, { recursive: true });
});

let folder = "";
let email = "";
beforeEach(() => {
  folder = mkdtempSync(join(scratch, "folder-"));
  email = `${randomUUID()}@example.com`;
});

function put(files: Record<string, string | Buffer>, where = folder) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(where, path)), { recursive: true });
    writeFileSync(join(where, path), content);
  }
}

interface Run {
  password?: string;
  account?: string;
  origin?: string;
  dataDir?: string;
  /** Ctrl-C when this resolves. */
  stopWhen?: () => Promise<unknown>;
}

/** Imports or exports a folder. */
function notes(command: "import" | "export", where: string, run: Run = {}, ...more: string[]) {
  return perform([command, where, "--email", run.account ?? email, ...more], run);
}

/** Runs the command to its end, without a terminal. */
function perform(args: string[], run: Run = {}) {
  const main = join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, [main, ...args], {
    env: {
      ...process.env,
      NOTEJAM_URL: run.origin ?? origin,
      NOTEJAM_DATA_DIR: run.dataDir ?? dataDir,
      NOTEJAM_PASSWORD: run.password ?? PASSWORD,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  void run.stopWhen?.().then(() => child.kill("SIGINT"));
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** A client that is signed in to the account. */
async function client(account = email) {
  const connection = openConnection(origin);
  await signIn(connection, { email: account, password: PASSWORD }, true);
  return connection.api;
}

/** All notes of the account, with the names of their pads. */
async function read(account = email) {
  const api = await client(account);
  const { pads } = await (await api.pads.$get()).json();
  const names = new Map(pads.map((pad) => [pad.id, pad.name]));
  const found: { pad: string | null; name: string; text: string; facts?: string }[] = [];
  let cursor: string | undefined;
  do {
    const page = await (await api.notes.$get({ query: { limit: String(PAGE_MAX), cursor } })).json();
    for (const { id } of page.notes) {
      const { note } = await (await api.notes[":id"].$get({ param: { id } })).json();
      const { padId, name, text, named, pinnedAt, archivedAt } = note;
      const facts = [!named && "unnamed", pinnedAt && "pinned", archivedAt && "archived"].filter(
        (one) => one,
      );
      const pad = padId === null ? null : (names.get(padId) ?? "?");
      found.push({ pad, name, text, ...(facts.length > 0 && { facts: facts.join() }) });
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const key = (note: (typeof found)[number]) => JSON.stringify(note);
  return {
    notes: found.sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    pads: pads.map((pad) => pad.name).sort(),
  };
}

async function count() {
  return (await (await (await client()).notes.$get({ query: { limit: "1" } })).json()).total ?? 0;
}

/** What is wrong with a note, in the words of its schema. */
function messageFor(note: { name: string; text: string }) {
  return CreateNote.safeParse(note).error?.issues[0]?.message;
}

describe("import", () => {
  test("creates a note from each text file: its top folder is the pad, the path below that the name", async () => {
    put({
      "top.md": "# Top",
      "work/plan.md": "Plan",
      "work/2026/q1/README": "Deep",
      "work/picture.png": "no text",
      "home/node_modules/x/a.txt": " \n",
    });

    const { code, output } = await notes("import", folder);

    expect(output).toBe(
      `Created the account ${email}.\n4 created, 0 already there, 0 changed since, 0 refused.\n`,
    );
    expect(code).toBe(0);
    expect(await read()).toEqual({
      notes: [
        { pad: "home", name: "node_modules/x/a.txt", text: " \n" },
        { pad: "work", name: "2026/q1/README", text: "Deep" },
        { pad: "work", name: "plan.md", text: "Plan" },
        { pad: null, name: "top.md", text: "# Top" },
      ],
      pads: ["home", "work"],
    });
  });

  test("adds nothing the second time, also where a pad was renamed meanwhile", async () => {
    put({ "a.md": "A", "work/b.md": "B" });
    await notes("import", folder);
    const api = await client();
    const [pad] = (await (await api.pads.$get()).json()).pads;
    const param = { id: pad?.id ?? "" };
    await api.pads[":id"].$patch({ param, header: ifMatch(pad?.version ?? 0), json: { name: "Renamed" } });

    const { code, output } = await notes("import", folder);

    expect(output).toBe("0 created, 2 already there, 0 changed since, 0 refused.\n");
    expect(code).toBe(0);
    expect((await read()).pads).toEqual(["Renamed"]);
    expect((await read()).notes).toHaveLength(2);
  });

  test("reports a file that has changed since, and changes neither the file nor the note", async () => {
    put({ "a.md": "old", "b.md": "B" });
    await notes("import", folder);
    put({ "a.md": "new" });

    const { code, output } = await notes("import", folder);

    expect(output).toContain("0 created, 1 already there, 1 changed since, 0 refused.\n");
    expect(output).toContain("Changed since (their notes were left as they are):\n  a.md\n");
    expect(code).toBe(3);
    expect((await read()).notes.map((note) => note.text)).toEqual(["old", "B"]);
  });

  test("doesn't restore what is in the trash", async () => {
    put({ "a.md": "A", "work/b.md": "B" });
    await notes("import", folder);
    const api = await client();
    const page = await (await api.notes.$get({ query: { pad: "none" } })).json();
    for (const { id } of page.notes) await api.notes[":id"].$delete({ param: { id } });
    const { pads } = await (await api.pads.$get()).json();
    for (const { id } of pads) await api.pads[":id"].$delete({ param: { id } });

    const { code, output } = await notes("import", folder);

    expect(output).toContain("  a.md: its note is in the trash\n  work/b.md: its pad is in the trash\n");
    expect(code).toBe(3);
    expect((await read()).notes).toEqual([]);
  });

  test("puts a space in the place of control characters in the names of files and folders", async () => {
    put({ "my\tpad/first\tnote.md": "A", "second\nnote.md": "B" });

    const { output } = await notes("import", folder);

    expect(output).toContain("2 created, 0 already there, 0 changed since, 0 refused.\n");
    const { notes: found, pads } = await read();
    expect(found.map(({ name }) => name)).toEqual(["first note.md", "second note.md"]);
    expect(pads).toEqual(["my pad"]);
  });

  test("reports each file that can't become a note, and imports the rest", async () => {
    const long = `${"x".repeat(NAME_MAX - 2)}.md`;
    put({
      "bad/empty.md": "",
      "bad/latin1.md": Buffer.from("caf\xe9", "latin1"),
      "bad/mark-only.md": "\u{FEFF}",
      "bad/nul.md": "a\0b",
      "bad/too-long.md": "x".repeat(TEXT_MAX_BYTES + 1),
      [`bad/${long}`]: "long name",
      "good/emoji.md": "🙂".repeat(TEXT_MAX_BYTES / 4),
      "good/mark.md": "\u{FEFF}marked",
    });

    const { code, output } = await notes("import", folder);

    expect(output).toContain("2 created, 0 already there, 0 changed since, 6 refused.\n");
    expect(output.slice(output.indexOf("Refused:"))).toBe(
      [
        "Refused:",
        "  bad/empty.md: it is empty",
        "  bad/latin1.md: it is not UTF-8",
        "  bad/mark-only.md: it is empty",
        `  bad/nul.md: ${messageFor({ name: "nul.md", text: "a\0b" })}`,
        "  bad/too-long.md: it is over 512 KiB",
        `  bad/${long}: ${messageFor({ name: long, text: "long name" })}`,
        "",
      ].join("\n"),
    );
    expect(code).toBe(3);
    const { notes: made, pads } = await read();
    expect(made.map((note) => note.text)).toEqual(["🙂".repeat(TEXT_MAX_BYTES / 4), "marked"]);
    expect(pads).toEqual(["good"]);
  });

  test("imports the files that --match matches", async () => {
    put({ "a/README.md": "1", "a/other.md": "2", "README.txt": "3" });

    const { output } = await notes("import", folder, {}, "--match", "README*");

    expect(output).toContain("2 created");
  });

  test("says that a folder has nothing to import", async () => {
    expect(await notes("import", folder)).toEqual({
      code: 0,
      output: expect.stringContaining(`${folder} has no files to import.\n`),
    });
  });

  test("shows names that would move the cursor, and writes no control character", async () => {
    put({ "\u001b[2Jevil\u202e.md": "" });

    const { output } = await notes("import", folder);

    expect(output).toContain("  \\u001b[2Jevil\\u202e.md: it is empty");
    expect(output).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test("reports a wrong password in one line, and changes nothing", async () => {
    put({ "a.md": "A" });
    await notes("import", folder);
    put({ "b.md": "B" });

    const outcome = await notes("import", folder, { password: "something else" });

    expect(outcome).toEqual({ code: 1, output: "Wrong email or password.\n" });
    expect((await read()).notes).toHaveLength(1);
  });

  test("reports what is wrong with the password of an account that it would create", async () => {
    const outcome = await notes("import", folder, { password: "short" });

    expect(outcome).toEqual({
      code: 1,
      output: "Could not sign in: Password is too short (8 characters at least).\n",
    });
  });

  test("exits with 2 for a wrong command line, and does nothing", async () => {
    put({ "a.md": "A" });

    const outcome = await notes("import", folder, {}, "--mtach", "README*");

    expect(outcome.code).toBe(2);
    expect(outcome.output).toContain("'--mtach'");
    expect((await read()).notes).toHaveLength(0);
  });

  test("leaves no session behind", async () => {
    put({ "a.md": "A" });
    for (const _ of [1, 2, 3]) await notes("import", folder);

    const { sessions } = await (await (await client()).sessions.$get()).json();

    expect(sessions).toHaveLength(1);
  });

  test("can be stopped, reports how far it came, and continues when it is run again", async () => {
    const files = 200;
    put(Object.fromEntries(Array.from({ length: files }, (_, index) => [`pad/${index}.md`, `${index}`])));

    await client();
    const stopped = await notes("import", folder, {
      stopWhen: () => vi.waitUntil(async () => (await count()) > 0, { timeout: 20_000, interval: 20 }),
    });

    expect(stopped.code).toBe(130);
    const [, done] = /Stopped after (\d+) of 200\. Run it again to continue\.\n$/.exec(stopped.output) ?? [];
    expect(await count()).toBe(Number(done));
    expect(Number(done)).toBeLessThan(files);
    const rest = await notes("import", folder);
    expect(rest.output).toBe(
      `${files - Number(done)} created, ${done} already there, 0 changed since, 0 refused.\n`,
    );
    expect(await count()).toBe(files);
  });
});

describe("export", () => {
  test("writes the folder that was imported", async () => {
    const files = { "top.md": "# Top", "work/2026/q1/README": "Deep", "work/plan.txt": "Plan\r\n" };
    put(files);
    await notes("import", folder);
    const back = join(folder, "../back", email);

    const { code, output } = await notes("export", back);

    expect(output).toBe("3 written, 0 already there, 0 refused.\n");
    expect(code).toBe(0);
    expect(filesBelow(back)).toEqual({ ...files, "notejam.json": expect.any(String) });
  });

  test("gives a file the time of its note's last change", async () => {
    put({ "a.md": "A" });
    await notes("import", folder);
    const back = mkdtempSync(join(scratch, "back-"));
    await notes("export", back);

    const [note] = (await (await (await client()).notes.$get()).json()).notes;
    expect(statSync(join(back, "a.md")).mtime.toISOString()).toBe(note?.updatedAt);
  });

  test("writes nothing the second time, and never over a file that has changed", async () => {
    put({ "a.md": "A", "work/b.md": "B" });
    await notes("import", folder);
    const back = mkdtempSync(join(scratch, "back-"));
    await notes("export", back);
    put({ "a.md": "mine" }, back);

    const { code, output } = await notes("export", back);

    expect(output).toBe(
      "0 written, 1 already there, 1 refused.\n\nRefused:\n  a.md: another file has this name; it was left as it is\n",
    );
    expect(code).toBe(3);
    expect(readFileSync(join(back, "a.md"), "utf8")).toBe("mine");
  });

  test("follows no link out of its folder", async () => {
    put({ "work/a.md": "A", "b.md": "B" });
    await notes("import", folder);
    const back = mkdtempSync(join(scratch, "back-"));
    const outside = mkdtempSync(join(scratch, "outside-"));
    symlinkSync(outside, join(back, "work"));
    symlinkSync(join(outside, "b.md"), join(back, "b.md"));

    const { code, output } = await notes("export", back);

    expect(output).toContain("  b.md: another file has this name; it was left as it is\n");
    expect(output).toContain(
      "  work/a.md: its folder has the name of something else; that was left as it is\n",
    );
    expect(code).toBe(3);
    expect(readdirSync(outside)).toEqual([]);
  });

  test("refuses a folder that holds another account's export", async () => {
    put({ "a.md": "A" });
    await notes("import", folder);
    const back = mkdtempSync(join(scratch, "back-"));
    await notes("export", back);
    const other = `${randomUUID()}@example.com`;
    await client(other);

    const outcome = await notes("export", back, { account: other });

    expect(outcome).toEqual({
      code: 1,
      output: `${back} holds the export of another account. Choose another folder.\n`,
    });
  });

  test("refuses a folder with a damaged list, as an import does", async () => {
    put({ "notejam.json": '{"format": "notejam export 1"}' });
    await client();

    const said = `${join(folder, "notejam.json")} is not a list that an export wrote, or it is damaged. Move it to another folder first.\n`;
    expect(await notes("export", folder)).toEqual({ code: 1, output: said });
    expect(await notes("import", folder)).toEqual({ code: 1, output: said });
  });

  test("creates no account", async () => {
    expect(await notes("export", folder)).toEqual({ code: 1, output: "Wrong email or password.\n" });
  });
});

describe("an export imported into another account", () => {
  const name = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
    fc.constantFrom(
      "a",
      "A",
      "a.md",
      "a.md/b",
      "README",
      "..",
      "../../escape.md",
      "/etc/passwd",
      "CON",
      "x\ty",
      "x.",
      "é",
      "e\u0301",
      "__proto__",
    ),
    fc.string({ unit: fc.constantFrom("a", "/", ".", "🙂", " "), minLength: 1, maxLength: NAME_MAX }),
  );
  const text = fc.oneof(
    fc.string({ unit: "binary", minLength: 1 }),
    fc.constantFrom("\u{FEFF}", "\u{FEFF}marked", "\r\n", " ", "\u0001", "# Title\n\ntext\n"),
  );
  const storable = (words: string) => words.trim() !== "" && !words.includes("\0") && words.isWellFormed();
  const fitting = {
    name: name.map(oneLine).filter(storable),
    text: text.filter((text) => !text.includes("\0") && text.isWellFormed()),
  };
  const [account] = fc.sample(
    fc.record({
      pads: fc.array(fitting.name, { minLength: 8, maxLength: 8 }),
      notes: fc.array(fc.record({ ...fitting, pad: fc.option(fc.nat(6), { nil: null }) }), {
        minLength: 60,
        maxLength: 60,
      }),
    }),
    { numRuns: 1, seed: 20_261_124 },
  );

  test("creates the same notes and pads, whatever their names, with their marks; into its own account it adds nothing", async () => {
    const api = await client();
    const padIds = account?.pads.map(() => randomUUID()) ?? [];
    for (const [index, id] of padIds.entries()) {
      await api.pads.$post({ json: { id, name: account?.pads[index] ?? "" } });
    }
    for (const [index, { pad, name, text }] of account?.notes.entries() ?? []) {
      const id = randomUUID();
      const named = index % 5 !== 0;
      await api.notes.$post({ json: { id, name, named, text, padId: pad === null ? null : padIds[pad] } });
      const json = { pinned: index % 7 === 0, archived: index % 11 === 0 };
      await api.notes[":id"].marks.$put({ param: { id }, json });
    }
    const other = `${randomUUID()}@example.com`;
    const inside = join(folder, "inside");

    expect(await notes("export", inside)).toEqual({
      code: 0,
      output: "60 written, 0 already there, 0 refused.\n",
    });
    expect(readdirSync(folder)).toEqual(["inside"]);
    expect((await notes("import", inside, { account: other })).output).toContain(
      "60 created, 0 already there",
    );
    expect(await read(other)).toEqual(await read());
    expect((await notes("import", inside)).output).toContain(
      "0 created, 60 already there, 0 changed since, 0 refused.",
    );
    expect((await notes("export", inside)).output).toBe("0 written, 60 already there, 0 refused.\n");
  });
});

/** All files below a folder, by path. */
function filesBelow(where: string): Record<string, string> {
  const paths = readdirSync(where, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => statSync(join(where, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(where, path), "utf8")]));
}

describe("checks", () => {
  const log = join(scratch, "data/log.jsonl");

  /** An account with a note of three states, one in the trash, and one whose pad is there. @returns their ids */
  /** The log, once it has what an answer may come before. */
  const logWith = (said: string): Promise<string> =>
    vi.waitFor(() => {
      const lines = readFileSync(log, "utf8");
      expect(lines).toContain(said);
      return lines;
    }, 10_000);

  async function makeNotes() {
    const api = await client();
    const make = async (name: string) =>
      (await (await api.notes.$post({ json: { name, text: "first" } })).json()).note.id;
    const [changed, trashed, other] = [await make("Changed"), await make("Trashed"), await make("Other")];
    for (const version of [1, 2]) {
      const json = { text: `state ${version}` };
      await api.notes[":id"].$patch({ param: { id: changed }, header: ifMatch(version), json });
    }
    await api.notes[":id"].$delete({ param: { id: trashed } });
    await logWith(`"note ${trashed}","version":2`);
    return { api, changed, trashed, other };
  }

  const check = (...args: string[]) => perform([...args, "--email", email]);

  test("verify counts the states that it checked, and gives a note's newest link", async () => {
    const { changed } = await makeNotes();

    expect(await check("verify")).toEqual({
      code: 0,
      output: "6 states checked: 0 thinned, 0 from before the chain.\n",
    });
    const { code, output } = await check("verify", "--note", changed);
    expect(code).toBe(0);
    expect(output).toMatch(
      /^3 states checked: .*\nThe newest state is version 3, with the link [\da-f]{64}\.\n$/,
    );
    expect(await check("verify", "--note", randomUUID())).toEqual({
      code: 1,
      output: "The account has no note of this id.\n",
    });
  });

  test("verify compares each note's newest state with the log, and names those that differ", async () => {
    const { changed, trashed } = await makeNotes();
    const file = join(scratch, `${randomUUID()}.jsonl`);
    const lines = readFileSync(log, "utf8");
    writeFileSync(file, lines);

    const { code, output } = await check("verify", "--log", file);
    expect(output).toMatch(/\n3 notes are as in the log, 0 were changed after its last line, 0 differ\.\n/);
    expect(code).toBe(0);

    const link = (version: number, id: string) => ({ thing: `note ${id}`, version, link: "00".repeat(32) });
    // What the log says first counts too: who edits the newest state in place has its new link logged by the next request.
    const [before, after] = [link(3, changed), link(9, trashed)].map((one) =>
      JSON.stringify({ audit: { what: "PATCH", who: null, things: [one] } }),
    );
    writeFileSync(file, `${before}\n${lines}\nno JSON, but "link"\n${after}\n`);
    const { code: failed, output: named } = await check("verify", "--log", file);
    expect(named).toContain("1 notes are as in the log, 0 were changed after its last line, 2 differ.\n");
    expect(named).toContain(`  note ${changed}: version 3 is not the one in the log\n`);
    expect(named).toContain(`  note ${trashed}: the log has version 9, the database only 2\n`);
    expect(failed).toBe(1);
  });

  test("compare finds an account as its manifest lists it, later states and notes deleted for ever included", async () => {
    const { api, changed, trashed } = await makeNotes();
    const file = join(scratch, `${randomUUID()}.json`);
    expect(await check("manifest", file)).toEqual({ code: 0, output: `${file} lists 3 notes.\n` });
    const json = { text: "later" };
    await api.notes[":id"].$patch({ param: { id: changed }, header: ifMatch(3), json });
    await api.trash.notes[":id"].$delete({ param: { id: trashed }, json: { password: PASSWORD } });

    await logWith(`"thing":"note ${trashed}","purged":true`);
    const { code, output } = await check("compare", file, "--log", log);

    expect(output).toBe(
      "3 notes compared: 4 states are as they were, 0 were thinned since, 0 are in the trash.\n" +
        "1 notes have later states, 1 were deleted for ever, 0 differ.\n",
    );
    expect(code).toBe(0);
    const without = await check("compare", file);
    expect(without.code).toBe(1);
    expect(without.output).toContain(`  note ${trashed}: it is missing, with 2 states\n`);
    expect((await check("manifest", file)).output).toContain("EEXIST");
  });

  test("compare names what is lost or differs from the list", async () => {
    const { changed, trashed, other } = await makeNotes();
    const file = join(scratch, `${randomUUID()}.json`);
    await check("manifest", file);
    const list = JSON.parse(readFileSync(file, "utf8"));
    for (const note of list.notes) {
      if (note.id === changed) note.states[1].hash = "00".repeat(32);
      if (note.id === trashed) note.version = 4;
      if (note.id === other) note.link = "00".repeat(32);
    }
    writeFileSync(file, JSON.stringify(list));

    const { code, output } = await check("compare", file);

    expect(output).toContain(`  note ${changed}: the text of version 2 was changed\n`);
    expect(output).toContain(`  note ${trashed}: its versions 3 to 4 are missing\n`);
    expect(output).toContain(`  note ${other}: version 1 is not the one in the list\n`);
    expect(code).toBe(1);
    writeFileSync(file, "[]");
    expect(await check("compare", file)).toEqual({
      code: 1,
      output: `${file} is not a list that npm run notes -- manifest wrote, or it is damaged.\n`,
    });
  });
});

describe("job", () => {
  test.each([
    ["thin", "thin: 0 taken, 0 thinned.\n"],
    ["expire", "expire: 0 taken, 0 notes, 0 pads.\n"],
    ["sweep", "sweep: 0 sessions, 0 passwordResets.\n"],
  ])("%s runs, and says what it counted", async (name, said) => {
    expect(await perform(["job", name])).toEqual({ code: 0, output: said });
  });

  test("an unknown one is answered with the names of all", async () => {
    expect(await perform(["job", "tidy"])).toEqual({
      code: 1,
      output: 'No job is called "tidy". The jobs are sweep, thin, expire, logPurged, measure.\n',
    });
  });

  test("is not run for another user of the machine, nor for a web page, nor by another method", async () => {
    const authorization = `Bearer ${readLocalService(dataDir)?.key}`;
    const ask = async (headers: HeadersInit, method = "POST") =>
      (await fetch(`${origin}/_jobs/thin`, { method, headers })).status;

    expect(await ask({})).toBe(403);
    expect(await ask({ authorization: "Bearer guessed" })).toBe(403);
    expect(await ask({ authorization, origin: "https://example.com" })).toBe(403);
    expect(await ask({ authorization, "sec-fetch-site": "same-origin" })).toBe(403);
    expect(await ask({ authorization }, "GET")).toBe(405);
  });

  test("gives the key to no program at another address, and says where the service is", async () => {
    let asked = 0;
    const listener = createServer(() => asked++).listen(0);
    await once(listener, "listening");
    const { port } = listener.address() as AddressInfo;

    const elsewhere = await perform(["job", "thin"], { origin: `http://localhost:${port}` });
    const unknown = await perform(["job", "thin"], { dataDir: folder });
    listener.close();

    expect(elsewhere).toEqual({
      code: 1,
      output: `The service with its data in ${dataDir} is at ${origin}. NOTEJAM_DATA_DIR names the service's folder, NOTEJAM_URL its address.\n`,
    });
    expect(asked).toBe(0);
    expect(unknown.output).toMatch(
      /^No service runs here: .*service\.json can't be read\. Start it with npm start\./,
    );
  });
});
