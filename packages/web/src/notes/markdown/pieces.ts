// Divides a note's blocks into pieces, each of which a page can show in one short task. A list, quote or table that is too long
// for one piece is shown in parts.
import type { MarkedToken, Token, Tokens } from "marked";

/** Length of a piece's source in UTF-16 units. A piece ends with a block, so it can be longer. */
const PIECE_LENGTH = 32 * 1024;
/** Tokens in a piece. A browser takes 5 to 10 µs for each, to sanitise it and to lay it out. */
const PIECE_TOKENS = 4000;
/** Tokens in a block that is shown whole. */
const BLOCK_TOKENS_MAX = 20_000;

/** Which part of a longer block a piece is. */
export type Part = "first" | "next";

export interface Blocks {
  tokens: Token[];
  part?: Part;
}

/** @throws RangeError if a block is too long and has no parts */
export function piecesOf(tokens: readonly Token[]): Blocks[] {
  const pieces: Blocks[] = [];
  let blocks: Token[] = [];
  let length = 0;
  let count = 0;
  function end(): void {
    if (blocks.length > 0) pieces.push({ tokens: blocks });
    blocks = [];
    length = 0;
    count = 0;
  }
  for (const token of tokens) {
    const parts = partsOf(token);
    if (parts.length > 1) {
      end();
      for (const [i, part] of parts.entries())
        pieces.push({ tokens: [part], part: i === 0 ? "first" : "next" });
      continue;
    }
    blocks.push(token);
    length += token.raw.length;
    count += tokensIn(token);
    if (length >= PIECE_LENGTH || count >= PIECE_TOKENS) end();
  }
  end();
  return pieces;
}

/** The block, or blocks that show the same and are each short enough. */
function partsOf(block: Token): Token[] {
  if (tokensIn(block) <= BLOCK_TOKENS_MAX) return [block];
  const token = block as MarkedToken;
  if (token.type === "list") return partsOfList(token);
  if (token.type === "blockquote")
    return chunks(token.tokens.flatMap(partsOf), tokensIn).map((tokens) => ({ ...token, tokens }));
  // Each part has the header.
  if (token.type === "table" && tokensInRow(token.header) <= PIECE_TOKENS)
    return chunks(token.rows, tokensInRow).map((rows) => ({ ...token, rows }));
  throw new RangeError("A block is too long");
}

function partsOfList(list: Tokens.List): Tokens.List[] {
  let shown = 0;
  return chunks(list.items, tokensIn).map((items) => {
    const start = list.start === "" ? list.start : list.start + shown;
    shown += items.length;
    return { ...list, items, start };
  });
}

/** Groups of consecutive items that are short enough for a piece each. */
function chunks<T>(items: readonly T[], tokensIn: (item: T) => number): T[][] {
  const groups: T[][] = [];
  let count = PIECE_TOKENS;
  for (const item of items) {
    const tokens = tokensIn(item);
    if (tokens > BLOCK_TOKENS_MAX) throw new RangeError("A part of a block is too long");
    if (count >= PIECE_TOKENS) {
      groups.push([]);
      count = 0;
    }
    groups.at(-1)?.push(item);
    count += tokens;
  }
  return groups;
}

/** The tokens in a token, and itself. */
function tokensIn(token: Token): number {
  if (token.type === "table")
    return [token.header, ...token.rows].reduce((count, row) => count + tokensInRow(row), 1);
  const inside: Token[] = token.type === "list" ? token.items : "tokens" in token ? (token.tokens ?? []) : [];
  return inside.reduce((count, child) => count + tokensIn(child), 1);
}

function tokensInRow(row: readonly Tokens.TableCell[]): number {
  return row
    .flatMap(({ tokens }) => tokens)
    .reduce((count, token) => count + tokensIn(token), row.length + 1);
}
