// The decoder against what a backend says, message by message.
import { expect, test } from "vitest";
import { decodeAnswer } from "./wire.ts";

function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

test("an error can be read that no readiness follows", () => {
  const fatal = message("E", Buffer.from("SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0"));
  expect(decodeAnswer(fatal).error).toMatchObject({
    fields: { severity: "FATAL", code: "57P01", message: "terminating connection" },
  });
});
