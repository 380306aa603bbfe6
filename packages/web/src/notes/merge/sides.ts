// What a person sees of conflicts: both sides of each, with the words that they changed, and some words around them.
import { diffArrays } from "diff";
import { type Conflict, isConflict, type Merge, type Region } from "./regions.ts";

/** Words that both sides have, or that a side added or removed. */
export interface Part {
  text: string;
  kind: "same" | "added" | "removed";
}

/** A conflict as it is shown. */
export interface Sides {
  mine: Part[];
  theirs: Part[];
}

/** As many conflicts are shown; what is chosen counts for all of them. */
const SHOWN_MAX = 20;
/** How much of a text is compared by word, and how much of it is shown around changes and of changes. In UTF-16 units. */
const COMPARED_MAX = 16 * 1024;
const AROUND_MAX = 60;
const CHANGED_MAX = 2000;
/** Words removed and added. Beyond that, a side is shown as changed in whole. */
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
      clipped([{ text: before, kind: "same" }, ...parts, { text: after, kind: "same" }]);
    return { mine: around(sideOf(region, "mine")), theirs: around(sideOf(region, "theirs")) };
  });
}

function textOfMerged(region: Region | undefined): string {
  return region && !isConflict(region) ? region.merged : "";
}

/** A side against what both began from; where that is empty or gone, against the other side, without what that has. */
function sideOf(conflict: Conflict, side: "mine" | "theirs"): Part[] {
  if (conflict.base !== "") return wordDifferences(conflict.base, conflict[side]);
  const other = conflict[side === "mine" ? "theirs" : "mine"];
  return wordDifferences(other, conflict[side]).filter(({ kind }) => kind !== "removed");
}

/** `text` in parts, in order, with those that it lacks of `before`. */
export function wordDifferences(before: string, text: string): Part[] {
  const isLong = Math.max(before.length, text.length) > COMPARED_MAX;
  const changes = isLong
    ? undefined
    : diffArrays(wordsOf(before), wordsOf(text), { maxEditLength: EDITS_MAX });
  if (!changes) return partsOf(before, text);
  const parts: Part[] = [];
  // What changed since the last word that both have. Spaces between two changed words belong to the change.
  let [removed, added] = ["", ""];
  changes.forEach((change, i) => {
    const value = change.value.join("");
    if (change.removed) removed += value;
    else if (change.added) added += value;
    else if (value.trim() === "" && removed + added !== "" && i < changes.length - 1) {
      removed += value;
      added += value;
    } else {
      parts.push(...partsOf(removed, added), { text: value, kind: "same" });
      [removed, added] = ["", ""];
    }
  });
  return [...parts, ...partsOf(removed, added)];
}

function partsOf(removed: string, added: string): Part[] {
  const parts: Part[] = [
    { text: removed, kind: "removed" },
    { text: added, kind: "added" },
  ];
  return parts.filter(({ text }) => text !== "");
}

// Firefox has it since 125.
const segmenter = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "word" }) : undefined;

function wordsOf(text: string): string[] {
  return segmenter ? Array.from(segmenter.segment(text), ({ segment }) => segment) : text.split(/\b|(?<=\s)/);
}

/** Only what is near a change, and a part of long changes. */
function clipped(parts: readonly Part[]): Part[] {
  const shown = withoutSeams(parts);
  let left = CHANGED_MAX;
  return shown.flatMap(({ text, kind }, i): Part[] => {
    if (left <= 0) return [];
    if (kind === "same") return [{ text: near(text, i > 0, i < shown.length - 1), kind }];
    const part = text.slice(0, left);
    left -= text.length;
    return [{ text: part.length < text.length ? `${part.toWellFormed()}…` : part, kind }];
  });
}

/** Without empty parts, and neighbours that both sides have as one. */
function withoutSeams(parts: readonly Part[]): Part[] {
  const all: Part[] = [];
  for (const { text, kind } of parts) {
    const last = all.at(-1);
    if (text === "") continue;
    if (kind === "same" && last?.kind === "same") last.text += text;
    else all.push({ text, kind });
  }
  return all;
}

/** Some words after the change before, and before the change that follows. */
function near(text: string, isAfter: boolean, isBefore: boolean): string {
  if (text.length <= (isAfter && isBefore ? 2 : 1) * AROUND_MAX) return text;
  const start = isAfter || !isBefore ? text.slice(0, AROUND_MAX).replace(/(\s)\S*$/, "$1") : "";
  const end = isBefore ? text.slice(-AROUND_MAX).replace(/^\S*(\s)/, "$1") : "";
  return `${start.toWellFormed()}…${end.toWellFormed()}`;
}
