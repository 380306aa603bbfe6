// Faults that tests plant with the breaking proxy, and what the service behind it has in the end.
import { connect } from "@notejam/client";
import { withCookies } from "@notejam/client/cookies";
import type { Answer, Break } from "./breaking-proxy.ts";

/** Changes what the service answers to these calls. */
export const on =
  (calls: RegExp, change: (answer: Answer) => Partial<Answer>): Break =>
  ({ call, pass }) =>
    calls.test(call) ? pass().then((answer) => ({ ...answer, ...change(answer) })) : undefined;

/** Answers in place of the service, which does nothing. */
export const instead =
  (calls: RegExp, answer: () => Promise<Answer>): Break =>
  ({ call }) =>
    calls.test(call) ? answer() : undefined;

export async function problem(status: number, code: string, retryAfter?: string): Promise<Answer> {
  const headers = {
    "content-type": "application/problem+json",
    "x-request-id": "planted",
    ...(retryAfter && { "retry-after": retryAfter }),
  };
  return { status, headers, body: JSON.stringify({ code, title: `A planted ${code}` }) };
}

export const nothing = async (): Promise<Answer> => ({ status: 204, headers: {}, body: "" });

/** How many notes the service has of an account, also in its trash. */
export async function notesOf(origin: string, account: { email: string; password: string }): Promise<number> {
  const api = connect({ origin, fetch: withCookies(fetch) });
  await api.session.$post({ json: account });
  const live = await (await api.notes.$get()).json();
  const trashed = await (await api.trash.$get()).json();
  return live.notes.length + trashed.notes.length;
}
