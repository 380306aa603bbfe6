// The input that requests a password reset, and the input that uses the mailed link.
import * as z from "zod/mini";
import { Email, NewPassword, storable, TOKEN } from "../field/schema.ts";

/** Minutes for which a link works, once. */
export const RESET_MINUTES = 60;
/** Mails that one account gets in an hour. */
export const RESET_MAILS_AN_HOUR = 3;
export const RESET_LINK_DEAD = "This link has expired or was already used. Ask for a new one.";

export const RequestReset = z.strictObject({ email: Email });
export type RequestReset = z.infer<typeof RequestReset>;

export const RedeemReset = z.strictObject({
  token: storable("Token").check(z.regex(TOKEN, RESET_LINK_DEAD)),
  password: NewPassword,
});
export type RedeemReset = z.infer<typeof RedeemReset>;
