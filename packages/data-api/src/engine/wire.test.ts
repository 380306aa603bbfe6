// Answers as they come off a socket, in pieces of any size.
import fc from "fast-check";
import { expect, test } from "vitest";
import { AnswerReader, decodeAnswer } from "./wire.ts";

function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

const READY = message("Z", Buffer.from("I"));
/** Any messages; bytes that look like a readiness may stand in any of them. */
const answer = fc
  .array(
    fc
      .tuple(fc.constantFrom("D", "C", "N", "S", "2"), fc.uint8Array({ maxLength: 40 }))
      .map(([letter, bytes]) => message(letter, Buffer.concat([Buffer.from(bytes), READY]))),
    { maxLength: 6 },
  )
  .map((messages) => Buffer.concat([...messages, READY]));

test("answers are told apart however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 4 }), fc.array(fc.nat(200)), (answers, cuts) => {
      const reader = new AnswerReader();
      const all = Buffer.concat(answers);
      const read: Buffer[] = [];
      let at = 0;
      for (const size of [...cuts, all.length]) {
        if (at < all.length) read.push(...reader.push(all.subarray(at, at + size)));
        at += size;
      }
      expect(read).toEqual(answers);
      expect(reader.rest).toHaveLength(0);
    }),
  );
});

test("what came before a connection was cut can be read", () => {
  const reader = new AnswerReader();
  const fatal = message("E", Buffer.from("SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0"));
  expect(reader.push(Buffer.concat([fatal, Buffer.from("Z")]))).toEqual([]);
  expect(decodeAnswer(reader.rest).error).toMatchObject({
    fields: { severity: "FATAL", code: "57P01", message: "terminating connection" },
  });
});
