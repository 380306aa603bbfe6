// Finds the prose of a Markdown text: all of it except code blocks and raw HTML blocks. It reads containers (quotes and list
// items) and the blocks in them as CommonMark does, a line at a time, so its time is linear in the length of the text.

/** Deeper containers are read as prose. This bounds the work for each line. */
const DEPTH_MAX = 50;
/** Columns of indentation that make code. */
const CODE_COLUMNS = 4;
const TAB_COLUMNS = 4;

const LINE = /[^\n\r]*/y;
const FENCE = /(`{3,})(?=[^`\n\r]*(?:[\n\r]|$))|~{3,}/y;
const HEADING = /#{1,6}(?=[ \t\n\r]|$)/y;
const THEMATIC_BREAK = /(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})(?=[\n\r]|$)/y;
const UNDERLINE = /(?:=+|-+)[ \t]*(?=[\n\r]|$)/y;
const MARKER = /(?:[-+*]|(\d{1,9})[.)])(?=[ \t\n\r]|$)/y;
const BLANK = /[ \t]*(?=[\n\r]|$)/y;
const RAW_ELEMENT = /<(?:script|pre|style|textarea)(?=[\s>]|$)/iy;
const RAW_ELEMENT_END = /<\/(?:script|pre|style|textarea)>/i;

/** How raw HTML that is no tag begins and ends. */
export const RAW: readonly (readonly [string, string])[] = [
  ["<!--", "-->"],
  ["<?", "?>"],
  ["<![CDATA[", "]]>"],
];

/** A container's content begins after a `>`, or at a column of the list item. */
type Container = "quote" | number;

/** A block of code or raw HTML, after its first line: whether a line is its last. */
type Verbatim = (line: Line) => boolean;

/** Calls `read` with each paragraph, heading or other run of prose, in order: its lines without the marks of their containers. */
export function eachProse(text: string, read: (prose: string) => void): void {
  const blocks = new Blocks(read);
  for (let start = 0; start <= text.length; ) {
    LINE.lastIndex = start;
    LINE.test(text);
    const end = LINE.lastIndex;
    blocks.add(new Line(text, start, end));
    start = end + (text.startsWith("\r\n", end) ? 2 : 1);
  }
  blocks.end();
}

/** A line that is read from left to right. */
class Line {
  readonly text: string;
  readonly end: number;
  at: number;
  /** A tab reaches to the next multiple of TAB_COLUMNS; a container may take a part of it. */
  column = 0;

  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.at = start;
    this.end = end;
  }

  /** Where the next character is that is no space, and how many columns away. */
  next(): { at: number; indent: number; isBlank: boolean } {
    let at = this.at;
    let column = this.column;
    for (; at < this.end; at++) {
      const char = this.text[at];
      if (char === " ") column++;
      else if (char === "\t") column += TAB_COLUMNS - (column % TAB_COLUMNS);
      else break;
    }
    return { at, indent: column - this.column, isBlank: at === this.end };
  }

  /** Takes columns of white space. */
  takeColumns(count: number): void {
    while (count > 0 && this.at < this.end) {
      const isTab = this.text[this.at] === "\t";
      const width = isTab ? TAB_COLUMNS - (this.column % TAB_COLUMNS) : 1;
      this.column += Math.min(width, count);
      if (width <= count) this.at++;
      count -= width;
    }
  }

  /** Takes white space, and the `length` characters after it. */
  takeMark(length: number): void {
    const { at, indent } = this.next();
    this.column += indent + length;
    this.at = at + length;
  }

  /** The match of a sticky pattern at `at`. */
  match(pattern: RegExp, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(this.text);
  }

  /** Takes what belongs to a container, if the line continues it. */
  continues(container: Container): boolean {
    const { at, indent, isBlank } = this.next();
    if (container === "quote") return indent < CODE_COLUMNS && this.text[at] === ">" && this.takeQuote();
    if (isBlank) return true;
    if (indent < container) return false;
    this.takeColumns(container);
    return true;
  }

  /** Takes `>` and the space after it. */
  takeQuote(): true {
    this.takeMark(1);
    if (/[ \t]/.test(this.text[this.at] ?? "")) this.takeColumns(1);
    return true;
  }
}

class Blocks {
  readonly #read: (prose: string) => void;
  readonly #containers: Container[] = [];
  #paragraph: string[] = [];
  #verbatim: Verbatim | undefined;

  constructor(read: (prose: string) => void) {
    this.#read = read;
  }

  add(line: Line): void {
    let matched = 0;
    for (const container of this.#containers) {
      if (!line.continues(container)) break;
      matched++;
    }
    const isInside = matched === this.#containers.length;
    if (this.#verbatim && isInside) {
      if (this.#verbatim(line)) this.#verbatim = undefined;
      return;
    }
    this.#verbatim = undefined;
    const depth = this.#open(line, matched, isInside);
    if (depth === undefined) return;
    const { at, isBlank } = line.next();
    // A line that continues a paragraph need not repeat the marks of its containers.
    const isLazy = this.#paragraph.length > 0 && !isBlank;
    if (!isLazy && depth < this.#containers.length) this.#close(depth);
    if (isBlank) this.end();
    else this.#paragraph.push(line.text.slice(at, line.end));
  }

  /** Ends the paragraph. */
  end(): void {
    if (this.#paragraph.length > 0) this.#read(this.#paragraph.join("\n"));
    this.#paragraph = [];
  }

  #close(matched: number): void {
    this.end();
    this.#containers.length = matched;
  }

  /**
   * Opens the containers that begin on the line, and the block in them if it is not a paragraph.
   * @returns how many containers the rest of the line is in; undefined if the line is done
   */
  #open(line: Line, matched: number, isInside: boolean): number | undefined {
    let depth = matched;
    for (let continues = isInside; ; continues = true) {
      const { at, indent, isBlank } = line.next();
      if (isBlank) return depth;
      const inParagraph = this.#paragraph.length > 0;
      if (indent >= CODE_COLUMNS) {
        if (inParagraph) return depth;
        this.#close(depth);
        return undefined;
      }
      if (this.#opensLeaf(line, at, depth, inParagraph && continues)) return undefined;
      const container = depth < DEPTH_MAX && containerAt(line, at, indent, inParagraph && continues);
      if (!container) return depth;
      this.#close(depth);
      this.#containers.push(container);
      depth++;
    }
  }

  /** Opens a block that is no paragraph, or reads it if it has one line only. */
  #opensLeaf(line: Line, at: number, depth: number, isInParagraph: boolean): boolean {
    const heading = line.match(HEADING, at);
    const isBreak =
      line.match(THEMATIC_BREAK, at) !== null || (isInParagraph && line.match(UNDERLINE, at) !== null);
    const verbatim = verbatimAt(line, at);
    if (!heading && !isBreak && !verbatim) return false;
    this.#close(depth);
    this.#verbatim = verbatim?.isLast;
    if (heading) this.#read(line.text.slice(at + heading[0].length, line.end));
    return true;
  }
}

/** Takes the mark of a container that begins at `at`. A list can't begin everywhere inside a paragraph. */
function containerAt(line: Line, at: number, indent: number, isInParagraph: boolean): Container | undefined {
  if (line.text[at] === ">") {
    line.takeQuote();
    return "quote";
  }
  const marker = line.match(MARKER, at);
  if (!marker) return undefined;
  const [mark, number = "1"] = marker;
  const isEmpty = line.match(BLANK, at + mark.length) !== null;
  if (isInParagraph && (isEmpty || Number(number) !== 1)) return undefined;
  line.takeMark(mark.length);
  const { indent: space } = line.next();
  const padding = isEmpty || space > CODE_COLUMNS ? 1 : space;
  line.takeColumns(padding);
  return indent + mark.length + padding;
}

/** The block of code or raw HTML that begins at `at`; `isLast` is left out if it has one line. */
function verbatimAt(line: Line, at: number): { isLast?: Verbatim } | undefined {
  const fence = line.match(FENCE, at);
  if (fence) return { isLast: (later) => closesFence(later, fence[1] ?? fence[0]) };
  if (line.text[at] !== "<") return undefined;
  const rest = line.text.slice(at, line.end);
  const [, rawEnd] = RAW.find(([start]) => rest.startsWith(start)) ?? [];
  // On one line, it is a part of a paragraph as well.
  if (rawEnd !== undefined)
    return rest.includes(rawEnd) ? undefined : { isLast: lineThat((rest) => rest.includes(rawEnd)) };
  if (!line.match(RAW_ELEMENT, at)) return undefined;
  return RAW_ELEMENT_END.test(rest) ? {} : { isLast: lineThat((rest) => RAW_ELEMENT_END.test(rest)) };
}

/** A line whose rest ends a block. */
function lineThat(ends: (rest: string) => boolean): Verbatim {
  return ({ text, at, end }) => ends(text.slice(at, end));
}

function closesFence(line: Line, fence: string): boolean {
  const { at, indent } = line.next();
  if (indent >= CODE_COLUMNS || !line.text.startsWith(fence, at)) return false;
  let end = at;
  while (line.text[end] === fence[0]) end++;
  return line.match(BLANK, end) !== null;
}
