// The public form of a session, and the input that opens one.
import * as z from "zod/mini";
import { Email, Id, Password, Time } from "../field/schema.ts";

/** Days after which a session expires. */
export const SESSION_DAYS = 30;
/** Minutes in which a token that a change of password has replaced is good for a repetition of that change. */
export const REPLACED_TOKEN_MINUTES = 10;
/** The message for any failure to sign in. */
export const WRONG_CREDENTIALS = "Wrong email or password";

export const Session = z.object({
  id: Id,
  /** Whether it is the viewer's own session. */
  current: z.boolean(),
  createdAt: Time,
  expiresAt: Time,
  /** Browser and system, in short: `Firefox on Linux`. */
  device: z.string(),
  /** The same for all sessions of a browser, and in the states of notes that were made there. */
  deviceId: Id,
});
export type Session = z.infer<typeof Session>;

export const SignIn = z.strictObject({ email: Email, password: Password });
export type SignIn = z.infer<typeof SignIn>;
