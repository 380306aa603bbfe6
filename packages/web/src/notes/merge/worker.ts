// Merges in a worker, which can be stopped, and which leaves the page free for the next key.
import { merge } from "./merge.ts";
import { type Place, placesOf } from "./places.ts";
import type { Merge } from "./regions.ts";

export interface Texts {
  base: string;
  mine: string;
  theirs: string;
}

/** A merge, with what is shown of its conflicts. */
export interface TextMerge extends Merge {
  places: Place[];
}

addEventListener("message", ({ data: { base, mine, theirs } }: MessageEvent<Texts>) => {
  const merged = merge(base, mine, theirs);
  postMessage({ ...merged, places: placesOf(merged) } satisfies TextMerge);
});
