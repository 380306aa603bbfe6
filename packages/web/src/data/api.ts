// The API for the pages of a user who is signed in. If the session is lost, the user signs in again and the call goes on.
import { connect } from "@notejam/client";
import { sameAccount, signedInAgain } from "./session.ts";
import { waitWhileFull } from "./waiting.ts";

/** Each call resolves to a success or throws a Problem. */
export const api = connect({
  origin: location.origin,
  async fetch(input, init) {
    await sameAccount();
    return await fetch(input, init);
  },
  async retry(problem, attempt) {
    return problem.code === "unauthenticated" ? signedInAgain() : waitWhileFull(problem, attempt);
  },
});
