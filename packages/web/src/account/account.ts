// What the account's pages read and write. Signing in and out is in data/session.ts.
import type { ChangePassword, SignUp } from "@notejam/core/account/schema";
import type { RedeemReset, RequestReset } from "@notejam/core/password-reset/schema";
import { query, revalidate } from "@solidjs/router";
import { api } from "../data/api.ts";
import { signedInAs } from "../data/session.ts";

/** Where the user is signed in. */
export const getSessions = query(
  async () => (await (await api.sessions.$get()).json()).sessions,
  "session:all",
);

/** Makes an account, and signs in. @throws Problem `email_taken`, `rate_limited` */
export async function signUp(input: SignUp): Promise<void> {
  const response = await api.users.$post({ json: input });
  signedInAs((await response.json()).user);
}

/** Ends the other sessions. @throws Problem `wrong_credentials` */
export async function changePassword(input: ChangePassword): Promise<void> {
  await api.user.password.$put({ json: input });
  await revalidate(getSessions.key);
}

export async function endSession(id: string): Promise<void> {
  await api.sessions[":id"].$delete({ param: { id } });
  await revalidate(getSessions.key);
}

export async function requestReset(input: RequestReset): Promise<void> {
  await api["password-resets"].$post({ json: input });
}

/** @throws Problem with a message for the token */
export async function redeemReset(input: RedeemReset): Promise<void> {
  await api["password-resets"].$put({ json: input });
}
