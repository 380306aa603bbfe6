import { expect, test } from "vitest";
import { Tally } from "./tally.ts";

const NOTE = "0b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a35";

test("requests are counted by route and status, without ids and queries", () => {
  const tally = new Tally();
  const request = (target: string, status?: number) =>
    tally.requested({ method: "GET", target, cookies: [], ...(status && { status }) });
  request(`/api/notes/${NOTE}`, 200);
  request("/api/notes/f17fe3ea-687e-4bcc-849f-e530147c032b", 200);
  request("/api/search?q=bread", 429);
  request("/api/search?q=milk");

  expect(tally.requests).toEqual({
    "GET /api/notes/:id": { 200: 2 },
    "GET /api/search": { 429: 1, none: 1 },
  });
});

test("faults that differ in ids and versions are one, in the words of the first", () => {
  const tally = new Tally();
  const words = (status: number, id: string) =>
    `but GET /api/notes/${NOTE} answered ${status} (request ${id})`;
  for (const id of ["a", "b"]) tally.fails(words(500, id), false);
  tally.fails(words(502, "c"), false);

  expect(tally.faults).toEqual([
    { isWrong: false, calls: 2, first: words(500, "a") },
    { isWrong: false, calls: 1, first: words(502, "c") },
  ]);
});

test("times are of all calls, to a tenth of a millisecond", () => {
  const tally = new Tally();
  for (let ms = 1; ms <= 100; ms++) tally.ends(ms);
  tally.begins(2.5);

  expect(tally.took).toEqual({ p50: 50, p95: 95, p99: 99, most: 100 });
  expect(tally.late.most).toBe(2.5);
  expect(new Tally().took).toEqual({ p50: 0, p95: 0, p99: 0, most: 0 });
});
