// What is sent to ask for a reset of a password, and to use the link that was mailed.
import * as z from "zod/mini";
import { Email, NewPassword, storable } from "../field/schema.ts";

/** A link works once, for so many minutes. */
export const RESET_MINUTES = 60;
/** Mails to one account in an hour. */
export const RESET_MAILS_AN_HOUR = 3;
export const RESET_LINK_DEAD = "This link was used already or has expired. Ask for a new one.";

export const RequestReset = z.strictObject({ email: Email });
export type RequestReset = z.infer<typeof RequestReset>;

export const RedeemReset = z.strictObject({
  token: storable("Token").check(z.regex(/^[A-Za-z0-9_-]{43}$/, RESET_LINK_DEAD)),
  password: NewPassword,
});
export type RedeemReset = z.infer<typeof RedeemReset>;
