import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeEach, expect, test } from "vitest";
import { takeLock } from "./lock.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "notejam-lock-"));
  file = join(folder, "some.lock");
  return () => rmSync(folder, { recursive: true });
});

/** The id of a process that has ended. */
const gone = () => spawnSync(process.execPath, ["--version"]).pid;

test("a lock is held until it is released, and names its holder", () => {
  const release = takeLock(file);

  expect(() => takeLock(file)).toThrow(expect.objectContaining({ pid: process.pid }));
  release();
  takeLock(file)();
  expect(existsSync(file)).toBe(false);
});

test.each(["", "not a number", "0", `${gone()}\n`])(
  "a lock that no living process holds is taken over: %j",
  (content) => {
    writeFileSync(file, content);

    takeLock(file);

    expect(() => takeLock(file)).toThrow(expect.objectContaining({ pid: process.pid }));
    expect(readdirSync(folder)).toEqual(["some.lock"]);
  },
);

test("of several that find a stale lock at once, one takes it over", async () => {
  writeFileSync(file, `${gone()}\n`);
  // Each holds the lock until its input ends.
  const program = `
    import { takeLock } from ${JSON.stringify(join(import.meta.dirname, "lock.ts"))};
    try { takeLock(process.argv[1]); console.log("taken"); } catch (error) { console.log(error.constructor.name); }
    process.stdin.resume();`;
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", program, file], {
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );

  await Promise.all(children.map(({ stdout }) => once(stdout, "readable")));
  for (const { stdin } of children) stdin.end();
  const said = await Promise.all(children.map(({ stdout }) => text(stdout)));

  expect(said.map((line) => line.trim()).sort()).toEqual([...Array(5).fill("Held"), "taken"]);
});
