import { expect, it, test } from "vitest";
import { withCookies } from "./cookies.ts";
import { connect } from "./index.ts";
import type { Fetch } from "./send.ts";

/** A service that sets these cookies, one answer after the other, and what it was sent. */
function service(...answers: string[][]) {
  const sent: (string | null)[] = [];
  const fetch: Fetch = async (input, init) => {
    sent.push(new Request(input, init).headers.get("cookie"));
    const headers = new Headers();
    for (const cookie of answers[sent.length - 1] ?? []) headers.append("set-cookie", cookie);
    return Response.json({}, { headers });
  };
  return { fetch, sent };
}

test("the service's cookies, and no others, come with the calls that follow", async () => {
  const { fetch, sent } = service(
    ["tracker=1; Path=/", "notejam=secret; HttpOnly; Path=/", "__Host-notejam-device=d; Max-Age=31536000"],
    ["notejam=; Max-Age=0; Path=/"],
  );
  const withSession = withCookies(fetch);
  const [api, other] = [1, 2].map(() => connect({ origin: "http://localhost", fetch: withSession }));

  await api?.session.$post({ json: { email: "a@example.com", password: "correct horse" } });
  await other?.session.$delete();
  await api?.pads.$get();

  expect(sent).toEqual([null, "notejam=secret; __Host-notejam-device=d", "__Host-notejam-device=d"]);
});

it("looks at its cookies where it is given the map, and keeps the headers of a request", async () => {
  const { fetch, sent } = service(["notejam=one"], ["notejam=two"]);
  const cookies = new Map([["notejam", "zero"]]);
  const seen: (string | null)[] = [];
  const spy: Fetch = (input, init) => {
    seen.push(new Headers(init?.headers).get("accept"));
    return fetch(input, init);
  };

  await withCookies(spy, cookies)(new Request("http://localhost/", { headers: { accept: "text/plain" } }));

  expect(sent).toEqual(["notejam=zero"]);
  expect(seen).toEqual(["text/plain"]);
  expect(cookies).toEqual(new Map([["notejam", "one"]]));
});
