// Checks whether node_modules has the packages that a command needs, and installs them if not. Plain JavaScript without
// dependencies, because it runs before any is installed, on the machine's Node.js 20 or later.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { basename, join } from "node:path";

/**
 * The packages that a command needs.
 * - `run`: what `npm start` needs, without the stacks (SST and the CDK) and the tools that check the code.
 * - `full`: everything.
 * The size is of the unpacked packages. The time is of a two-core machine with a fast network and an empty npm cache.
 */
const SCOPES = {
  run: {
    what: "the packages that Notejam runs on",
    cost: "360 MB, about 15 seconds",
    arguments: ["--omit=dev", "--include-workspace-root"].concat(
      // Not tools and trials, which run with these packages: npm would install the stacks too, because their tests need them.
      ["core", "functions", "client", "web", "data-api", "cli", "command-line", "local"].flatMap((name) => [
        "--workspace",
        `packages/${name}`,
      ]),
    ),
  },
  full: {
    what: "all packages, with the tools that build, check and deploy",
    cost: "1.5 GB, about a minute",
    // NODE_ENV=production or a setting of the user would leave out the tools.
    arguments: ["--include=dev"],
  },
};

const OLDEST_TO_RUN_ON = 24;

/** A failure that the message explains in one line. */
export class BootstrapError extends Error {}

/**
 * Installs what `scope` needs, if it is missing. A full install is never made smaller.
 * @param {string} root the repository
 * @param {"run" | "full"} scope
 * @param {(line: string) => void} say
 * @returns {Promise<string>} the path of the Node.js, 24 or later, that runs the command
 * @throws {BootstrapError}
 */
export async function ensureInstalled(root, scope, say) {
  const present = installed(root);
  if (present.scope === "full" || present.scope === scope) return chooseNode(root, present);
  const wanted = present.wasFull ? "full" : scope;
  say(`Installing ${SCOPES[wanted].what}: ${SCOPES[wanted].cost} on a fast network.`);
  const started = performance.now();
  await npmCi(root, SCOPES[wanted].arguments);
  say(`Installed in ${Math.round((performance.now() - started) / 1000)} s.`);
  return chooseNode(root, { scope: wanted });
}

/**
 * What node_modules has. An install writes a note, which is valid while both lock files are unchanged, so an install by hand
 * invalidates it. A full install is then recognised by npm's own list of the packages.
 * @param {string} root
 * @returns {{scope: "run" | "full" | "none", wasFull: boolean, packagedNode?: boolean}} `packagedNode`, from the note: whether
 *   the package `node` runs
 */
function installed(root) {
  const lock = read(join(root, "package-lock.json"));
  if (lock === undefined)
    throw new BootstrapError("package-lock.json is missing. Is this the whole repository?");
  const tree = read(hiddenLockPath(root));
  if (tree === undefined) return { scope: "none", wasFull: false };
  const note = readNote(root);
  const untouched = note.tree === hash(tree);
  if (untouched && note.lock === hash(lock) && note.platform === PLATFORM) {
    return { scope: note.scope, wasFull: note.scope === "full", packagedNode: note.packagedNode };
  }
  const wanted = JSON.parse(lock).packages;
  const present = JSON.parse(tree).packages;
  const complete = Object.entries(wanted).every(
    ([path, { version, optional, devOptional }]) =>
      path === "" || optional || devOptional || (present[path] && present[path].version === version),
  );
  const foreign = untouched && note.platform !== PLATFORM;
  return {
    scope: complete && !foreign ? "full" : "none",
    wasFull: Object.values(present).some(({ dev }) => dev === true),
  };
}

/** node_modules has binaries, so another system that shares the folder can't use them. */
const PLATFORM = `${process.platform}-${process.arch}`;

const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];
/** Without a network, npm gives up after 7 s with these, and after 70 s without. */
const FEW_RETRIES = ["--fetch-retries=2", "--fetch-retry-factor=5", "--fetch-retry-mintimeout=1000"];

/** Runs `npm ci`. Its output is shown only if it fails. */
async function npmCi(root, args) {
  const { command, prefix } = npm();
  const all = [...prefix, "ci", ...args, "--include=optional", ...QUIET, ...FEW_RETRIES];
  const { code, output } = await run(command, all, root);
  if (code === 0) return;
  const offline =
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED)\b/.exec(
      output,
    );
  if (offline) {
    throw new BootstrapError(
      `npm could not reach its registry (${offline[1]}). The first install needs a network.`,
    );
  }
  process.stderr.write(output);
  throw new BootstrapError(
    `npm could not install the packages: "npm ${["ci", ...args].join(" ")}" failed. See above.`,
  );
}

/** The npm that runs this script, with its own Node.js; else the npm on the PATH. */
function npm() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  if (script !== undefined && basename(script) === "npm-cli.js") {
    return { command: node ?? process.execPath, prefix: [script] };
  }
  return { command: "npm", prefix: [] };
}

/** Runs a command, and ends it if a signal ends this process. */
function run(command, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const stop = (signal) => {
      child.kill(signal);
      process.exit(128 + constants.signals[signal]);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, stop);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", (error) => (output += `${command}: ${error.message}\n`));
    child.on("close", (code) => {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(signal, stop);
      resolve({ code, output });
    });
  });
}

/**
 * The path of the Node.js that runs the command: the package `node`, else the machine's own.
 * @throws {BootstrapError} if neither is new enough
 */
function chooseNode(root, { scope, packagedNode }) {
  const packaged = join(
    root,
    "node_modules",
    "node",
    "bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  if (packagedNode) return packaged;
  const works = isNewEnough(packaged);
  writeNote(root, { scope, packagedNode: works });
  // This process may run on a package that the install has just replaced. npm knows the machine's own Node.js.
  const node = works ? packaged : [process.env.npm_node_execpath, process.execPath].find(isNewEnough);
  if (node === undefined) throw noNode(root);
  return node;
}

function noNode(root) {
  const { command, prefix } = npm();
  const { stdout } = spawnSync(command, [...prefix, "config", "get", "ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
  });
  const why =
    stdout?.trim() === "true"
      ? "npm's package node needs an install script, which ignore-scripts forbids"
      : "npm's package node does not run here";
  return new BootstrapError(
    `Notejam runs on Node.js ${OLDEST_TO_RUN_ON} or later, but ${why}, and the machine's own is older. ` +
      `Run "npm rebuild node --ignore-scripts=false", or install Node.js ${OLDEST_TO_RUN_ON} or later.`,
  );
}

/** Whether the program exists, runs, and is a Node.js that is new enough. */
function isNewEnough(path) {
  if (path === undefined) return false;
  const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  return Number(/^v(\d+)\./.exec(stdout ?? "")?.[1] ?? 0) >= OLDEST_TO_RUN_ON;
}

function notePath(root) {
  return join(root, "node_modules", ".notejam-install.json");
}

/** npm's own list of the packages in node_modules. */
function hiddenLockPath(root) {
  return join(root, "node_modules", ".package-lock.json");
}

function writeNote(root, known) {
  const lock = hash(read(join(root, "package-lock.json")));
  const tree = hash(read(hiddenLockPath(root)));
  writeFileSync(notePath(root), JSON.stringify({ ...known, lock, tree, platform: PLATFORM }));
}

/** Reads the note. An incomplete one counts as none. */
function readNote(root) {
  try {
    return JSON.parse(read(notePath(root)) ?? "{}");
  } catch {
    return {};
  }
}

function hash(text) {
  return createHash("sha256").update(text).digest("hex");
}

/** The file's text; undefined if it does not exist. */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  }
}
