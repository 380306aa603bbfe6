// A session for programs: a browser keeps cookies by itself, `fetch` elsewhere does not.
import type { Fetch } from "./send.ts";

/** The service's own cookies; those that something on the way sets are not sent back. */
const OWN = /^(?:__Host-)?notejam/;

/**
 * `fetch` with the cookies that the service set. Clients that are given the same one share a session.
 * @param cookies values by name, for who wants to look at them or to take them along
 */
export function withCookies(fetch: Fetch, cookies = new Map<string, string>()): Fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    if (cookie !== "") headers.set("cookie", cookie);
    const response = await fetch(input, { ...init, headers });
    for (const line of response.headers.getSetCookie()) keep(cookies, line);
    return response;
  };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [, name = "", value = ""] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
  if (/;\s*max-age=0*(;|$)/i.test(line)) cookies.delete(name);
  else if (OWN.test(name)) cookies.set(name, value);
}
