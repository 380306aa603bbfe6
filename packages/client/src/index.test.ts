import type { SaveNote } from "@notejam/core/note/schema";
import { PROBLEM_MEDIA_TYPE } from "@notejam/functions/api/problems";
import type { InferRequestType, InferResponseType } from "hono/client";
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { type Api, connect, ifMatch } from "./index.ts";
import { Problem } from "./problem.ts";
import { backoff } from "./retry.ts";
import type { Fetch } from "./send.ts";

const ORIGIN = "https://notes.example.com";

/** A service that gives these answers, one after the other. */
function service(...answers: (Response | Error)[]) {
  const requests: Request[] = [];
  const fetch: Fetch = async (input, init) => {
    init?.signal?.throwIfAborted();
    requests.push(new Request(input, init));
    const answer = answers[requests.length - 1];
    if (answer instanceof Response) return answer;
    throw answer ?? new Error("No answer was prepared");
  };
  return { fetch, requests };
}

const full = () => new Response("", { status: 503, headers: { "retry-after": "5" } });
const retry = backoff({ repeat: ["unavailable"], waitMaxSeconds: 60 });

/** An answer whose body never arrives whole. */
function breakingOff(status: number): Response {
  const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) });
  return new Response(body, { status, headers: { "content-type": PROBLEM_MEDIA_TYPE } });
}

describe("a call", () => {
  it("has the types of the API's route", () => {
    type Save = Api["notes"][":id"]["$patch"];
    expectTypeOf<InferRequestType<Save>["json"]>().toEqualTypeOf<SaveNote>();
    expectTypeOf<InferRequestType<Save>["header"]>().toEqualTypeOf<ReturnType<typeof ifMatch>>();
    expectTypeOf<InferResponseType<Save>["note"]["version"]>().toEqualTypeOf<number>();
    expectTypeOf<
      InferResponseType<Api["pads"]["$get"]>["pads"][number]["noteCount"]
    >().toEqualTypeOf<number>();
    type Restore = Api["notes"][":id"]["revisions"][":version"]["restore"]["$post"];
    expectTypeOf<InferRequestType<Restore>["param"]>().toEqualTypeOf<{ id: string } & { version: string }>();
  });

  it("is sent to its route, with what the query has", async () => {
    const { fetch, requests } = service(Response.json({}), Response.json({}));
    const api = connect({ origin: ORIGIN, fetch });

    await api.notes.$get({ query: { order: "name", limit: "10", cursor: undefined } });
    await api.notes.$get();

    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${ORIGIN}/api/notes?order=name&limit=10`,
      `GET ${ORIGIN}/api/notes`,
    ]);
  });

  it("answers with a success", async () => {
    const { fetch, requests } = service(
      Response.json({ note: { version: 4 } }, { headers: { etag: '"4"' } }),
    );
    const api = connect({ origin: ORIGIN, fetch });

    const response = await api.notes[":id"].$patch({
      param: { id: "1" },
      header: ifMatch(3),
      json: { text: "Rye." },
    });

    expect((await response.json()).note.version).toBe(4);
    expect(response.headers.get("etag")).toBe('"4"');
    expect(requests[0]).toMatchObject({ method: "PATCH", url: `${ORIGIN}/api/notes/1` });
    expect(requests[0]?.headers.get("if-match")).toBe('"3"');
  });

  it("answers with a success that has no content", async () => {
    const { fetch } = service(new Response(null, { status: 204 }));
    const response = await connect({ origin: ORIGIN, fetch }).session.$delete();
    expect(response.status).toBe(204);
  });

  it("throws the problem, and is sent once without a policy", async () => {
    const { fetch, requests } = service(full());
    await expect(connect({ origin: ORIGIN, fetch }).pads.$get()).rejects.toMatchObject({
      code: "unavailable",
    });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ["the connection fails", new TypeError("fetch failed")],
    ["a timeout ends it", new DOMException("Too slow", "TimeoutError")],
    ["the connection breaks in the middle of the answer", breakingOff(200)],
    ["the connection breaks in the middle of a refusal", breakingOff(412)],
  ])("is unreachable where %s", async (_, answer) => {
    const { fetch } = service(answer);
    const problem = await connect({ origin: ORIGIN, fetch })
      .pads.$get()
      .catch((thrown) => thrown);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ code: "unreachable", cause: { message: expect.stringMatching(/./) } });
  });

  it("passes on what its transport throws otherwise, without repeating it", async () => {
    const again = vi.fn();
    const bug = new Error("A bug in the transport");
    const { fetch } = service(bug);
    await expect(connect({ origin: ORIGIN, fetch, retry: again }).pads.$get()).rejects.toBe(bug);
    expect(again).not.toHaveBeenCalled();
  });
});

describe("a call that is repeated", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("waits as long as the service asks, and is sent as it was", async () => {
    const { fetch, requests } = service(full(), full(), Response.json({}));
    const called = connect({ origin: ORIGIN, fetch, retry }).pads.$post({ json: { name: "Errands" } });

    await vi.advanceTimersByTimeAsync(5_000);
    expect(requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(requests).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(6_500);
    await called;
    expect(await Promise.all(requests.map((request) => request.json()))).toEqual(
      Array(3).fill({ name: "Errands" }),
    );
  });

  it("is told how often and how long it was tried", async () => {
    const { fetch } = service(full(), full(), full());
    const again = vi.fn(async () => {
      vi.advanceTimersByTime(2_000);
      return again.mock.calls.length < 3;
    });
    const signal = undefined;

    await expect(connect({ origin: ORIGIN, fetch, retry: again }).pads.$get()).rejects.toThrow(Problem);

    expect(again.mock.calls).toEqual(
      [0, 1, 2].map((turn) => [expect.any(Problem), { turn, elapsedSeconds: turn * 2, signal }]),
    );
  });

  it("ends with its signal while it waits, and is not sent again", async () => {
    const { fetch, requests } = service(full(), Response.json({}));
    const stop = new AbortController();
    const called = connect({ origin: ORIGIN, fetch, retry }).pads.$get({}, { init: { signal: stop.signal } });
    const outcome = called.catch((thrown) => thrown.name);

    await vi.advanceTimersByTimeAsync(1_000);
    stop.abort();

    expect(await outcome).toBe("AbortError");
    expect(requests).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
