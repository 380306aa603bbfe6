import type { User } from "@notejam/core/account/schema";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const ME: User = {
  id: "1c7d4a52-9d6e-4b65-8f0e-6f2b7c1d3e4f",
  email: "a@example.com",
  createdAt: "2026-01-01",
};
const OTHER: User = { ...ME, id: "8d0f3f0e-2d53-4d5e-9a53-0c6f4a1a7b11", email: "b@example.com" };
const NOTE = { name: "Mine", text: "What I typed" };

const full = () => new Response("", { status: 503, headers: { "retry-after": "30" } });
const signedOut = () => new Response("", { status: 401 });
const saved = () => Response.json({ note: NOTE }, { status: 201 });

// Node.js can't load the router's JSX. session.ts only uses it to clear answers.
vi.mock("@solidjs/router", () => ({ query: { clear: () => {} } }));

const fetch = vi.fn<typeof globalThis.fetch>();

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal("fetch", fetch.mockReset());
  fetch.mockResolvedValueOnce(Response.json({ user: ME }));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** The pages of `ME`, with unsaved text. */
async function openPages() {
  const { api } = await import("./api.ts");
  const { signInAgain, user } = await import("./session.ts");
  const { waits } = await import("./waiting.ts");
  const { watchUnsaved } = await import("./unsaved.ts");
  watchUnsaved({ isDirty: () => true, save: async () => {}, discard: () => {} });
  await vi.waitUntil(() => user()?.id === ME.id);
  fetch.mockClear();
  return { api, signInAgain, waits };
}

/** Signs in from another tab, and waits until this one knows. */
async function signInElsewhere(user: User): Promise<void> {
  const here = new BroadcastChannel("notejam:session");
  const heard = new Promise((resolve) => {
    here.onmessage = resolve;
  });
  const there = new BroadcastChannel("notejam:session");
  there.postMessage(user);
  await heard;
  await new Promise((resolve) => setTimeout(resolve));
  here.close();
  there.close();
}

it("a call without a session goes on after the user has signed in again", async () => {
  const { api, signInAgain } = await openPages();
  fetch.mockResolvedValueOnce(signedOut()).mockResolvedValueOnce(saved());
  const called = api.notes.$post({ json: NOTE });

  await vi.waitUntil(signInAgain);
  expect(signInAgain()).toMatchObject({ user: ME, other: undefined });
  signInAgain()?.done(true);

  expect((await called).status).toBe(201);
  expect(fetch).toHaveBeenCalledTimes(2);
});

it("a call fails if the user does not sign in again, and does not ask twice", async () => {
  const { api, signInAgain } = await openPages();
  fetch.mockImplementation(async () => signedOut());
  const called = api.notes.$post({ json: NOTE }).catch((problem) => problem.code);

  await vi.waitUntil(signInAgain);
  signInAgain()?.done(false);

  expect(await called).toBe("unauthenticated");
  expect(signInAgain()).toBeUndefined();
  expect(fetch).toHaveBeenCalledTimes(1);
});

it("a waiting call is not sent as another user who signs in", async () => {
  const { api, signInAgain, waits } = await openPages();
  fetch.mockResolvedValueOnce(full());
  const called = api.notes.$post({ json: NOTE }).catch((problem) => problem.code);
  await vi.waitUntil(() => waits().length > 0);
  await signInElsewhere(OTHER);
  waits()[0]?.end(true);

  await vi.waitUntil(signInAgain);
  expect(signInAgain()).toMatchObject({ user: ME, other: OTHER });
  expect(fetch).toHaveBeenCalledTimes(1);
  signInAgain()?.done(false);

  expect(await called).toBe("unauthenticated");
  expect(fetch).toHaveBeenCalledTimes(1);
});
