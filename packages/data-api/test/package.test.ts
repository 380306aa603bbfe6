// The package as another project has it: built, packed, installed by npm into a directory of its own, its types read by
// that project's compiler.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { VERSION } from "./command-run.ts";

/** Without what an npm that runs the tests sets, which would speak to the npm that is run here. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

const execute = promisify(execFile);
const run = (command: string, args: string[], cwd?: string) =>
  execute(command, args, { cwd, env: ENVIRONMENT });
const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

let directory: string;
let project: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "data-api-package-"));
  const built = join(directory, "built");
  await run(process.execPath, [join(PACKAGE, "build.ts"), built]);
  await run("npm", ["pack", built, "--pack-destination", directory]);
  project = join(directory, "project");
  await mkdir(project);
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
  await copyDependencies(PACKAGE, join(project, "node_modules"));
  const tarball = join(directory, `notejam-data-api-${VERSION}.tgz`);
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], project);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** As an earlier installation would have left them: npm finds them there, and needs no registry. */
async function copyDependencies(folder: string, into: string): Promise<void> {
  const { dependencies = {} } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    const manifest = findPackageJSON(name, join(folder, "package.json"));
    if (!manifest) throw new Error(`${name} is not installed.`);
    await cp(dirname(manifest), join(into, name), { recursive: true });
    await copyDependencies(dirname(manifest), into);
  }
}

test("it holds JavaScript and declarations, its README and its licence, and no source or test", async () => {
  const files = await readdir(join(project, "node_modules/@notejam/data-api"), {
    recursive: true,
    withFileTypes: true,
  });
  const names = files.filter((file) => file.isFile()).map(({ name }) => name);

  expect(names).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json", "index.js"]));
  const others = ["LICENSE", "README.md", "package.json"];
  const strange = names.filter((name) => !others.includes(name) && !/^[a-z-]+\.(?:d\.ts|js)$/.test(name));
  expect(strange).toEqual([]);
});

test("its README links to nothing that stayed behind", async () => {
  const readme = await readFile(join(project, "node_modules/@notejam/data-api/README.md"), "utf8");
  expect(readme).toContain("](https://");
  expect(readme).not.toMatch(/\]\((?!https?:)/);
});

test("its command runs", async () => {
  const command = join(project, "node_modules/.bin/notejam-data-api");

  expect((await run(command, ["--version"])).stdout).toBe(`${VERSION}\n`);
});

const PROGRAM = `
import { type Call, type DataApiServer, ManualClock, startDataApi } from "@notejam/data-api";
import { connectAdmin } from "@notejam/data-api/admin";
import { type PostgresServer, startPostgres } from "@notejam/data-api/testing/postgres";

export const start: () => Promise<PostgresServer> = startPostgres;
const calls: Call[] = [];
const server: DataApiServer = await startDataApi({
  databases: { app: { kind: "pglite" } },
  clock: new ManualClock(),
  onCall: (call) => calls.push(call),
});
const answer = await fetch(server.url + "/Execute", {
  method: "POST",
  headers: {
    "content-type": "application/json",
    authorization: "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0",
  },
  body: JSON.stringify({
    resourceArn: "arn:aws:rds:local",
    secretArn: "arn:aws:secretsmanager:local",
    sql: "select 42",
  }),
});
console.log(await answer.text());
const { all }: { all: number } = await connectAdmin(server.url).calls.counts();
console.log(all, calls[0]?.rows);
await server.close();
`;

test.each([
  ["nodenext", "nodenext", "--strict"],
  // The declarations are the same, and were checked before.
  ["bundler", "esnext", "--strict --skipLibCheck"],
])(
  "a program compiles against its types, which are found as by %s, and runs",
  async (resolution, module, checks) => {
    await writeFile(join(project, "program.ts"), PROGRAM);
    const compiler = fileURLToPath(new URL("bin/tsc", import.meta.resolve("typescript-7/package.json")));
    const typeRoots = dirname(dirname(findPackageJSON("@types/node", import.meta.url) ?? ""));
    const flags = `${checks} --exactOptionalPropertyTypes --target es2022 --module ${module} --moduleResolution ${resolution}`;
    const types = ["--types", "node", "--typeRoots", typeRoots];
    await run(process.execPath, [compiler, ...flags.split(" "), ...types, "program.ts"], project).catch(
      (error) => expect.fail(error.stdout),
    );

    const { stdout, stderr } = await run(process.execPath, ["program.js"], project);

    expect(stdout).toBe('{"numberOfRecordsUpdated":0,"records":[[{"longValue":42}]]}\n1 1\n');
    expect(stderr).toBe("");
  },
);
