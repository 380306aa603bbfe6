import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import manifest from "../../../package.json" with { type: "json" };

/** The machine's own Node.js, which runs the first command after a clone. */
const machineNode = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((folder) => !folder.includes("node_modules"))
  .map((folder) => join(folder, "node"))
  .find(existsSync);

const LOCK = {
  packages: {
    "": { name: "a repository" },
    "node_modules/hono": { version: "4.0.0" },
    "node_modules/sst": { version: "2.0.0", dev: true },
    "node_modules/only-elsewhere": { version: "1.0.0", optional: true },
  },
};

/** Stands in for a command: prints the Node.js that runs it, its version and the arguments, once it takes signals. */
const COMMAND = `if (process.argv.includes("--wait")) {
  process.on("SIGTERM", () => { console.log("ended cleanly"); process.exit(0); });
  setInterval(() => {}, 1000);
}
console.log(JSON.stringify({ version: process.version, execPath: process.execPath, args: process.argv.slice(2) }));
if (process.argv.includes("--code")) process.exit(7);`;

/** Stands in for a service that takes a moment to end. */
const SLOW_TO_END = `const { writeFileSync } = await import("node:fs");
process.on("SIGTERM", () => setTimeout(() => { writeFileSync("ended", ""); process.exit(0); }, 500));
setInterval(() => {}, 1000);
writeFileSync("started", "");`;

/** Stands in for npm: installs the lock file's packages, without dev ones for --omit=dev, and records its calls. */
const NPM = `#!${process.execPath}
const fs = require("node:fs");
const args = process.argv.slice(2);
fs.appendFileSync("npm-calls", args.join(" ") + "\\n");
if (args[0] === "config") { console.log(process.env.FAKE_IGNORE_SCRIPTS ?? "false"); process.exit(0); }
if (process.env.FAKE_NPM_FAILS) { console.error(process.env.FAKE_NPM_FAILS); process.exit(1); }
const { packages } = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
const installed = Object.entries(packages).filter(([path, one]) => path && !one.optional && !(one.dev && args.includes("--omit=dev")));
fs.rmSync("node_modules", { recursive: true, force: true });
fs.mkdirSync("node_modules/node/bin", { recursive: true });
fs.writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: Object.fromEntries(installed) }));
if (!process.env.FAKE_IGNORE_SCRIPTS) fs.symlinkSync(${JSON.stringify(process.execPath)}, "node_modules/node/bin/node");
`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "notejam-bootstrap-"));
  for (const name of ["local", "tools"]) mkdirSync(join(root, `packages/${name}/src`), { recursive: true });
  for (const name of ["bootstrap", "bootstrap.mjs"]) {
    cpSync(join(import.meta.dirname, "..", name), join(root, "packages/tools", name), { recursive: true });
  }
  writeLock(LOCK);
  writeFileSync(join(root, "packages/local/src/start.ts"), COMMAND);
  writeFileSync(join(root, "packages/tools/src/check.ts"), COMMAND);
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin/npm"), NPM);
  chmodSync(join(root, "bin/npm"), 0o755);
  // The machine's own Node.js.
  symlinkSync(machineNode ?? process.execPath, join(root, "bin/node"));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function writeLock(lock: object) {
  writeFileSync(join(root, "package-lock.json"), JSON.stringify(lock));
}

function start(args: string[], environment: Record<string, string> = {}) {
  return spawn(join(root, "bin/node"), [join(root, "packages/tools/bootstrap.mjs"), ...args], {
    cwd: root,
    env: { PATH: [join(root, "bin"), "/usr/bin", "/bin"].join(delimiter), ...environment },
  });
}

async function run(args: string[], environment?: Record<string, string>) {
  const child = start(args, environment);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => (output.stdout += text));
  child.stderr.on("data", (text) => (output.stderr += text));
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, ...output };
}

/** The calls of npm that installed since the last call of this function. */
function installs(): string[] {
  const file = join(root, "npm-calls");
  if (!existsSync(file)) return [];
  const calls = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .filter((call) => call.startsWith("ci"));
  rmSync(file);
  return calls;
}

/** Leaves what `npm install` by hand leaves. */
function installByHand(packages: object) {
  mkdirSync(join(root, "node_modules/node/bin"), { recursive: true });
  writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
  symlinkSync(process.execPath, join(root, "node_modules/node/bin/node"));
}

describe("installing", () => {
  test("what start installs is without SST and the CDK", async () => {
    await run(["start"]);
    const [install = ""] = installs();
    // For its plan, npm needs the lock file and each package.json, nothing else.
    const repository = join(import.meta.dirname, "../../..");
    const planned = mkdtempSync(join(root, "plan-"));
    const { workspaces } = manifest;
    for (const file of globSync(["package{,-lock}.json", ...workspaces.map((one) => `${one}/package.json`)], {
      cwd: repository,
    })) {
      cpSync(join(repository, file), join(planned, file));
    }
    const plan = execFileSync("npm", [...install.split(" "), "--dry-run", "--ignore-scripts"], {
      cwd: planned,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });

    const added = plan.split("\n").map((line) => /^add (\S+) /.exec(line)?.[1]);
    expect(added).toEqual(expect.arrayContaining(["hono", "vite"]));
    for (const name of ["sst", "aws-cdk-lib"]) expect(added).not.toContain(name);
  });

  test("start installs what it needs, says so in a line, and runs under Node 24", async () => {
    const { code, stdout, stderr } = await run(["start", "--demo"]);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ version: process.version, args: ["--demo"] });
    expect(stderr).toMatch(
      /^Installing the packages that Notejam runs on: .* MB, about .*\nInstalled in \d+ s\.\n$/,
    );
    const [install, ...others] = installs();
    expect(others).toEqual([]);
    expect(install).toContain("--omit=dev");
    expect(install).toContain("--workspace packages/local");
    expect(install).not.toContain("stacks");
  });

  test("a second start installs nothing and says nothing", async () => {
    await run(["start"]);
    installs();

    expect(await run(["start"])).toMatchObject({ code: 0, stderr: "" });
    expect(installs()).toEqual([]);
  });

  test("check installs the tools too, even with NODE_ENV=production, and start then installs nothing", async () => {
    await run(["start"]);
    installs();

    const { stderr } = await run(["check"], { NODE_ENV: "production" });

    expect(stderr).toContain("with the tools");
    expect(installs()).toEqual([expect.stringMatching(/^ci --include=dev /)]);
    await run(["start"]);
    expect(installs()).toEqual([]);
  });

  test("a full install stays full when the lock file changes", async () => {
    await run(["check"]);
    installs();
    writeLock({ packages: { ...LOCK.packages, "node_modules/hono": { version: "4.0.1" } } });

    await run(["start"]);

    expect(installs()).toEqual([expect.stringContaining("--include=dev")]);
  });

  test("start installs again when the lock file changes", async () => {
    await run(["start"]);
    installs();
    writeLock({ packages: { ...LOCK.packages, "node_modules/hono": { version: "4.0.1" } } });

    await run(["start"]);

    expect(installs()).toEqual([expect.stringContaining("--omit=dev")]);
  });

  test("an npm install by hand is enough for every command", async () => {
    const { "": _, "node_modules/only-elsewhere": __, ...packages } = LOCK.packages;
    installByHand(packages);

    expect(await run(["check"])).toMatchObject({ code: 0, stderr: "" });
    expect(installs()).toEqual([]);
  });

  test("an install by hand from another lock file is replaced", async () => {
    installByHand({
      "node_modules/hono": { version: "3.0.0" },
      "node_modules/sst": { version: "2.0.0", dev: true },
    });

    await run(["start"]);

    expect(installs()).toEqual([expect.stringContaining("--include=dev")]);
  });

  test("packages that were removed by hand are installed again", async () => {
    await run(["check"]);
    installs();
    writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages: {} }));

    await run(["check"]);

    expect(installs()).toHaveLength(1);
  });

  test("packages that another system installed in the same folder are installed again", async () => {
    await run(["start"]);
    installs();
    const note = join(root, "node_modules/.notejam-install.json");
    writeFileSync(note, readFileSync(note, "utf8").replace(/"platform":"[^"]*"/, '"platform":"vms-vax"'));

    await run(["start"]);

    expect(installs()).toHaveLength(1);
  });
});

describe("a failure is one line and exit code 1", () => {
  test("if npm fails, after npm's own output", async () => {
    const { code, stderr } = await run(["start"], { FAKE_NPM_FAILS: "npm error code EUSAGE" });

    expect(code).toBe(1);
    expect(stderr).toMatch(/npm error code EUSAGE\nnpm could not install the packages: .*\n$/);
  });

  test("if npm has no network", async () => {
    const { code, stderr } = await run(["start"], {
      FAKE_NPM_FAILS: "npm error code ENOTFOUND\nnpm error errno",
    });

    expect(code).toBe(1);
    expect(stderr).toMatch(/^Installing .*\nnpm could not reach its registry \(ENOTFOUND\)\. .*\n$/);
  });

  test("if install scripts are off and the machine has no Node 24", async () => {
    // A machine that has Node 24 uses its own.
    const own = await run(["start"], { FAKE_IGNORE_SCRIPTS: "true" });
    const old = /^v2[0-3]\./.test(await versionOf(join(root, "bin/node")));

    expect(own.code).toBe(old ? 1 : 0);
    if (old) expect(own.stderr).toContain("ignore-scripts");
  });

  test("if the command is unknown", async () => {
    const { code, stderr } = await run(["begin"]);

    expect(code).toBe(1);
    const { scripts } = manifest;
    const [, listed = ""] = /^Unknown command "begin"\. The commands are (.*)\.\n$/.exec(stderr) ?? [];
    // `npm run ci` is what installs programs for others.
    const { ci, ...commands } = scripts;
    expect(ci).toBe("exec .ci/run");
    expect(listed.split(", ").sort()).toEqual(Object.keys(commands).sort());
  });

  test("if the lock file is missing", async () => {
    rmSync(join(root, "package-lock.json"));

    expect(await run(["start"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("package-lock.json"),
    });
  });
});

describe("the command", () => {
  test("decides the exit code", async () => {
    expect(await run(["start", "--code"])).toMatchObject({ code: 7 });
  });

  test("has Node 24 on its PATH for the programs that it starts", async () => {
    writeFileSync(join(root, "packages/local/src/start.ts"), "console.log(process.env.PATH)");

    expect((await run(["start"])).stdout).toMatch(new RegExp(`^${join(root, "node_modules/.bin")}:`));
  });

  test("gets the signals, and is waited for", async () => {
    const child = start(["start", "--wait"]);
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    await expect.poll(() => output, { timeout: 30_000 }).toContain("--wait");

    child.kill("SIGTERM");

    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    expect(output).toContain("ended cleanly");
  });

  test("that a signal ended has the exit code 128 plus the signal's number", async () => {
    writeFileSync(join(root, "packages/local/src/start.ts"), 'process.kill(process.pid, "SIGKILL")');

    expect(await run(["start"])).toMatchObject({ code: 137 });
  });
});

describe("npm", () => {
  /** npm takes its time on a busy machine. */
  const WAITS = { timeout: 30_000 };
  const { start: script } = manifest.scripts;

  /** Runs `npm start` with the repository's own script, and a command that takes half a second to end. */
  async function npmStart() {
    const { "": _, "node_modules/only-elsewhere": __, ...packages } = LOCK.packages;
    installByHand(packages);
    writeFileSync(
      join(root, "package.json"),
      JSON.stringify({ name: "a-repository", scripts: { start: script } }),
    );
    writeFileSync(join(root, "packages/local/src/start.ts"), SLOW_TO_END);
    const npm = spawn("npm", ["start"], { cwd: root, stdio: "ignore" });
    await expect.poll(() => existsSync(join(root, "started")), WAITS).toBe(true);
    return npm;
  }

  test("passes SIGTERM on, and waits for the command: its script leaves no shell between that ends first", async () => {
    const npm = await npmStart();

    npm.kill("SIGTERM");
    await once(npm, "exit");

    expect(existsSync(join(root, "ended"))).toBe(true);
  });

  test("that is killed takes the command with it", async () => {
    const npm = await npmStart();

    npm.kill("SIGKILL");

    await expect.poll(() => existsSync(join(root, "ended")), WAITS).toBe(true);
  });
});

async function versionOf(node: string): Promise<string> {
  const child = spawn(node, ["--version"]);
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  await new Promise((resolve) => child.on("close", resolve));
  return output;
}
