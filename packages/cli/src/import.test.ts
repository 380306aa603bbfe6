// How an import handles answers that the service gives too seldom for a test to wait for.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openConnection } from "./connection.ts";
import { importFolder } from "./import.ts";

const ACCOUNT = "1c7d4a52-9d6e-4b65-8f0e-6f2b7c1d3e4f";
let folder = "";
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "notejam-import-"));
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true });
});

function put(...paths: string[]) {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
}

type Answers = Record<string, (body: { name: string }) => { status: number; code?: string }>;

/** Imports the folder into a service with these answers. */
async function importInto(answers: Answers) {
  const requests: string[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const call = `${request.method} ${request.url}`;
    requests.push(call);
    const { status, ...problem } = answers[call]?.(JSON.parse(Buffer.concat(chunks).toString())) ?? {
      status: 404,
    };
    const type = status < 400 ? "application/json" : "application/problem+json";
    response
      .writeHead(status, { "content-type": type })
      .end(JSON.stringify({ ...problem, title: problem.code, requestId: "r-1" }));
  });
  await new Promise<void>((listening) => server?.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const connection = openConnection(`http://127.0.0.1:${port}`);
  return { report: await importFolder(connection, ACCOUNT, folder), requests };
}

test("in an account that has all the pads it may have, files that need another are refused, and the import goes on", async () => {
  put("1/a.md", "1/b.md", "2/c.md", "none.md");

  const { report, requests } = await importInto({
    "POST /api/pads": () => ({ status: 409, code: "too_many_pads" }),
    "POST /api/notes": () => ({ status: 201 }),
  });

  const reason = "its pad can't be created: an account has at most 1000";
  expect(report.refused.sort((a, b) => a.path.localeCompare(b.path))).toEqual(
    ["1/a.md", "1/b.md", "2/c.md"].map((path) => ({ path, reason })),
  );
  expect(report).toMatchObject({ created: 1, total: 4, done: 4 });
  expect(requests.filter((request) => request === "POST /api/pads")).toHaveLength(2);
});

test("a failure of the service on one note is reported with its request, and the import goes on", async () => {
  put("a.md", "b.md");

  const { report } = await importInto({
    "POST /api/notes": ({ name }) => (name === "a.md" ? { status: 500, code: "internal" } : { status: 201 }),
  });

  expect(report.refused).toEqual([{ path: "a.md", reason: "internal (request r-1)" }]);
  expect(report.created).toBe(1);
});

test("a session that has ended ends the import, and says how far it came", async () => {
  put("a.md", "b.md", "c.md", "d.md", "e.md", "f.md");
  let posts = 0;

  const { report } = await importInto({
    "POST /api/notes": () => (++posts > 2 ? { status: 401, code: "unauthenticated" } : { status: 201 }),
  });

  expect(report.ended).toMatchObject({ code: "unauthenticated" });
  expect(report).toMatchObject({ created: 2, done: 2, total: 6, refused: [] });
});
