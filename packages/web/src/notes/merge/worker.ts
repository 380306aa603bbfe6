// Merges in a worker, which can be stopped and does not make the page wait.
import { merge } from "./merge.ts";
import type { Merge } from "./regions.ts";
import { type Sides, sidesOf } from "./sides.ts";

export interface Texts {
  base: string;
  mine: string;
  theirs: string;
}

/** A merge, with the conflicts as they are shown. */
export interface TextMerge extends Merge {
  sides: Sides[];
}

addEventListener("message", ({ data: { base, mine, theirs } }: MessageEvent<Texts>) => {
  const merged = merge(base, mine, theirs);
  postMessage({ ...merged, sides: sidesOf(merged) } satisfies TextMerge);
});
