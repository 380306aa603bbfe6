// What a note's text mentions: tags (`#garden`), and other notes by links (`[Bread](/notes/<id>)`). Code, raw HTML and
// addresses mention nothing. Its time is linear in the length of the text: each search for an end either succeeds and is jumped
// over, or is remembered as hopeless.
import { noteAt } from "./note-address.ts";
import { eachProse, RAW } from "./prose.ts";
import { TAG_PATTERN, tagName } from "./tag.ts";

/** Different tags, and different links, of one note. The ones after them are text. */
export const TAGS_MAX = 100;
export const LINKS_MAX = 200;

export interface Mentions {
  /** Names of tags, without `#`, in Unicode's normal form C and in lower case. Each once, in the order of the text. */
  tags: string[];
  /** Ids of notes, in lower case. Each once, in the order of the text. */
  links: string[];
}

/** The tags and links of a Markdown text. */
export function mentionsIn(text: string): Mentions {
  const found: Found = { tags: new Set(), links: new Set() };
  if (text.includes("#") || text.includes("/notes/")) {
    eachProse(text, (prose) => new Prose(prose, found).read());
  }
  return { tags: [...found.tags].slice(0, TAGS_MAX), links: [...found.links].slice(0, LINKS_MAX) };
}

interface Found {
  tags: Set<string>;
  links: Set<string>;
}

const TAG = new RegExp(String.raw`(?<![\p{L}\p{M}\p{Nd}&/#])#(${TAG_PATTERN})`, "uy");

/** What may begin something that is more than text. */
const SPECIAL = /[\\`<[\]]|#+|(?<=[A-Za-z0-9]):\/\/|\bwww\./g;
const ESCAPE = /\\[!-/:-@[-`{-~]/y;
const ADDRESS_END = /[\s<]|$/g;
const ADDRESS_END_IN_BRACKETS = /[\s<\]]|$/g;
const AUTOLINK = /<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>/y;
const TAG_OPENS = /<\/?[A-Za-z][A-Za-z0-9-]*/y;
const TAG_CLOSES = /\s*\/?>/y;
/** A quoted value without `<`, so that no two tags search for the same quote. */
const ATTRIBUTE = /\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^'<]*'|"[^"<]*"))?/y;
const DESTINATION_IN_ANGLES = /<((?:[^<>\n\\]|\\.)*)>/y;
const TITLE = /\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))/sy;
const SPACE = /\s*/y;
/** CommonMark asks for three levels at least. */
const PARENTHESES_MAX = 32;

/** A paragraph, or another run of prose. */
class Prose {
  readonly #text: string;
  readonly #found: Found;
  /** Where the brackets stand that are open. */
  readonly #brackets: number[] = [];
  readonly #runs: BacktickRuns;
  /** What was not found: a later search would not find it either. */
  readonly #hopeless = new Set<string>();

  constructor(text: string, found: Found) {
    this.#text = text;
    this.#found = found;
    this.#runs = new BacktickRuns(text);
  }

  read(): void {
    const special = new RegExp(SPECIAL);
    for (let match = special.exec(this.#text); match; match = special.exec(this.#text)) {
      special.lastIndex = this.#after(match[0], match.index);
    }
  }

  /** Reads what begins at `at` with `special`; several `#` are no tag. @returns where reading goes on */
  #after(special: string, at: number): number {
    switch (special) {
      case "\\":
        return this.#match(ESCAPE, at) ?? at + 1;
      case "`":
        return this.#runs.endOfCode(at);
      case "<":
        return this.#endOfHtml(at) ?? at + 1;
      case "[":
        this.#brackets.push(at);
        return at + 1;
      case "]":
        return this.#afterBrackets(at);
      case "#":
        return this.#tag(at);
    }
    const end = at + special.length;
    return special.startsWith("#") ? end : this.#endOfAddress(end);
  }

  #tag(at: number): number {
    TAG.lastIndex = at;
    const [whole, written = ""] = TAG.exec(this.#text) ?? ["#"];
    let length = written.length;
    while (/[-/]/.test(written[length - 1] ?? "")) length--;
    const name = tagName(written.slice(0, length));
    if (name !== undefined) this.#found.tags.add(name);
    return at + whole.length;
  }

  #endOfAddress(at: number): number {
    const end = this.#brackets.length > 0 ? ADDRESS_END_IN_BRACKETS : ADDRESS_END;
    end.lastIndex = at;
    return end.exec(this.#text)?.index ?? at;
  }

  /** The end of the autolink, tag or comment that begins at `at`. */
  #endOfHtml(at: number): number | undefined {
    const raw = RAW.find(([start]) => this.#text.startsWith(start, at));
    // `<!-->` is a whole comment.
    if (raw) return this.#endAfter(raw[1], at + 2);
    const autolink = this.#match(AUTOLINK, at);
    if (autolink !== undefined) return autolink;
    let end = this.#match(TAG_OPENS, at);
    for (let next = end; next !== undefined; next = this.#match(ATTRIBUTE, next)) end = next;
    return end && this.#match(TAG_CLOSES, end);
  }

  /** Reads a link's destination after the `]` at `at`: `](/notes/…)`, or `[name]: /notes/…` at the beginning of a line. */
  #afterBrackets(at: number): number {
    const open = this.#brackets.pop();
    if (open === undefined) return at + 1;
    const next = this.#text[at + 1];
    const isDefinition = next === ":" && this.#text[open + 1] !== "^" && this.#beginsLine(open);
    if (next !== "(" && !isDefinition) return at + 1;
    const destination = this.#destination(this.#match(SPACE, at + 2) ?? at + 2);
    if (!destination) return at + 1;
    let { end } = destination;
    if (!isDefinition) {
      end = this.#match(TITLE, end) ?? end;
      end = this.#match(SPACE, end) ?? end;
      if (this.#text[end] !== ")") return at + 1;
      end++;
    }
    const id = noteAt(destination.written);
    if (id !== undefined) this.#found.links.add(id);
    return end;
  }

  #beginsLine(at: number): boolean {
    return at === 0 || this.#text[at - 1] === "\n";
  }

  #destination(at: number): { written: string; end: number } | undefined {
    if (this.#text[at] === "<") {
      const end = this.#match(DESTINATION_IN_ANGLES, at);
      return end === undefined ? undefined : { written: this.#text.slice(at + 1, end - 1), end };
    }
    let open = 0;
    let end = at;
    for (; end < this.#text.length; end++) {
      const char = this.#text[end] ?? "";
      if (char <= " ") break;
      if (char === "\\" && (this.#text[end + 1] ?? "") > " ") end++;
      else if (char === "(" && ++open > PARENTHESES_MAX) return undefined;
      else if (char === ")" && --open < 0) break;
    }
    return open > 0 ? undefined : { written: this.#text.slice(at, end), end };
  }

  /** The end of a sticky pattern's match at `at`. */
  #match(pattern: RegExp, at: number): number | undefined {
    pattern.lastIndex = at;
    return pattern.test(this.#text) ? pattern.lastIndex : undefined;
  }

  /** The end of the next `what`. */
  #endAfter(what: string, from: number): number | undefined {
    if (this.#hopeless.has(what)) return undefined;
    const at = this.#text.indexOf(what, from);
    if (at >= 0) return at + what.length;
    this.#hopeless.add(what);
    return undefined;
  }
}

/** The runs of backticks in a text. A run is closed by the next one of the same length. */
class BacktickRuns {
  readonly #text: string;
  /** The beginnings of the runs of each length, the last one first. */
  #starts: Map<number, number[]> | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The end of the code that begins at `at`, or of its backticks if nothing closes them. Asked for in their order. */
  endOfCode(at: number): number {
    let end = at;
    while (this.#text[end] === "`") end++;
    const length = end - at;
    this.#starts ??= this.#all();
    const starts = this.#starts.get(length) ?? [];
    while (starts.length > 0 && (starts.at(-1) ?? 0) < end) starts.pop();
    const close = starts.at(-1);
    return close === undefined ? end : close + length;
  }

  #all(): Map<number, number[]> {
    const starts = new Map<number, number[]>();
    for (const { 0: run, index } of this.#text.matchAll(/`+/g)) {
      const same = starts.get(run.length);
      if (same) same.push(index);
      else starts.set(run.length, [index]);
    }
    for (const same of starts.values()) same.reverse();
    return starts;
  }
}
