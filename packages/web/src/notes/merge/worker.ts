// Merges in a worker, which can be stopped, and which leaves the page free for the next key.
import { merge } from "./merge.ts";
import type { Merge } from "./regions.ts";
import { type Sides, sidesOf } from "./sides.ts";

export interface Texts {
  base: string;
  mine: string;
  theirs: string;
}

/** A merge, with what is shown of its conflicts. */
export interface TextMerge extends Merge {
  sides: Sides[];
}

addEventListener("message", ({ data: { base, mine, theirs } }: MessageEvent<Texts>) => {
  const merged = merge(base, mine, theirs);
  postMessage({ ...merged, sides: sidesOf(merged) } satisfies TextMerge);
});
