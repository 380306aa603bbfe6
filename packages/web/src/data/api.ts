// The API for the pages of a user who is signed in. If the session is lost, the user signs in again and the call goes on.
import { connect } from "@notejam/client";
import { sameAccount, signedInAgain } from "./session.ts";
import { waitWhileFull } from "./waiting.ts";

async function asSameUser(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  await sameAccount();
  return await fetch(input, init);
}

/** Each call resolves to a success or throws a Problem. */
export const api = connect({
  origin: location.origin,
  fetch: asSameUser,
  async retry(problem, attempt) {
    return problem.code === "unauthenticated" ? signedInAgain() : waitWhileFull(problem, attempt);
  },
});

/**
 * As `api`, for calls that the page makes by itself, such as saving. The user does not see them wait for a busy service: they throw
 * its problem, and the caller decides when to try again.
 */
export const quietApi = connect({
  origin: location.origin,
  fetch: asSameUser,
  retry: async (problem) => problem.code === "unauthenticated" && (await signedInAgain()),
});
