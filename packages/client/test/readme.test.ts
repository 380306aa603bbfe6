// The README's program, run against a service that is full at first and then refuses the change.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";

const EXAMPLE = join(import.meta.dirname, "example.ts");
const README = join(import.meta.dirname, "../README.md");

test("the README shows the program", () => {
  const [, shown] = /```ts\n(.*?)```/s.exec(readFileSync(README, "utf8")) ?? [];
  expect(shown).toBe(readFileSync(EXAMPLE, "utf8"));
});

test("the program signs in, waits for the service, and learns that another save came first", async () => {
  const note = { id: "1c7d4a52-9d6e-4b65-8f0e-6f2b7c1d3e4f", version: 1 };
  const answers = [
    (response: ServerResponse) => response.writeHead(503, { "retry-after": "0" }).end(),
    (response: ServerResponse) =>
      response.writeHead(201, { "set-cookie": "notejam=secret; HttpOnly" }).end("{}"),
    (response: ServerResponse) => response.writeHead(201).end(JSON.stringify({ note })),
    (response: ServerResponse) =>
      response
        .writeHead(412, { "content-type": "application/problem+json" })
        .end(JSON.stringify({ code: "version_mismatch", current: { text: "Milk, eggs" } })),
  ];
  const requests: unknown[] = [];
  const server = createServer((request, response) => {
    const { "if-match": base, cookie } = request.headers;
    requests.push({ call: `${request.method} ${request.url}`, cookie, base });
    answers[requests.length - 1]?.(response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));

  const outcome = await run(EXAMPLE, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  server.close();

  expect(outcome).toEqual({
    code: 0,
    printed: "Someone else saved this note first: { text: 'Milk, eggs' }\n",
  });
  const cookie = "notejam=secret";
  expect(requests).toEqual([
    { call: "POST /api/session" },
    { call: "POST /api/session" },
    { call: "POST /api/notes", cookie },
    { call: `PATCH /api/notes/${note.id}`, cookie, base: '"1"' },
  ]);
});

function run(program: string, origin: string) {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, NOTEJAM_URL: origin, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
  return new Promise<{ code: number | null; printed: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, printed }));
  });
}
