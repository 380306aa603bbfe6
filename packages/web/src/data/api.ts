// The API as a signed-in reader's pages use it: a lost session asks to sign in again and then goes on.
import { connect } from "./client.ts";
import { asProblem } from "./problem.ts";
import { request } from "./request.ts";
import { sameAccount, signedInAgain } from "./session.ts";

/** Each call answers with a success or throws a Problem. */
export const api = connect(send);

async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  for (;;) {
    await sameAccount();
    try {
      return await request(input, init);
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.code !== "unauthenticated" || !(await signedInAgain())) throw problem;
    }
  }
}

/** The header that names the version a save began from. */
export function ifMatch(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}
