// Merges two texts that began from the same one: by line, and by sentence in lines that both sides changed. It finds the difference
// of each side from the base, and joins the two (diff3). A change that only one side made stands. A change that both made stands once.
// What both changed in different ways is a conflict. The package `diff` has been maintained by its author since 2009.
import { diffArrays } from "diff";
import { sharedEnds } from "../shared-ends.ts";
import { type Conflict, isConflict, type Merge, type Merged, type Region } from "./regions.ts";

/** How many lines or sentences one side may delete and insert. To find the difference takes seconds beyond that. */
const EDITS_MAX = 2000;

/** @param base what both began from */
export function merge(base: string, mine: string, theirs: string): Merge {
  const { lines, lineEnd } = linesOf(base, mine, theirs);
  const chunks = joined(...lines);
  if (!chunks) return wholeConflict(base, mine, theirs);
  return { regions: coalesced(chunks.flatMap(regionsOf)), lineEnd };
}

/**
 * For texts without a common base, or with too many changes: only their common beginning and end is merged.
 * @param base undefined if it is gone
 */
export function wholeConflict(base: string | undefined, mine: string, theirs: string): Merge {
  const { lines, lineEnd } = linesOf(base ?? mine, mine, theirs);
  const [known, ...sides] = lines;
  const chunks = trimmed(...sides, (mine, theirs) => [
    { base: base === undefined ? [] : known, mine, theirs, isPaired: false },
  ]);
  return { regions: coalesced(chunks.map(regionOf)), lineEnd };
}

// --- lines ----------------------------------------------------------------------------------------------------------

type Three<T> = [base: T, mine: T, theirs: T];

/** The lines of the texts without their ends. The kind of line end is merged separately. */
function linesOf(...texts: Three<string>): { lines: Three<string[]>; lineEnd: "\n" | "\r\n" } {
  const ends = texts.map(lineEndOf);
  if (ends.includes("mixed")) return { lines: split(texts, "\n"), lineEnd: "\n" };
  const [base, mine = base, theirs = base] = ends as Three<"\n" | "\r\n" | undefined>;
  const isCrlf = mine === theirs ? mine === "\r\n" : [mine, theirs].includes("\r\n") && base !== "\r\n";
  return { lines: split(texts, /\r?\n/), lineEnd: isCrlf ? "\r\n" : "\n" };
}

function split([base, mine, theirs]: Three<string>, at: string | RegExp): Three<string[]> {
  return [base.split(at), mine.split(at), theirs.split(at)];
}

function lineEndOf(text: string): "\n" | "\r\n" | "mixed" | undefined {
  if (!text.includes("\n")) return undefined;
  if (!text.includes("\r\n")) return "\n";
  return /(?<!\r)\n/.test(text) ? "mixed" : "\r\n";
}

// --- joining two differences ------------------------------------------------------------------------------------------

/** Merged units (lines or sentences) with those that mine has instead, or units that both sides changed. */
type Chunk =
  | { merged: readonly string[]; mine: readonly string[] }
  | {
      base: readonly string[];
      mine: readonly string[];
      theirs: readonly string[];
      /** Whether both sides have exactly one unit for each of the base, in the same order. */
      isPaired: boolean;
    };

/** A change of one side. The units `from` to `to` of the base became its units `sideFrom` to `sideTo`. */
interface Hunk {
  from: number;
  to: number;
  sideFrom: number;
  sideTo: number;
}

/** @returns undefined if a side has too many changes */
function joined(...units: Three<readonly string[]>): Chunk[] | undefined {
  const start = sharedStart(units);
  const end = sharedEnd(units, start);
  const [base, mine, theirs] = units.map((all) => all.slice(start, all.length - end)) as Three<string[]>;
  const ours = hunksOf(base, mine);
  const others = ours && hunksOf(base, theirs);
  if (!others) return undefined;

  const chunks: Chunk[] = [same(units[0].slice(0, start))];
  let at = 0;
  for (const group of groupsOf(ours, others)) {
    chunks.push(same(base.slice(at, group.from)));
    const sides: Three<string[]> = [
      base.slice(group.from, group.to),
      sideOf(mine, base, group, group.ours),
      sideOf(theirs, base, group, group.others),
    ];
    const isPaired = [...group.ours, ...group.others].every((hunk) => growth(hunk) === 0);
    chunks.push(...(isPaired && isTwice(sides) ? [{ ...threeOf(sides), isPaired }] : decided(...sides)));
    at = group.to;
  }
  chunks.push(same(base.slice(at)), same(units[0].slice(units[0].length - end)));
  return chunks;
}

function same(units: readonly string[]): Chunk {
  return { merged: units, mine: units };
}

function threeOf<T>([base, mine, theirs]: Three<T>): { base: T; mine: T; theirs: T } {
  return { base, mine, theirs };
}

function sharedStart([base, mine, theirs]: Three<readonly string[]>): number {
  let start = 0;
  while (start < base.length && base[start] === mine[start] && base[start] === theirs[start]) start++;
  return start;
}

function sharedEnd([base, mine, theirs]: Three<readonly string[]>, start: number): number {
  const most = Math.min(base.length, mine.length, theirs.length) - start;
  let end = 0;
  while (end < most && base.at(-1 - end) === mine.at(-1 - end) && base.at(-1 - end) === theirs.at(-1 - end))
    end++;
  return end;
}

function hunksOf(base: readonly string[], side: readonly string[]): Hunk[] | undefined {
  const changes = diffArrays([...base], [...side], { maxEditLength: EDITS_MAX });
  if (!changes) return undefined;
  const hunks: Hunk[] = [];
  let [at, sideAt] = [0, 0];
  for (const { count, added, removed } of changes) {
    const [from, sideFrom] = [at, sideAt];
    if (!added) at += count;
    if (!removed) sideAt += count;
    if (!added && !removed) continue;
    const last = hunks.at(-1);
    if (last?.to === from && last.sideTo === sideFrom) Object.assign(last, { to: at, sideTo: sideAt });
    else hunks.push({ from, to: at, sideFrom, sideTo: sideAt });
  }
  return hunks;
}

function growth({ from, to, sideFrom, sideTo }: Hunk): number {
  return sideTo - sideFrom - (to - from);
}

/**
 * Whether a change of mine and one of theirs exclude each other: they overlap, or they add something at the same position, where
 * either could come first.
 */
function clash(one: Hunk, other: Hunk): boolean {
  if (one.from < other.to && other.from < one.to) return true;
  const touch = one.from === other.to || other.from === one.to;
  return touch && growth(one) > 0 && growth(other) > 0;
}

/** Changes of both sides that must be decided together. */
interface Group {
  from: number;
  to: number;
  ours: Hunk[];
  others: Hunk[];
}

function groupsOf(ours: readonly Hunk[], others: readonly Hunk[]): Group[] {
  const all = [
    ...ours.map((hunk) => ({ hunk, isOurs: true })),
    ...others.map((hunk) => ({ hunk, isOurs: false })),
  ].sort((a, b) => a.hunk.from - b.hunk.from || a.hunk.to - b.hunk.to);
  const groups: Group[] = [];
  for (const { hunk, isOurs } of all) {
    const last = groups.at(-1);
    const isIn = last && (isOurs ? last.others : last.ours).some((other) => clash(hunk, other));
    const group = isIn ? last : { from: hunk.from, to: hunk.to, ours: [], others: [] };
    if (!isIn) groups.push(group);
    group.to = Math.max(group.to, hunk.to);
    (isOurs ? group.ours : group.others).push(hunk);
  }
  return groups;
}

/** What a side has instead of the group's units of base. */
function sideOf(
  side: readonly string[],
  base: readonly string[],
  group: Group,
  hunks: readonly Hunk[],
): string[] {
  const [first, last] = [hunks[0], hunks.at(-1)];
  if (!first || !last) return base.slice(group.from, group.to);
  return side.slice(first.sideFrom - (first.from - group.from), last.sideTo + (group.to - last.to));
}

function isTwice([base, mine, theirs]: Three<readonly string[]>): boolean {
  return !equal(mine, theirs) && !equal(base, mine) && !equal(base, theirs);
}

/** Decides a group. Changes that both sides made stand once, and so do the beginning and the end that their changes have in common. */
function decided(base: readonly string[], mine: readonly string[], theirs: readonly string[]): Chunk[] {
  const rest = (mine: readonly string[], theirs: readonly string[]): Chunk[] => {
    if (equal(base, mine)) return [{ merged: theirs, mine }];
    if (equal(base, theirs) || equal(mine, theirs)) return [same(mine)];
    return [{ base, mine, theirs, isPaired: false }];
  };
  return isTwice([base, mine, theirs]) ? trimmed(mine, theirs, rest) : rest(mine, theirs);
}

/** Merges the beginning and the end that two sides have in common. `rest` decides what is between. */
function trimmed(
  mine: readonly string[],
  theirs: readonly string[],
  rest: (mine: readonly string[], theirs: readonly string[]) => Chunk[],
): Chunk[] {
  if (equal(mine, theirs)) return [same(mine)];
  const { start, end } = sharedEnds(mine, theirs);
  const middle = (units: readonly string[]) => units.slice(start, units.length - end);
  return [
    same(mine.slice(0, start)),
    ...rest(middle(mine), middle(theirs)),
    same(mine.slice(mine.length - end)),
  ];
}

function equal(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one, i) => one === others[i]);
}

// --- sentences --------------------------------------------------------------------------------------------------------

/** Makes regions of lines. Lines that both sides changed are merged by sentence. */
function regionsOf(chunk: Chunk): Region[] {
  if ("merged" in chunk || !chunk.isPaired) return [regionOf(chunk)];
  return chunk.base.flatMap((base, i) => mergedLine(base, chunk.mine[i] ?? "", chunk.theirs[i] ?? ""));
}

function regionOf(chunk: Chunk): Region {
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  if ("merged" in chunk) return { merged: text(chunk.merged), mine: text(chunk.mine) };
  return { base: text(chunk.base), mine: text(chunk.mine), theirs: text(chunk.theirs) };
}

function mergedLine(...line: Three<string>): Region[] {
  const [base, mine, theirs] = line;
  const whole = decided([base], [mine], [theirs]);
  if (whole.every((chunk) => "merged" in chunk)) return whole.map(regionOf);
  const chunks = joined(sentencesIn(base), sentencesIn(mine), sentencesIn(theirs))?.filter(
    (chunk) => chunk.mine.length > 0 || !("merged" in chunk) || chunk.merged.length > 0,
  );
  // If the sentences have nothing but spaces in common, the whole line is the conflict.
  const sharesWords = chunks?.some((chunk) => "merged" in chunk && chunk.merged.join("").trim() !== "");
  if (!chunks || !sharesWords) return whole.map(regionOf);
  const text = (sentences: readonly string[]) => sentences.join("");
  return [
    ...chunks.map((chunk) =>
      "merged" in chunk
        ? { merged: text(chunk.merged), mine: text(chunk.mine) }
        : { base: text(chunk.base), mine: text(chunk.mine), theirs: text(chunk.theirs) },
    ),
    { merged: "\n", mine: "\n" },
  ];
}

// Firefox has it since 125.
const segmenter =
  "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "sentence" }) : undefined;

/** The sentences of a line, and the spaces between them. */
function sentencesIn(line: string): string[] {
  const sentences = segmenter
    ? Array.from(segmenter.segment(line), ({ segment }) => segment)
    : (line.match(/[^.!?。！？]*[.!?。！？]*\s*/g) ?? []);
  return sentences.flatMap((sentence) => {
    const words = sentence.trimEnd();
    return [words, sentence.slice(words.length)].filter((part) => part !== "");
  });
}

/** Joins neighbours: regions that are unchanged in mine, and conflicts of whole lines. */
function coalesced(regions: readonly Region[]): Region[] {
  const all: Region[] = [];
  for (const region of regions) {
    const last = all.at(-1);
    if (region.mine === "" && !isConflict(region) && region.merged === "") continue;
    if (last && isConflict(last) && isConflict(region) && isOfLines(last) && isOfLines(region)) {
      all[all.length - 1] = {
        base: last.base + region.base,
        mine: last.mine + region.mine,
        theirs: last.theirs + region.theirs,
      };
    } else if (last && !isConflict(last) && !isConflict(region) && isUnchanged(last) && isUnchanged(region)) {
      const text = last.mine + region.mine;
      all[all.length - 1] = { merged: text, mine: text };
    } else all.push(region);
  }
  return all;
}

function isUnchanged({ merged, mine }: Merged): boolean {
  return merged === mine;
}

function isOfLines({ base, mine, theirs }: Conflict): boolean {
  return [base, mine, theirs].every((text) => text === "" || text.endsWith("\n"));
}
