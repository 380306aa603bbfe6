// What the account's pages read (how queries work: notes/queries.ts).
import { query } from "@solidjs/router";
import { api } from "../data/api.ts";

/** Where the user is signed in. */
export const getSessions = query(
  async () => (await (await api.sessions.$get()).json()).sessions,
  "session:all",
);
