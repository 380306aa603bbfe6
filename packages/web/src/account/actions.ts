// What the account's pages write, and which answers each write makes stale. Signing in and out is in data/session.ts.
import type { ChangePassword, SignUp } from "@notejam/core/account/schema";
import type { RedeemReset, RequestReset } from "@notejam/core/password-reset/schema";
import { action, json } from "@solidjs/router";
import { api } from "../data/api.ts";
import { getSessions } from "./queries.ts";

const NOTHING_STALE = { revalidate: [] };

export const signUp = action(async (input: SignUp) => {
  await api.users.$post({ json: input });
  return json(null, NOTHING_STALE);
}, "sign-up");

export const changePassword = action(async (input: ChangePassword) => {
  await api.user.password.$put({ json: input });
  return json(null, { revalidate: getSessions.key });
}, "change-password");

export const endSession = action(async (id: string) => {
  await api.sessions[":id"].$delete({ param: { id } });
  return json(null, { revalidate: getSessions.key });
}, "end-session");

export const requestReset = action(async (input: RequestReset) => {
  await api["password-resets"].$post({ json: input });
  return json(null, NOTHING_STALE);
}, "request-reset");

export const redeemReset = action(async (input: RedeemReset) => {
  await api["password-resets"].$put({ json: input });
  return json(null, NOTHING_STALE);
}, "redeem-reset");
