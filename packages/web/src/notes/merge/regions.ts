// What a merge of two texts is: parts that are merged, and parts that both changed, of which one or both are kept.

/** A part of the merged text, with what stood there in mine. */
export interface Merged {
  merged: string;
  mine: string;
}

/** A part that both changed, in different ways. */
export interface Conflict {
  base: string;
  mine: string;
  theirs: string;
}

export type Region = Merged | Conflict;

/** In the regions, each line ends with `\n`, the last one too. */
export interface Merge {
  /** In order. */
  regions: readonly Region[];
  /** How the lines of the merged text end. If some lines of a text end in another way than others, its `\r` stay in them. */
  lineEnd: "\n" | "\r\n";
}

/** What to keep where both changed the same. */
export type Keep = "mine" | "theirs" | "both";

/** A change of my text, in UTF-16 units from its beginning, in which each line's end counts 1. */
export interface TextChange {
  from: number;
  to: number;
  insert: string;
}

export function isConflict(region: Region): region is Conflict {
  return "theirs" in region;
}

export function conflictsOf({ regions }: Merge): Conflict[] {
  return regions.filter(isConflict);
}

/** The merged text. */
export function textOf({ regions, lineEnd }: Merge, keep: Keep): string {
  const text = regions.map((region) => kept(region, keep)).join("");
  const lines = text.endsWith("\n") ? text.slice(0, -1) : text;
  return lineEnd === "\n" ? lines : lines.replaceAll("\n", lineEnd);
}

/** What makes the merged text of mine, in order. */
export function changesOf({ regions }: Merge, keep: Keep): TextChange[] {
  const changes: TextChange[] = [];
  let at = 0;
  for (const region of regions) {
    const [from, to] = [at, at + region.mine.length];
    const insert = kept(region, keep);
    at = to;
    if (insert === region.mine) continue;
    const before = changes.at(-1);
    // Changes that touch are one: the end of the last line is then taken from text that no other change replaces.
    if (before?.to === from) changes.splice(-1, 1, { from: before.from, to, insert: before.insert + insert });
    else changes.push({ from, to, insert });
  }
  const last = changes.at(-1);
  if (last?.to === at) changes.splice(-1, 1, withoutLastEnd(last));
  return changes;
}

/** The last line of my text has no end. What is inserted after it, or deleted up to it, begins with an end instead. */
function withoutLastEnd({ from, to, insert }: TextChange): TextChange {
  if (from > 0 && (from === to || insert === "")) {
    return { from: from - 1, to: to - 1, insert: insert && `\n${insert.slice(0, -1)}` };
  }
  return { from, to: to - 1, insert: insert.slice(0, -1) };
}

function kept(region: Region, keep: Keep): string {
  if (!isConflict(region)) return region.merged;
  return keep === "both" ? bothOf(region) : region[keep];
}

/** Lines one after the other, and sentences in one line. */
function bothOf({ mine, theirs }: Conflict): string {
  const isApart = mine === "" || SEPARATES.test(mine) || /^(\s|$)/.test(theirs);
  return isApart ? mine + theirs : `${mine} ${theirs}`;
}

/** What ends a line, or a sentence of a language that writes no spaces. */
const SEPARATES = /[\s。！？、，」』\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u;
