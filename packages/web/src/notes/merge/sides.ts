// What the user sees of a conflict: on both sides the words that were changed, with some words around them.
import { diffArrays } from "diff";
import { joined, type Part, replaced } from "../history/parts.ts";
import { type Conflict, isConflict, type Merge, type Region } from "./regions.ts";

/** A conflict as it is shown. */
export interface Sides {
  mine: Part[];
  theirs: Part[];
}

/** How many conflicts are shown. What the user chooses holds for all of them. */
const SHOWN_MAX = 20;
/** How much of a text is compared by word, how much is shown around a change, and how much of all changes. In UTF-16 units. */
const COMPARED_MAX = 16 * 1024;
const AROUND_MAX = 60;
const CHANGED_MAX = 2000;
/** How many words may be removed and added. Beyond that, the whole side is shown as changed. */
const EDITS_MAX = 500;

/** The first conflicts of a merge. */
export function sidesOf({ regions }: Merge): Sides[] {
  const conflicts = regions.flatMap((region, i) => (isConflict(region) ? [{ region, i }] : []));
  return conflicts.slice(0, SHOWN_MAX).map(({ region, i }) => {
    const before =
      textOfMerged(regions[i - 1])
        .split("\n")
        .at(-1) ?? "";
    const after = /\n$/.test(region.mine + region.theirs)
      ? ""
      : (textOfMerged(regions[i + 1]).split("\n")[0] ?? "");
    const around = (parts: Part[]) =>
      clipped(joined([{ kind: "kept", text: before }, ...parts, { kind: "kept", text: after }]));
    return { mine: around(sideOf(region, "mine")), theirs: around(sideOf(region, "theirs")) };
  });
}

function textOfMerged(region: Region | undefined): string {
  return region && !isConflict(region) ? region.merged : "";
}

/** Compares a side with the base. Without a base, compares it with the other side and leaves out what only that one has. */
function sideOf(conflict: Conflict, side: "mine" | "theirs"): Part[] {
  if (conflict.base !== "") return wordDifferences(conflict.base, conflict[side]);
  const other = conflict[side === "mine" ? "theirs" : "mine"];
  return wordDifferences(other, conflict[side]).filter(({ kind }) => kind !== "removed");
}

/** The parts of `text` in order, and between them what was removed of `before`. */
export function wordDifferences(before: string, text: string): Part[] {
  const isLong = Math.max(before.length, text.length) > COMPARED_MAX;
  const changes = isLong
    ? undefined
    : diffArrays(wordsOf(before), wordsOf(text), { maxEditLength: EDITS_MAX });
  if (!changes) return joined(replaced(before, text));
  const parts: Part[] = [];
  // The change since the last word that both have. Spaces between two changed words are part of it.
  let [removed, added] = ["", ""];
  changes.forEach((change, i) => {
    const value = change.value.join("");
    if (change.removed) removed += value;
    else if (change.added) added += value;
    else if (value.trim() === "" && removed + added !== "" && i < changes.length - 1) {
      removed += value;
      added += value;
    } else {
      parts.push(...replaced(removed, added), { kind: "kept", text: value });
      [removed, added] = ["", ""];
    }
  });
  return joined([...parts, ...replaced(removed, added)]);
}

// Firefox has it since 125.
const segmenter = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "word" }) : undefined;

function wordsOf(text: string): string[] {
  return segmenter ? Array.from(segmenter.segment(text), ({ segment }) => segment) : text.split(/\b|(?<=\s)/);
}

/** Leaves out what is far from a change, and the rest of long changes. */
function clipped(parts: readonly Part[]): Part[] {
  let left = CHANGED_MAX;
  return parts.flatMap(({ text, kind }, i): Part[] => {
    if (left <= 0) return [];
    if (kind === "kept") return [{ text: near(text, i > 0, i < parts.length - 1), kind }];
    const part = text.slice(0, left);
    left -= text.length;
    return [{ text: part.length < text.length ? `${part.toWellFormed()}…` : part, kind }];
  });
}

/** The words of an unchanged part that are near a change. */
function near(text: string, isAfter: boolean, isBefore: boolean): string {
  if (text.length <= (isAfter && isBefore ? 2 : 1) * AROUND_MAX) return text;
  const start = isAfter || !isBefore ? text.slice(0, AROUND_MAX).replace(/(\s)\S*$/, "$1") : "";
  const end = isBefore ? text.slice(-AROUND_MAX).replace(/^\S*(\s)/, "$1") : "";
  return `${start.toWellFormed()}…${end.toWellFormed()}`;
}
