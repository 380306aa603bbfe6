// What a session looks like outside, and what is sent to open one.
import * as z from "zod/mini";
import { Email, Id, Password, Time } from "../field/schema.ts";

/** A session ends by itself after so many days. */
export const SESSION_DAYS = 30;
/** The words for any failure to sign in. */
export const WRONG_CREDENTIALS = "Wrong email or password";

export const Session = z.object({
  id: Id,
  /** Whether it is the session that asks. */
  current: z.boolean(),
  createdAt: Time,
  expiresAt: Time,
  /** Browser and system, in short: `Firefox on Linux`. */
  device: z.string(),
});
export type Session = z.infer<typeof Session>;

export const SignIn = z.strictObject({ email: Email, password: Password });
export type SignIn = z.infer<typeof SignIn>;
