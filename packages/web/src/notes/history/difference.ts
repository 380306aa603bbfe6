// Finds the difference between two texts: by line, then by word inside the lines that changed. Texts that have little in common
// would take minutes, so the search gives up after a number of changes or some time. A part then counts as replaced.
import { diffArrays } from "diff";
import { betweenEnds, joined, linesIn, type Part, replaced } from "./parts.ts";

/** How many lines, or words of one change, may be deleted and inserted. */
const LINES_MAX = 2000;
const WORDS_MAX = 1000;

/** If two lines have a smaller share of the shorter one in common, both are shown whole. Single common words would say nothing. */
const COMMON_LEAST = 0.3;

/** Scripts without spaces between words. Each of their characters counts as a word. */
const DENSE =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
/** A word, or what stands between words. */
export const WORD = new RegExp(`(?:(?![${DENSE}])[\\p{L}\\p{M}\\p{N}_])+|\\r?\\n|[^\\S\\n]|[^]\\p{M}*`, "gu");

/** @param deadline in milliseconds since 1970 */
export function difference(before: string, after: string, deadline = Number.POSITIVE_INFINITY): Part[] {
  const parts: Part[] = [];
  let removed = "";
  let added = "";
  const endChange = () => {
    parts.push(
      ...(removed !== "" && added !== "" ? byWord(removed, added, deadline) : replaced(removed, added)),
    );
    removed = "";
    added = "";
  };
  for (const { kind, text } of edits(linesIn(before), linesIn(after), LINES_MAX, deadline)) {
    if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else {
      endChange();
      parts.push({ kind, text });
    }
  }
  endChange();
  return toLines(joined(parts));
}

function byWord(before: string, after: string, deadline: number): Part[] {
  const words = edits(before.match(WORD) ?? [], after.match(WORD) ?? [], WORDS_MAX, deadline);
  const parts = withoutScraps(words);
  const shorter = Math.min(lengthOf(before), lengthOf(after));
  const common = parts.reduce((sum, { kind, text }) => sum + (kind === "kept" ? lengthOf(text) : 0), 0);
  return common < COMMON_LEAST * shorter ? replaced(before, after) : parts;
}

/** Makes one change of two if what is between them is shorter than both. Many short changes are hard to read. */
function withoutScraps(parts: readonly Part[]): Part[] {
  const all: Part[] = [];
  /** The length of the change that ends here. */
  let change = 0;
  parts.forEach((part, i) => {
    if (part.kind !== "kept") {
      change = Math.max(change, lengthOf(part.text));
      all.push(part);
      return;
    }
    const [next, second] = parts.slice(i + 1, i + 3);
    const nextChange = Math.max(
      lengthOf(next?.text ?? ""),
      second && second.kind !== "kept" ? lengthOf(second.text) : 0,
    );
    const isBetween = i > 0 && next !== undefined && !part.text.includes("\n");
    if (isBetween && lengthOf(part.text) <= Math.min(change, nextChange)) {
      all.push(...replaced(part.text, part.text));
      change += lengthOf(part.text);
    } else {
      all.push(part);
      change = 0;
    }
  });
  return joined(all);
}

/** Characters that are letters or digits. */
function lengthOf(text: string): number {
  return text.replace(/[^\p{L}\p{M}\p{N}]+/gu, "").length;
}

/**
 * Moves what was only added, or only removed, to whole lines where that is the same change: `a.[-\n\nb-].` says less than
 * `a.\n\n[-b.-]`.
 */
function toLines(parts: readonly Part[]): Part[] {
  const all = [...parts];
  for (let i = 1; i < all.length - 1; i++) {
    const [above, change, below] = all.slice(i - 1, i + 2) as [Part, Part, Part];
    if (change.kind === "kept" || above.kind !== "kept" || below.kind !== "kept") continue;
    if (above.text.endsWith("\n")) continue;
    const by = toNextLine(change.text, below.text);
    if (by === undefined) continue;
    const moved = below.text.slice(0, by);
    all[i - 1] = { kind: "kept", text: above.text + moved };
    all[i] = { ...change, text: (change.text + moved).slice(by) };
    all[i + 1] = { kind: "kept", text: below.text.slice(by) };
  }
  return joined(all);
}

/** How far a change can go on so that it has whole lines; undefined if it can't. */
function toNextLine(change: string, below: string): number | undefined {
  for (let by = 0; by < change.length && by < below.length && change[by] === below[by]; by++) {
    if (change[by] === "\n") return by + 1;
  }
  return undefined;
}

/** Searches only between the beginning and the end that both have in common. */
function edits(before: readonly string[], after: readonly string[], max: number, deadline: number): Part[] {
  return betweenEnds(before, after, (left, right) => {
    const timeout = deadline - Date.now();
    const found =
      timeout > 0 && left.length > 0 && right.length > 0
        ? diffArrays(left, right, { maxEditLength: max, timeout })
        : undefined;
    if (!found) return replaced(left.join(""), right.join(""));
    return found.map(({ added, removed, value }): Part => {
      const changed = added ? "added" : "removed";
      return { kind: added || removed ? changed : "kept", text: value.join("") };
    });
  });
}
