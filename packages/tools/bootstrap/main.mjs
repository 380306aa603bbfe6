// Runs every npm script: installs what the command needs, then runs it under Node.js 24. Plain JavaScript for Node.js 20 and
// later, like everything in this folder.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { BootstrapError, ensureInstalled } from "./install.mjs";

const ROOT = resolve(fileURLToPath(import.meta.url), "../../../..");

/** The packages that each command needs, and what it runs: a file, its first arguments, and its working folder. */
const COMMANDS = {
  start: { scope: "run", file: "packages/local/src/start.ts" },
  dev: { scope: "run", file: "packages/local/src/dev.ts" },
  notes: { scope: "run", file: "packages/cli/src/main.ts" },
  smoke: { scope: "run", file: "packages/trials/src/smoke/main.ts" },
  load: { scope: "run", file: "packages/trials/src/load/main.ts" },
  test: { scope: "full", file: "packages/tools/src/test.ts" },
  check: { scope: "full", file: "packages/tools/src/check.ts" },
  format: { scope: "full", file: "node_modules/@biomejs/biome/bin/biome", first: ["check", "--write", "."] },
  drill: { scope: "full", file: "packages/trials/src/drill/main.ts" },
  bench: { scope: "full", file: "packages/bench/src/main.ts" },
  synth: { scope: "full", file: "stacks/commands/synth.ts" },
  preflight: { scope: "full", file: "stacks/commands/preflight.ts" },
  rollback: { scope: "full", file: "stacks/commands/rollback.ts" },
  deploy: { scope: "full", file: "stacks/commands/deploy.ts" },
  preview: { scope: "full", file: "stacks/commands/preview.ts" },
  reap: { scope: "full", file: "stacks/commands/reap.ts" },
  "dev:aws": { scope: "full", file: "stacks/commands/dev-aws.ts" },
  "migrations:both-ways": { scope: "full", file: "packages/tools/src/both-ways/main.ts" },
  migrations: {
    scope: "full",
    file: "node_modules/drizzle-kit/bin.cjs",
    first: ["generate"],
    folder: "packages/core",
  },
};

/** How often to look whether npm is still there. */
const NPM_LOOK_MS = 250;

const [name, ...args] = process.argv.slice(2);
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BootstrapError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

/** @returns {Promise<number>} the exit code */
async function main() {
  if (!Object.hasOwn(COMMANDS, name ?? "")) {
    throw new BootstrapError(
      `Unknown command ${JSON.stringify(name ?? "")}. The commands are ${Object.keys(COMMANDS).join(", ")}.`,
    );
  }
  const command = COMMANDS[name];
  const node = await ensureInstalled(ROOT, command.scope, say);
  return runCommand(
    node,
    [join(ROOT, command.file), ...(command.first ?? []), ...args],
    command.folder ?? ".",
  );
}

/** Writes to stderr, because another program may read what a command prints. */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Ends the command when npm was killed: npm passes on the signals that it can catch, but not that one. */
function endWithNpm(child) {
  if (!process.env.npm_lifecycle_event) return;
  const npm = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(looking);
    child.kill("SIGTERM");
  }, NPM_LOOK_MS);
  looking.unref();
}

/**
 * Runs the command and passes the signals on. The terminal sends Ctrl-C to the command too, so it gets that twice.
 * @returns {Promise<number>} its exit code; 128 plus the signal's number if a signal ended it
 */
function runCommand(node, args, folder) {
  const child = spawn(node, args, {
    cwd: join(ROOT, folder),
    env: {
      // Node.js keeps what it compiles, so that a command's second start takes a third of the time; npm test starts hundreds.
      NODE_COMPILE_CACHE: join(ROOT, "node_modules", ".cache", "node"),
      ...process.env,
      // Programs that the command starts find the same Node.js.
      PATH: [join(ROOT, "node_modules", ".bin"), process.env.PATH].join(delimiter),
    },
    // By the channel's end it sees that this process is gone.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  endWithNpm(child);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
