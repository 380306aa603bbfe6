import { expect, test } from "vitest";
import { describeMail } from "./log.ts";

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
