import { expect, test } from "vitest";
import { stageOf } from "../stage.ts";
import { senderOf } from "./email.ts";

const production = stageOf("production");

test.each([
  { from: "Notejam <notejam@example.com>", address: "notejam@example.com" },
  { from: "notejam@mail.example.com", address: "notejam@mail.example.com" },
  { from: "Notejam, the notes <no-reply+notes@example.com>", address: "no-reply+notes@example.com" },
])("$from is a sender", ({ from, address }) => {
  expect(senderOf(production, from)).toEqual({ from, address });
});

test.each([
  "Notejam",
  "Notejam <notejam>",
  "notejam@",
  "@example.com",
  "a@b@c",
  "Notejam notejam@example.com",
  "<a@b>, <c@d>",
])("%s is no sender: refused by the name of the variable, on any stage", (from) => {
  for (const stage of [production, stageOf("ana")]) {
    expect(() => senderOf(stage, from)).toThrow(`NOTEJAM_MAIL_FROM is "${from}"`);
  }
});

test.each(["production", "staging", "dev"])(
  "%s has no sender by default: the message names the variable and the file",
  (name) => {
    expect(() => senderOf(stageOf(name), undefined)).toThrow(
      new RegExp(
        `^NOTEJAM_MAIL_FROM is not set\\..*\\.env\\.${name},.*NOTEJAM_MAIL_FROM="Notejam <notejam@example\\.com>"`,
      ),
    );
  },
);

test("a person's stage can do without", () => {
  expect(senderOf(stageOf("ana"), undefined)).toBeUndefined();
  expect(senderOf(stageOf("ana"), "")).toBeUndefined();
});
