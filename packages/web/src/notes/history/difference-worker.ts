// Finds the difference between two texts in a worker, so that the page need not wait.
import { difference } from "./difference.ts";
import type { Part } from "./parts.ts";

export interface Texts {
  before: string;
  after: string;
}

/** How long the search may take. What is not found by then counts as replaced. */
const SEARCH_MAX_MS = 1500;

addEventListener("message", ({ data: { before, after } }: MessageEvent<Texts>) => {
  const parts: Part[] = difference(before, after, Date.now() + SEARCH_MAX_MS);
  postMessage(parts);
});
