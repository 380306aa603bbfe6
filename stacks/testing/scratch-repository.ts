// A repository with a few releases, in which a rollback can be tried. In SST's place each commit has a program of its own, which
// writes down what it was run with.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What stood in for SST was run with. */
export interface Run {
  args: string[];
  /** The text of its own commit's workspace, as it imports it. */
  code: string;
  /** What is in its node_modules. */
  packages: string[];
  /** What it imports from a package that is no workspace. */
  installed: string;
  commit: string;
  release: string;
  shift: string;
  settings: string;
}

const SST = `
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { code } from "@scratch/code";
const installed = await import("installed").then((one) => one.default, () => "no");
const { NOTEJAM_RELEASE: release, NOTEJAM_SHIFT: shift, RUN } = process.env;
const [, , ...args] = process.argv;
const commit = execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim();
const packages = readdirSync("node_modules").sort();
const settings = existsSync(".env.staging") ? readFileSync(".env.staging", "utf8") : "";
writeFileSync(RUN, JSON.stringify({ args, code, packages, installed, commit, release, shift, settings }));
console.log("sst at work");
if (process.env.SST === "fails") process.exitCode = 3;
if (process.env.SST === "hangs") setInterval(() => {}, 1000);
`;

const WORKSPACES = { code: "@scratch/code", sst: "sst" };

function lockFile(version: string): string {
  const packages: Record<string, unknown> = {
    "": { name: "scratch", version, workspaces: Object.keys(WORKSPACES) },
  };
  for (const [folder, name] of Object.entries(WORKSPACES)) {
    packages[folder] = { name, version: "1.0.0" };
    packages[`node_modules/${name}`] = { resolved: folder, link: true };
  }
  return JSON.stringify({ name: "scratch", version, lockfileVersion: 3, requires: true, packages });
}

export class ScratchRepository {
  readonly root = mkdtempSync(join(tmpdir(), "notejam-rollback-"));
  readonly runFile = join(this.root, "..", `${this.root.split("/").at(-1)}.json`);

  constructor() {
    this.git("init", "--quiet", "--initial-branch=main");
    this.write(".gitignore", "node_modules/\n.sst/\n");
    this.write("sst/package.json", JSON.stringify({ name: "sst", version: "1.0.0", type: "module" }));
    this.write("sst/cli/sst.js", SST);
    this.write(
      "code/package.json",
      JSON.stringify({ name: WORKSPACES.code, version: "1.0.0", type: "module", exports: "./index.js" }),
    );
    this.lock("1.0.0");
    // What npm installs: links to the workspaces, and a folder for each package.
    mkdirSync(join(this.root, "node_modules/@scratch"), { recursive: true });
    symlinkSync("../../code", join(this.root, "node_modules/@scratch/code"));
    symlinkSync("../sst", join(this.root, "node_modules/sst"));
    this.write("node_modules/installed/index.js", 'module.exports = "yes";');
  }

  git(...args: string[]): string {
    const person = ["-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false"];
    return execFileSync("git", [...person, ...args], { cwd: this.root, encoding: "utf8" }).trim();
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), text);
  }

  /** The lock file, and the manifest of the same version. */
  lock(version: string): void {
    this.write("package-lock.json", lockFile(version));
    const workspaces = Object.keys(WORKSPACES);
    this.write("package.json", JSON.stringify({ name: "scratch", version, private: true, workspaces }));
  }

  /** @param migration its name, and its text @returns the commit */
  commit(subject: string, migration?: readonly [string, string]): string {
    this.write("code/index.js", `export const code = ${JSON.stringify(subject)};`);
    if (migration) this.write(`packages/core/migrations/${migration[0]}/migration.sql`, migration[1]);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", subject);
    return this.git("rev-parse", "HEAD");
  }

  /** What SST's stand-in was run with; undefined if it was not. */
  ran(): Run | undefined {
    return existsSync(this.runFile) ? JSON.parse(readFileSync(this.runFile, "utf8")) : undefined;
  }

  remove(): void {
    rmSync(this.runFile, { force: true });
    rmSync(this.root, { recursive: true, force: true });
  }
}
