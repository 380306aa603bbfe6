// Opens the session that an import or export works in.

import { User } from "@notejam/core/account/schema";
import { WRONG_CREDENTIALS } from "@notejam/core/session/schema";
import { type Api, Refusal, Unreachable } from "./api.ts";

export interface Credentials {
  email: string;
  password: string;
}

/** Signing in failed; the message is a sentence for the user. */
export class NotSignedIn extends Error {
  override name = "NotSignedIn";
}

/**
 * Signs in. The service doesn't say whether an account is missing or the password wrong, so a missing account shows
 * when it can be made.
 *
 * @param make whether an account that is missing is made
 * @returns the account, and whether it was made just now
 * @throws NotSignedIn
 */
export async function signIn(api: Api, credentials: Credentials, make: boolean) {
  try {
    return { user: await openSession(api, credentials), made: false };
  } catch (error) {
    const mayBeMissing = error instanceof Refusal && error.code === "wrong_credentials";
    if (!make || !mayBeMissing) throw spoken(error);
  }
  try {
    await api.call("POST", "/api/users", credentials, { patient: false });
    return { user: await openSession(api, credentials), made: true };
  } catch (error) {
    throw spoken(error);
  }
}

async function openSession(api: Api, credentials: Credentials): Promise<User> {
  const { body } = await api.call("POST", "/api/session", credentials, { patient: false });
  return User.parse(body.user);
}

/** An account that is taken is one whose password is another. */
function spoken(error: unknown) {
  if (!(error instanceof Refusal)) return error;
  if (error.code === "email_taken" || error.code === "wrong_credentials") {
    return new NotSignedIn(`${WRONG_CREDENTIALS}.`);
  }
  if (error.code === "rate_limited") {
    const wait =
      error.retryAfterSeconds === undefined ? "later" : `in ${Math.ceil(error.retryAfterSeconds)} s`;
    return new NotSignedIn(`Too many attempts to sign in. Try again ${wait}.`);
  }
  return new NotSignedIn(`Could not sign in: ${error.message}.`);
}

/** Ends the session, so that imports leave no trail of them. That it can't be ended is no reason to fail. */
export async function signOut(api: Api): Promise<void> {
  try {
    await api.call("DELETE", "/api/session", undefined, { last: true });
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
  }
}
