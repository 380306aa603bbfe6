import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
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

const take = () => takeLock(file, (pid) => `held by ${pid}`);

/** A process that takes the lock, says whether it could, and lives until its input ends. It never releases the lock itself. */
function other() {
  const program = `
    import { takeLock } from ${JSON.stringify(join(import.meta.dirname, "lock.ts"))};
    try { takeLock(process.argv[1], () => "held"); gc(); console.log("taken"); } catch (error) { console.log(error.message); }
    process.stdin.resume();`;
  return spawn(process.execPath, ["--expose-gc", "--input-type=module", "-e", program, file], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

test("a lock is held until it is released, and names its holder", () => {
  const release = take();

  expect(() => take()).toThrow(`held by ${process.pid}`);
  release();
  take()();
  expect(readdirSync(folder)).toEqual([]);
});

test("a lock whose holder was killed is free", async () => {
  const holder = other();
  await once(holder.stdout, "readable");
  expect(() => take()).toThrow(`held by ${holder.pid}`);

  holder.kill("SIGKILL");
  await once(holder, "exit");

  take()();
});

test("of several that want it at once, one gets it", async () => {
  const children = Array.from({ length: 6 }, other);

  await Promise.all(children.map(({ stdout }) => once(stdout, "readable")));
  for (const { stdin } of children) stdin.end();
  const said = await Promise.all(children.map(({ stdout }) => text(stdout)));

  expect(said.map((line) => line.trim()).sort()).toEqual([...Array(5).fill("held"), "taken"]);
});
