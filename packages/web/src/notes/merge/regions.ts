// The result of merging two texts: regions that are merged, and conflicts, of which one side or both are kept.

/** A part that is merged, and what mine has instead. */
export interface Merged {
  merged: string;
  mine: string;
}

/** A part that both sides changed in different ways. */
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
  /** How the lines of the merged text end. In a text with line ends of both kinds, each `\r` is part of its line. */
  lineEnd: "\n" | "\r\n";
}

/** Which side of a conflict to keep. */
export type Keep = "mine" | "theirs" | "both";

/** A change of my text, in UTF-16 units from its beginning. The end of a line counts 1. */
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

/** The changes that make the merged text of mine, in order. */
export function changesOf({ regions }: Merge, keep: Keep): TextChange[] {
  const changes: TextChange[] = [];
  let at = 0;
  for (const region of regions) {
    const [from, to] = [at, at + region.mine.length];
    const insert = kept(region, keep);
    at = to;
    if (insert === region.mine) continue;
    const before = changes.at(-1);
    // Changes that touch become one, so that `withoutLastEnd` takes the line end from text that no other change replaces.
    if (before?.to === from) changes.splice(-1, 1, { from: before.from, to, insert: before.insert + insert });
    else changes.push({ from, to, insert });
  }
  const last = changes.at(-1);
  if (last?.to === at) changes.splice(-1, 1, withoutLastEnd(last));
  return changes;
}

/** The last line of my text has no end. So a change behind it begins with a line end instead of ending with one. */
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

/** Both sides, mine first. Sentences of one line are separated by a space. */
function bothOf({ mine, theirs }: Conflict): string {
  const isApart = mine === "" || SEPARATES.test(mine) || /^(\s|$)/.test(theirs);
  return isApart ? mine + theirs : `${mine} ${theirs}`;
}

/** The end of a line, or of a sentence in a language without spaces. */
const SEPARATES = /[\s。！？、，」』\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u;
