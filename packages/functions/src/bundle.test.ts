// The built functions answer as Lambda calls them, and a cold start loads only what it needs.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ENV } from "@notejam/core/config";
import { build as esbuild } from "esbuild";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { eventOf } from "../test/api-gateway.ts";
import { newNote, newUser, startService } from "../test/service.ts";
import { text } from "./api/openapi-document.build.ts";
import { buildFunctions } from "./build.ts";
import { BUNDLE } from "./bundle.ts";
import { FUNCTION_NAMES, FUNCTIONS } from "./functions.ts";

/** Limit of what a cold start of the API loads: 489 KB with history, without verification and deletion for ever. */
const EAGER_MAX_BYTES = 495_000;

let outDir: string;
let api: string;
beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), "notejam-bundle-"));
  api = join(outDir, `${FUNCTIONS.api.entry}.mjs`);
  await buildFunctions({ outDir });
});
afterAll(() => rm(outDir, { recursive: true }));

test.each(FUNCTION_NAMES)("the function %s is built, and exports its handler", async (name) => {
  const built = await import(join(outDir, `${FUNCTIONS[name].entry}.mjs`));

  expect(built.handler).toBeTypeOf("function");
});

describe("the built API", () => {
  test("answers an event of API Gateway, of which only the first is a cold start", async () => {
    const log: string[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((line) => log.push(String(line)) > 0);
    vi.stubEnv(ENV.stage, "test");
    const { handler } = await import(api);

    const health = await handler(eventOf({ method: "GET", target: "/api/health" }), { awsRequestId: "id" });
    const document = await handler(eventOf({ method: "GET", target: "/api/openapi.json" }), {
      awsRequestId: "id",
    });

    expect(health).toMatchObject({
      statusCode: 200,
      body: '{"status":"ok"}',
      headers: { "x-request-id": "id" },
    });
    expect(document).toMatchObject({ statusCode: 200, headers: { "content-type": "application/json" } });
    expect(JSON.parse(document.body)).toEqual(JSON.parse(text));
    expect(log.map((line) => JSON.parse(line).coldStart)).toEqual([true, false]);
  });

  test("loads neither other clients nor the code of the OpenAPI document at a cold start", async () => {
    const { metafile } = await esbuild({
      ...BUNDLE,
      entryPoints: [new URL("api/lambda.ts", import.meta.url).pathname],
      outdir: join(outDir, "measured"),
      write: false,
      metafile: true,
    });
    const eager = new Set<string>();
    const add = (file: string) => {
      if (eager.has(file) || !metafile.outputs[file]) return;
      eager.add(file);
      for (const { kind, path } of metafile.outputs[file].imports) if (kind === "import-statement") add(path);
    };
    add(Object.keys(metafile.outputs).find((file) => file.endsWith("/lambda.mjs")) ?? "");

    const outputs = [...eager].map((file) => metafile.outputs[file]);
    const inputs = outputs.flatMap((output) => Object.keys(output?.inputs ?? {}));
    const bytes = outputs.reduce((sum, output) => sum + (output?.bytes ?? 0), 0);
    expect(inputs.some((input) => input.includes("client-rds-data"))).toBe(true);
    expect(
      inputs.filter((input) =>
        /history\/verify|trash\/purge\.|client-lambda|client-secrets-manager|client-sesv2|credential-provider-(?!env)|openapi-document|zod\/v4\/locales|zod\/v4\/classic/.test(
          input,
        ),
      ),
    ).toEqual([]);
    expect(Object.keys(metafile.inputs).filter((input) => input.includes("hono-openapi"))).toEqual([]);
    expect(bytes).toBeLessThan(EAGER_MAX_BYTES);
  });

  test("is the same when it is built again, and contains no path of the machine that built it", async () => {
    const before = await readFile(api, "utf8");

    await buildFunctions({ outDir });

    expect(await readFile(api, "utf8")).toBe(before);
    expect(before).not.toContain(dirname(new URL(import.meta.url).pathname));
  });
});

/** What SST v2 and the CDK's toolkit bring along, for whoever deploys. */
const FOR_DEPLOYING = /^(aws-sdk|aws-cdk-lib|constructs|express|sst|undici)$/;

test.each(FUNCTION_NAMES)(
  "the bundle of %s has one version of each package, and none of those that are there for deploying",
  async (name) => {
    const { metafile } = await esbuild({
      ...BUNDLE,
      entryPoints: [new URL(`${FUNCTIONS[name].entry}.ts`, import.meta.url).pathname],
      outdir: join(outDir, "measured"),
      write: false,
      metafile: true,
    });
    const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
    const folders = new Set(
      inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []),
    );
    const packages = [...folders].map((folder) => folder.slice(folder.lastIndexOf("node_modules/") + 13));

    expect(packages).toEqual(expect.arrayContaining(["@aws-sdk/core", "@smithy/core"]));
    expect(packages.filter((one, i) => packages.indexOf(one) !== i)).toEqual([]);
    expect(packages.filter((one) => FOR_DEPLOYING.test(one))).toEqual([]);
  },
);

test("the built functions work like their sources, on a database that they have migrated", async () => {
  const [api, mail, migrate] = await Promise.all(
    [FUNCTIONS.api, FUNCTIONS.mail, FUNCTIONS.migrate].map(
      async ({ entry }) => (await import(join(outDir, `${entry}.mjs`))).handler,
    ),
  );
  const service = await startService({ api, mail, migrate });
  const browser = await newUser(service);

  const note = await newNote(browser);
  const path = `/api/notes/${note.id}`;
  const saved = await browser.patch(path, { text: "Buy two." }, { version: 1 });
  const mismatch = await browser.patch(path, { text: "Buy three." }, { version: 1 });
  await browser.post("/api/password-resets", { email: browser.email });
  await service.mailsSent();
  service.dataApi.faults.resuming({ calls: 1 });
  const read = await browser.get(path);
  service.dataApi.faults.plan({ kind: "status", status: 504, when: "before", times: 3 });
  const unavailable = await browser.get(path);

  expect([saved.status, mismatch.status, read.status, unavailable.status]).toEqual([200, 412, 200, 503]);
  expect(mismatch.body.current).toEqual(saved.body.note);
  expect(read.body).toEqual({ ...saved.body, linkedFrom: [] });
  expect(service.mails.map(({ to }) => to)).toEqual([browser.email]);
  expect(await service.migrate()).toEqual({ applied: [], newer: [] });
  await service.close();
});
