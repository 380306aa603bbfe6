// The API under `sst dev`, as far as it runs without AWS: SST's bundle and SST's worker under this Node.js, called with API
// Gateway's events, and Vite in CloudFront's place.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ENV } from "@notejam/core/config";
import { HttpApi } from "@notejam/local/aws/api-gateway/http-api";
import type { LambdaFunction, Outcome } from "@notejam/local/aws/lambda/handler";
import { type Listening, listen } from "@notejam/local/aws/loopback";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ORIGIN_SECRET } from "./environment.ts";
import { PASSWORD, type Service, startService } from "./service.ts";

const ROOT = join(import.meta.dirname, "../../..");
const faults: unknown[] = [];

let service: Service;
let bundle: string;
const children: ChildProcess[] = [];
let gateway: Listening;
let site: string;
beforeAll(async () => {
  service = await startService();
  bundle = await mkdtemp(join(tmpdir(), "notejam-sst-dev-"));
  const runtime = await started(/^(http:\S+)$/, {
    args: ["stacks/testing/sst-runtime.ts", "packages/functions/src/api/lambda.handler", bundle],
    environment: process.env,
  });
  const integration: LambdaFunction = {
    name: "api",
    invoke: async (event) =>
      (await (await fetch(runtime, { method: "POST", body: event })).json()) as Outcome,
  };
  const api = new HttpApi({ integration, onFault: (_, error) => void faults.push(error) });
  gateway = await listen(0, {
    respond: (request, _, gone) => api.receive(request, gone),
    fault: (error) => void faults.push(error),
  });
  site = await started(/(http:\/\/127\.0\.0\.1:\d+)/, {
    args: ["node_modules/vite/bin/vite.js", "packages/web", "--port", "0"],
    environment: {
      ...process.env,
      // Vitest's own.
      NODE_ENV: "development",
      [ENV.viteApiOrigin]: `http://127.0.0.1:${gateway.port}`,
      [ENV.originSecret]: ORIGIN_SECRET,
    },
  });
});
afterAll(async () => {
  for (const child of children) child.kill();
  await gateway?.close();
  await service?.close();
  await rm(bundle, { recursive: true });
  vi.restoreAllMocks();
});

/** Starts a program. @returns the address in the line that it prints when it listens */
function started(
  line: RegExp,
  { args, environment }: { args: string[]; environment: NodeJS.ProcessEnv },
): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...environment, NO_COLOR: "1" } });
  children.push(child);
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (text) => {
      said += text;
      const address = line.exec(text)?.[1];
      if (address) resolve(address);
    });
    child.once("exit", () => reject(new Error(`${args[0]} ended: ${said}`)));
  });
}

/** What a browser sends from the page that Vite serves. */
async function send(method: string, path: string, json: unknown, cookie = "") {
  return await fetch(`${site}${path}`, {
    method,
    headers: {
      "Content-Type": "application/json",
      Origin: site,
      "Sec-Fetch-Site": "same-origin",
      Cookie: cookie,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
}

test("a note is saved through Vite's proxy and SST's runtime", async () => {
  const email = "ana@example.com";
  const signedUp = await send("POST", "/api/users", { email, password: PASSWORD });
  const cookie = signedUp.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");

  const created = await send("POST", "/api/notes", { name: "Under sst dev", text: "saved ✓" }, cookie);
  const { note } = (await created.json()) as { note: { id: string } };
  const read = await send("GET", `/api/notes/${note.id}`, undefined, cookie);

  expect([signedUp.status, created.status, read.status]).toEqual([201, 201, 200]);
  expect(await read.json()).toMatchObject({ note: { name: "Under sst dev", text: "saved ✓" } });
  expect(faults).toEqual([]);
});

test("the page comes from Vite, and the API answers nobody who goes around it", async () => {
  const page = await fetch(site, { headers: { Accept: "text/html" } });
  const around = await fetch(`http://127.0.0.1:${gateway.port}/api/notes`);

  expect(await page.text()).toContain("<title>");
  expect([around.status, await around.json()]).toEqual([
    403,
    expect.objectContaining({ code: "forbidden_origin" }),
  ]);
});
