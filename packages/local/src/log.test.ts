import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeMail, RequestLog } from "./log.ts";

test("a mail is described by its recipients, its subject and its links, without control characters", () => {
  const text = "Go to http://localhost:3000/reset-password#t0ken&\n\n<b>now</b>\n";

  const described = describeMail({
    from: "",
    to: ["ana@example.com"],
    subject: "Hello \u001b[2J<you>",
    text,
  });

  expect(described).toBe(
    "Mail to ana@example.com: Hello \\u001b[2J<you>\n  http://localhost:3000/reset-password#t0ken&\n",
  );
});

test("a full disk is said in one plain line, however many requests meet it, and each is in the file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "notejam-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const printed: string[] = [];
  const log = new RequestLog(join(folder, "log.jsonl"), (text) => printed.push(text));
  const message = "ERROR: could not extend file: No space left on device; SQLState: 53100";
  const refused = {
    level: "error",
    status: 503,
    error: { name: "DatabaseErrorException", message, stack: ["at f"] },
  };

  for (let n = 0; n < 5; n++) log.write(JSON.stringify(refused));
  log.fault("sweep", { errorType: "DatabaseErrorException", errorMessage: message, trace: [] });
  await log.close();

  expect(printed).toEqual([expect.stringMatching(/^The database's disk is full: [^\n]+\n$/)]);
  expect(readFileSync(join(folder, "log.jsonl"), "utf8").match(/53100/g)).toHaveLength(6);
});
