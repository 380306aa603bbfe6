// Opens and ends the session that an import or export works in.
import type { Api } from "@notejam/client";
import { isProblem, Problem } from "@notejam/client/problem";
import { Failed } from "@notejam/command-line";
import type { User } from "@notejam/core/account/schema";
import { WRONG_CREDENTIALS } from "@notejam/core/session/schema";
import { type Connection, explain } from "./connection.ts";

export interface Credentials {
  email: string;
  password: string;
}

/**
 * Signs in. The service doesn't tell a missing account from a wrong password, so a missing account shows when it can be
 * created.
 *
 * @param create whether a missing account is created
 * @returns the account, and whether it was created just now
 * @throws Failed
 */
export async function signIn(connection: Connection, credentials: Credentials, create: boolean) {
  const { interactive } = connection;
  try {
    return { user: await openSession(interactive, credentials), created: false };
  } catch (error) {
    if (!create || !isProblem(error, "wrong_credentials")) throw notSignedIn(error, connection);
  }
  try {
    await interactive.users.$post({ json: credentials });
    return { user: await openSession(interactive, credentials), created: true };
  } catch (error) {
    throw notSignedIn(error, connection);
  }
}

async function openSession(api: Api, credentials: Credentials): Promise<User> {
  const response = await api.session.$post({ json: credentials });
  return (await response.json()).user;
}

/** When the email is taken, the account exists and the password was wrong. */
function notSignedIn(error: unknown, connection: Connection) {
  if (!(error instanceof Problem)) return error;
  if (error.code === "email_taken" || error.code === "wrong_credentials") {
    return new Failed(`${WRONG_CREDENTIALS}.`);
  }
  if (error.code === "rate_limited") {
    const when =
      error.retryAfterSeconds === undefined ? "later" : `in ${Math.ceil(error.retryAfterSeconds)} s`;
    return new Failed(`Too many attempts to sign in. Try again ${when}.`);
  }
  const words = explain(error, connection);
  return new Failed(error.code === "unreachable" ? words : `Could not sign in: ${words}.`);
}

/** Ends the session, so that imports leave none behind. A session that can't be ended expires by itself. */
export async function signOut({ once }: Connection): Promise<void> {
  try {
    await once.session.$delete();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}
