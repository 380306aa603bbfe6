import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password.ts";

test("only the password itself verifies against its hash", async () => {
  const hash = await hashPassword("correct horse");

  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await verifyPassword("correct horse", hash)).toBe(true);
  expect(await verifyPassword("correct horsf", hash)).toBe(false);
  expect(await verifyPassword("", hash)).toBe(false);
});

test("a hash carries its parameters, so that they can be raised", async () => {
  // Argon2id of "password" with salt "somesalt", from the reference implementation's test suite (m=256, t=2, p=1).
  const weaker = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

  expect(await verifyPassword("password", weaker)).toBe(true);
  expect(await verifyPassword("passwort", weaker)).toBe(false);
});

test("a password fits in any composition of its characters, also if its hash is of what was typed", async () => {
  const typed = "cafe\u0301 au lait";
  // The hash of `typed` itself, from before passwords were composed.
  const ofTyped =
    "$argon2id$v=19$m=19456,t=2,p=1$/iqWRNeM9qrrzlrCk7XLig$fy0JJpJYYoaHWATg5tKaRsvik9IZT8iyjDBot2sHEVc";

  expect(await verifyPassword(typed, await hashPassword(typed.normalize("NFC")))).toBe(true);
  expect(await verifyPassword(typed.normalize("NFC"), await hashPassword(typed))).toBe(true);
  expect(await verifyPassword(typed, ofTyped)).toBe(true);
  expect(await verifyPassword("cafe au lait", ofTyped)).toBe(false);
});

test("no password is right without an account", async () => {
  expect(await verifyPassword("correct horse", undefined)).toBe(false);
});

test("a hash of another kind is an error, not a wrong password", async () => {
  await expect(verifyPassword("x", "$2b$12$abcdefghijklmnopqrstuv")).rejects.toThrow(
    "not in the Argon2id format",
  );
});
