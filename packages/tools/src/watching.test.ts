// What watches a stage, against the lines that the API writes: each alarm's metric is in one, and the commands of
// stacks/README.md find in them who did what.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readLog } from "@notejam/cli/log-lines";
import { ENV } from "@notejam/core/config";
import type { DataApiServer } from "@notejam/data-api";
import { handler } from "@notejam/functions/api/lambda";
import { ROOT } from "@notejam/local/settings";
import { watchedTemplate } from "@notejam/stacks/testing/watched";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startDatabase } from "../../core/test/database.ts";
import { eventOf } from "../../functions/test/api-gateway.ts";
import { type EmittedMetric, metricsIn } from "../../functions/test/emf.ts";

const JSON_TYPE = { "Content-Type": "application/json" };
const PASSWORD = "correct horse battery";

let dataApi: DataApiServer;
const lines: string[] = [];
beforeAll(async () => {
  dataApi = await startDatabase();
  vi.stubEnv(ENV.stage, "production");
  vi.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await dataApi.close();
});

let cookies: string[] = [];

/** Sends a request to the API, as the browser that has signed in. */
async function send(method: string, target: string, body?: object, headers: Record<string, string> = {}) {
  const event = eventOf({
    method,
    target,
    cookies,
    body: body && JSON.stringify(body),
    headers: { ...(body && JSON_TYPE), ...headers },
  });
  const answer = await handler(event, { awsRequestId: `request ${lines.length}` });
  return { ...answer, body: answer.body ? JSON.parse(answer.body) : undefined };
}

async function signUp(): Promise<string> {
  const account = { email: `${crypto.randomUUID()}@example.com`, password: PASSWORD };
  const { body, cookies: set = [] } = await send("POST", "/api/users", account);
  cookies = set.map((cookie) => cookie.split(";")[0] ?? "");
  return body.user.id;
}

describe("an alarm", () => {
  interface Metric {
    Namespace: string;
    MetricName: string;
    Dimensions?: { Name: string; Value: unknown }[];
  }

  /** Every metric in the namespace of ours that the template names: those of alarms, and those of the dashboard. */
  function metricsOfOurs(): string[] {
    const { Resources } = watchedTemplate("production").toJSON();
    const alarms = Object.entries(Resources as Record<string, { Type: string; Properties: unknown }>).filter(
      ([, { Type }]) => Type === "AWS::CloudWatch::Alarm",
    );
    const found: string[] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      const { Namespace, MetricName, Dimensions = [] } = value as Metric;
      if (Namespace === "Notejam") {
        found.push(`${MetricName} ${Dimensions.map(({ Name, Value }) => `${Name}=${Value}`)}`);
      }
      for (const member of Object.values(value)) visit(member);
    };
    visit(alarms);
    return found;
  }

  test("looks at metrics that the API's lines have, with their dimensions", async () => {
    lines.splice(0);
    await send("GET", "/api/health");
    await send("POST", "/api/session", { email: "nobody@example.com", password: "wrong" });
    await send("POST", "/api/notes", {}, { Origin: "https://evil.example" });
    dataApi.faults.plan({ kind: "statement-timeout", when: "after", matching: /account/ });
    await send("POST", "/api/session", { email: "nobody@example.com", password: "wrong" });
    vi.stubEnv(ENV.originSecret, " ");
    await send("GET", "/api/health");
    vi.stubEnv(ENV.originSecret, undefined);

    const emitted = lines.flatMap(metricsIn).map(({ name, dimensions }: EmittedMetric) => {
      const written = Object.entries(dimensions).map(([key, value]) => `${key}=${value}`);
      return `${name} ${written}`;
    });
    expect(lines.map((line) => JSON.parse(line).status)).toEqual([200, 401, 403, 503, 500]);
    const asked = metricsOfOurs();
    expect(asked.length).toBeGreaterThanOrEqual(5);
    for (const metric of asked) expect(emitted).toContain(metric);
  });
});

describe("the trail", () => {
  const folder = mkdtempSync(join(tmpdir(), "notejam-trail-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The commands of the guide that need no AWS. */
  function commands(): string {
    const [, section = ""] =
      /### The audit trail\n(.*?)\n## /s.exec(readFileSync(join(ROOT, "stacks/README.md"), "utf8")) ?? [];
    const blocks = [...section.matchAll(/```bash\n(.*?)```/gs)].map(([, block = ""]) => block);
    return blocks.filter((block) => !block.includes("aws ")).join("\n");
  }

  test("tells by the commands of the guide who did what to a note, in order, and is a log to verify with", async () => {
    lines.splice(0);
    const user = await signUp();
    const { note } = (await send("POST", "/api/notes", { name: "secret name", text: "secret text" })).body;
    await send("GET", `/api/notes/${note.id}`);
    await send("PATCH", `/api/notes/${note.id}`, { text: "other" }, { "If-Match": '"1"' });
    await send("POST", "/api/notes", { name: "another", text: "else" });
    await send("PUT", "/api/notes/marks", { ids: [note.id], pinned: true });
    await send("DELETE", `/api/notes/${note.id}`);
    const audited = lines.filter((line) => typeof JSON.parse(line).audit?.what === "string");
    // Firehose may write lines one after the other, and a later file may have an earlier line.
    for (const [day, some] of [
      ["27", audited.slice(3)],
      ["28", audited.slice(0, 3)],
    ] as const) {
      mkdirSync(join(folder, "trail", day), { recursive: true });
      writeFileSync(
        join(folder, "trail", day, "x.jsonl.gz"),
        gzipSync(some.map((line) => line.trim()).join("")),
      );
    }

    const environment = { ...process.env, note: note.id };
    const output = execFileSync("bash", ["-euc", commands()], {
      cwd: folder,
      env: environment,
      encoding: "utf8",
    });

    const found = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(found.map(({ what, status, done }) => [what, status, done.version])).toEqual([
      ["POST /api/notes", 201, 1],
      ["PATCH /api/notes/:id", 200, 2],
      ["PUT /api/notes/marks", 200, undefined],
      ["DELETE /api/notes/:id", 204, 3],
    ]);
    expect(found.every(({ who, time }) => who === user && time)).toBe(true);
    expect(output).not.toContain("secret");
    const { links } = await readLog(join(folder, "trail.jsonl"));
    expect(links.get(note.id)).toEqual({ version: 3, links: [found[3].done.link] });
  });
});
