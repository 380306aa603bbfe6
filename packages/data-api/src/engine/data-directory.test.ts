// Who may use a data directory, without the database itself.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { claimDataDirectory, DataDirectoryError, reasonOf } from "./data-directory.ts";

let parent: string;
let path: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "data-api-directory-"));
  path = join(parent, "data");
});
afterEach(() => rm(parent, { recursive: true }));

/** Files as they lie in a data directory. */
async function fill(files: Record<string, string>) {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
}

const refused = (message: string) =>
  expect.objectContaining({ name: "DataDirectoryError", message: message.replaceAll("PATH", path) });

test("a missing directory is made, and is new until the database in it is finished", async () => {
  const first = await claimDataDirectory(path);
  expect(first.isNew).toBe(true);
  expect(first.database).toBe(join(path, "postgres"));
  await fill({ "postgres/PG_VERSION": "18\n" });
  await first.finished();
  await first.release();
  const second = await claimDataDirectory(path);
  expect(second.isNew).toBe(false);
  await second.release();
  expect(await readdir(path)).toEqual(["postgres"]);
});

test("a database that was never finished is made anew", async () => {
  const first = await claimDataDirectory(path);
  await fill({ "postgres/PG_VERSION": "18\n", "postgres/half": "written" });
  await first.release();
  const second = await claimDataDirectory(path);
  expect(second.isNew).toBe(true);
  expect(await readdir(path)).not.toContain("postgres");
  await second.release();
});

test("a directory in use by this process is refused", async () => {
  const first = await claimDataDirectory(path);
  await expect(claimDataDirectory(path)).rejects.toEqual(
    refused("The data directory PATH is in use by this process already."),
  );
  await first.release();
});

test("a directory in use by a process that lives is refused, and its lock stays", async () => {
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await new Promise((resolve) => other.once("spawn", resolve));
  await fill({ "postgres/PG_VERSION": "18\n", lock: `${other.pid} \n` });
  try {
    await expect(claimDataDirectory(path)).rejects.toEqual(
      refused(
        `The data directory PATH is in use by another process (${other.pid}). Stop that one, or choose another directory.`,
      ),
    );
    expect(await readFile(join(path, "lock"), "utf8")).toBe(`${other.pid} \n`);
  } finally {
    other.kill();
  }
});

test.each([
  ["a process that is gone", "4194304 1\n"],
  ["a process whose id another has now", `${process.ppid} 1\n`],
  ["nobody who can be known", "nonsense"],
])("the lock of %s is taken over", async (_whose, lock) => {
  await fill({ "postgres/PG_VERSION": "18\n", lock: lock });
  const directory = await claimDataDirectory(path);
  expect(await readFile(join(path, "lock"), "utf8")).toMatch(new RegExp(`^${process.pid} `));
  await directory.release();
  expect(await readdir(path)).toEqual(["postgres"]);
});

test.runIf(existsSync("/proc/self"))(
  "the lock of a zombie does not count: its process has ended",
  async () => {
    // The child ends after the shell has become a program that never asks how.
    const go = join(parent, "go");
    const waits = `while [ ! -e '${go}' ]; do sleep 0.01; done`;
    const shell = spawn("sh", ["-c", `(${waits}) & echo $!; exec sleep 60`]);
    const [said] = (await once(shell.stdout, "data")) as [Buffer];
    const pid = said.toString().trim();
    const stat = () => readFile(`/proc/${pid}/stat`, "utf8");
    await vi.waitUntil(async () => (await readFile(`/proc/${shell.pid}/comm`, "utf8")) === "sleep\n");
    await writeFile(go, "");
    await vi.waitUntil(async () => / Z /.test(await stat()));
    await fill({ "postgres/PG_VERSION": "18\n", lock: `${pid} ${(await stat()).split(" ")[21]}\n` });

    const claimed = await claimDataDirectory(path);

    await claimed.release();
    shell.kill();
  },
);

test("of many processes that find a stale lock, one gets the directory", async () => {
  await fill({ "postgres/PG_VERSION": "18\n", lock: "4194304 1\n" });
  const module = JSON.stringify(new URL("./data-directory.ts", import.meta.url).href);
  const script = `import(${module}).then(async ({ claimDataDirectory }) => {
    const got = await claimDataDirectory(${JSON.stringify(path)}).then(() => "got it", ({ name }) => name);
    console.log(got);
    process.stdin.once("end", () => process.exit()).resume();
  })`;
  const children = Array.from({ length: 6 }, () => spawn(process.execPath, ["-e", script]));
  const outcomes = await Promise.all(
    children.map(
      (child) => new Promise((resolve) => child.stdout.once("data", (said) => resolve(`${said}`.trim()))),
    ),
  );
  for (const child of children) child.stdin.end();
  expect(outcomes.toSorted()).toEqual([...Array(5).fill("DataDirectoryError"), "got it"]);
});

test("what is no database is left alone", async () => {
  await fill({ "thesis.txt": "years of work" });
  await expect(claimDataDirectory(path)).rejects.toEqual(
    refused(
      "The data directory PATH holds something other than a database (thesis.txt). Choose another directory, or an empty one.",
    ),
  );
  expect(await readdir(path)).toEqual(["thesis.txt"]);
});

test("PostgreSQL's files that lie there by themselves are left alone", async () => {
  await fill({ PG_VERSION: "18\n", "base/1": "" });
  await expect(claimDataDirectory(path)).rejects.toMatchObject({ name: "DataDirectoryError" });
  expect(await readdir(path)).toEqual(["PG_VERSION", "base"]);
});

test("a database of another PostgreSQL is left alone", async () => {
  await fill({ "postgres/PG_VERSION": "16\n" });
  await expect(claimDataDirectory(path)).rejects.toEqual(
    refused(
      "The data directory PATH holds a database of PostgreSQL 16, and this is 18. Choose another directory.",
    ),
  );
  expect(await readdir(path)).toEqual(["postgres"]);
});

test("a file in the directory's place is named in the error", async () => {
  await writeFile(path, "");
  await expect(claimDataDirectory(path)).rejects.toEqual(
    refused("The data directory PATH can't be used: there is a file where a directory should be."),
  );
  await expect(claimDataDirectory(join(path, "below"))).rejects.toBeInstanceOf(DataDirectoryError);
});

test("a directory that can't be made is named in the error", async () => {
  await symlink(join(parent, "nowhere"), path);
  await expect(claimDataDirectory(path)).rejects.toEqual(
    refused("The data directory PATH can't be used: it isn't there, and can't be made."),
  );
  await expect(claimDataDirectory(join(path, "below"))).rejects.toThrow("it isn't there, and can't be made.");
});

test.runIf(existsSync("/proc/self"))("nor is one waited for where there can be none", async () => {
  await expect(claimDataDirectory("/proc/data/app")).rejects.toThrow("/proc/data/app can't be used");
});

test("what PGlite's file system throws, which is no Error, is put in words", () => {
  const thrown = (errno: number) => ({ name: "ErrnoError", errno });
  expect(reasonOf(thrown(51))).toBe("the disk is full");
  expect(reasonOf(thrown(29))).toBe("the file system failed with WASI's error 29");
  expect(reasonOf(new Error("broken"))).toBe("broken");
});
