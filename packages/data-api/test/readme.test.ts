// README.md is true: its programs compile, run, and print what it says; its limits are those that are kept.
import { execFile, spawnSync } from "node:child_process";
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type DataApiServer, LIMITS, startDataApi } from "@notejam/data-api";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

interface Block {
  language: string;
  content: string;
}

/** The fenced blocks in one of the languages. */
function blocks(...languages: string[]): Block[] {
  const fences = readme.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  const all = Array.from(fences, ([, language = "", content = ""]) => ({ language, content }));
  return all.filter(({ language }) => languages.includes(language));
}

const programs = blocks("ts", "js").map(({ language, content }, index) => ({
  content,
  file: `${index}.${language}`,
  library: /from "(.*?)"/.exec(content)?.[1],
}));
/** What a test runner is given is no program. */
const isSetup = ({ content }: Pick<Block, "content">) => content.includes("export default");

/** Where the README's server would be. */
const SHOWN_URL = "http://127.0.0.1:8080";

let server: DataApiServer;
let directory: string;
beforeAll(async () => {
  server = await startDataApi({ databases: { postgres: { kind: "pglite" } } });
  // Beside the programs, whose libraries these use.
  const beside = fileURLToPath(new URL("programs/.build/", import.meta.url));
  await mkdir(beside, { recursive: true });
  directory = await mkdtemp(join(beside, "readme-"));
  for (const { file, content } of programs) {
    await writeFile(join(directory, file), content.replaceAll(SHOWN_URL, server.url));
  }
});
afterAll(async () => {
  await server?.close();
  if (directory) await rm(directory, { recursive: true });
});

test("its programs compile", async () => {
  const settings = {
    extends: fileURLToPath(new URL("../../../tsconfig.json", import.meta.url)),
    include: ["*.ts"],
  };
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(settings));
  const compiler = fileURLToPath(new URL("bin/tsc", import.meta.resolve("typescript-7/package.json")));

  const said = await run(process.execPath, [compiler, "--project", directory]).catch((error) => error);

  expect(said.stdout).toBe("");
});

test.each(programs.filter((program) => !isSetup(program)))(
  "its program $file, which imports $library, prints what it says",
  async (program) => {
    const said = Array.from(
      program.content.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm),
      ([, line]) => `${line}\n`,
    );
    expect(said).not.toEqual([]);

    const { stdout } = await run(process.execPath, [join(directory, program.file)]);

    expect(stdout).toBe(said.join(""));
  },
);

test("its set-up lets tests of vitest find the server", async () => {
  const setup = programs.find(isSetup);
  const files = {
    "vitest.config.js": `export default { test: { globalSetup: "./${setup?.file}" } };`,
    "found.test.js": `
      import { ExecuteStatementCommand, RDSDataClient } from "@aws-sdk/client-rds-data";
      import { expect, test } from "vitest";
      test("the server is found", async () => {
        const call = { resourceArn: "arn:aws:rds:local", secretArn: "arn:aws:secretsmanager:local", database: "app" };
        const { records } = await new RDSDataClient().send(new ExecuteStatementCommand({ ...call, sql: "select 1" }));
        expect(records).toEqual([[{ longValue: 1 }]]);
      });`,
  };
  for (const [file, content] of Object.entries(files)) await writeFile(join(directory, file), content);
  const vitest = fileURLToPath(new URL("vitest.mjs", import.meta.resolve("vitest/package.json")));

  const said = await run(process.execPath, [vitest, "run", "--root", directory]).catch((error) => error);

  expect(said.stdout + said.stderr).toContain("1 passed");
});

const hasCurl = spawnSync("curl", ["--aws-sigv4", "aws:amz", "--version"]).status === 0;

test.skipIf(!hasCurl)("its requests by curl are answered", async () => {
  for (const { content } of blocks("sh")) {
    const { stdout } = await run("sh", ["-c", content.replaceAll(SHOWN_URL, server.url)]);

    expect(JSON.parse(stdout)).toMatchObject({ failover: { ms: expect.any(Number) } });
  }
  expect(server.faults.list().failover).toBeDefined();
});

test("its links to files lead somewhere", async () => {
  const files = Array.from(readme.matchAll(/\]\((?!https?:)([^)]+)\)/g), ([, file = ""]) => file);
  expect(files).not.toEqual([]);
  for (const file of files)
    await expect(access(new URL(`../${file}`, import.meta.url))).resolves.toBe(undefined);
});

test("it states the limits that are kept", () => {
  const bytes = [LIMITS.requestBytes, LIMITS.responseBytes, LIMITS.formattedRecordsBytes, LIMITS.rowBytes];
  for (const limit of [LIMITS.statementCharacters, ...bytes])
    expect(readme).toContain(limit.toLocaleString("en"));
  const { min, max } = LIMITS.arnCharacters;
  expect(readme).toContain(`${min} to ${max} characters`);
  expect(readme).toContain(`${LIMITS.transactionIdCharacters}, ${LIMITS.databaseCharacters} characters`);
  expect(readme).toContain(`within ${LIMITS.requestMs / 1_000} s`);
  expect(readme).toContain(`| call | ${LIMITS.callMs / 1_000} s |`);
  const idle = LIMITS.transactionIdleMs / 60_000;
  expect(readme).toContain(`${idle} minutes without a call, ${LIMITS.transactionMs / 3_600_000} hours`);
});
