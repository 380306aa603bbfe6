// Turns a statement with named parameters into one with numbered ones. It knows just enough of PostgreSQL's lexical
// rules to tell a parameter from text that looks like one, and refuses what AWS's parser corrupts [live].
// https://www.postgresql.org/docs/18/sql-syntax-lexical.html
import { isDeepStrictEqual } from "node:util";
import { DataApiError } from "../errors.ts";

export interface Statement {
  /** The statement as PostgreSQL receives it, `$1` for the first occurrence of any parameter. */
  sql: string;
  /**
   * The name at each occurrence: `$n` is `occurrences[n - 1]`. Each occurrence is bound separately [live]. None for an
   * array slice, whose second bound AWS takes for a parameter: PostgreSQL refuses the statement before it binds [live].
   */
  occurrences: string[];
}

// One token each. Unterminated ones run to the end: PostgreSQL then says what is wrong.
/** Whatever is not ASCII may stand in a name, be it a letter or not: PostgreSQL looks at bytes. */
const WORD = /[A-Za-z_\u{80}-\u{10ffff}][\w$\u{80}-\u{10ffff}]*/uy;
const NUMBER = /\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?|\.\d[\d_]*(?:[eE][+-]?\d+)?/y;
const STRING = /'[^']*(?:''[^']*)*'?/y;
const ESCAPE_STRING = /'[^'\\]*(?:(?:''|\\[\s\S]?)[^'\\]*)*'?/y;
/** Strings separated by a line break are one, and keep the escapes of the first. */
const CONTINUATION = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*(?=')/y;
const QUOTED_IDENTIFIER = /"[^"]*(?:""[^"]*)*"?/y;
const LINE_COMMENT = /--[^\n\r]*/y;
const COMMENT_EDGE = /\/\*|\*\//g;
const SPACE = /[ \t\n\r\f\v]+/y;
/** A cast, or the name of an argument. */
const NO_PARAMETER = /:[:=]/y;
const PARAMETER = /:([\p{L}\p{M}\p{N}_]+)/uy;
const POSITIONAL = /\$\d+/y;
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u{80}-\u{10ffff}][\w\u{80}-\u{10ffff}]*)?\$/uy;
const IN_NAME = /[\w$\u{80}-\u{10ffff}]/u;

/** Words after which an expression begins, so that `[` word `:x` is a parameter and not a slice. */
const BEFORE_EXPRESSION = new Set(
  "all and any as between by case distinct else escape except from having ilike in intersect is like limit not offset on or select similar some symmetric then to union using values when where zone".split(
    " ",
  ),
);

const CREATE_ROUTINE = /^create (?:or replace )?(?:function|procedure)\b/;

/**
 * @throws DataApiError ValidationException for several statements, none, dollar quotes that AWS would misread, slices
 *   without an upper bound, COPY of files, U+0000, and `$1` beside named parameters; DatabaseErrorException for COPY over
 *   the connection.
 */
export function parseStatement(source: string): Statement {
  return new Parser(source).parse();
}

/** Reads a statement once, token by token, and writes it anew around its parameters. */
class Parser {
  readonly #source: string;
  #at = 0;
  #sql = "";
  /** Everything before this place is in `#sql`. */
  #copied = 0;
  readonly #occurrences: string[] = [];
  /** Where each of them begins in the source. */
  readonly #places: number[] = [];
  #dollarQuoted = false;
  /** Whether the source itself has a `$1`. */
  #positional = false;
  /** The open brackets, the innermost last. */
  readonly #brackets: string[] = [];
  /** Whether what came last can be the lower bound of a slice. */
  #afterOperand = false;
  /** The first four words, in lower case: they say what kind of statement this is. */
  readonly #firstWords: string[] = [];
  /** Whether a parameter stands where only the second bound of a slice can: PostgreSQL parses no such statement. */
  #sliced = false;
  /** Of COPY: which way it goes, and whether over the connection. */
  #copyTo: "CopyInResponse" | "CopyOutResponse" | undefined;
  #copiesOverConnection = false;
  /** How many of `begin atomic` and `case` are open in the body of a function. */
  #bodyDepth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Statement {
    // It would end the statement in PostgreSQL's protocol, and what follows would be read as something else.
    if (this.#source.includes("\0")) throw invalid("The SQL statement has a U+0000, which no text can hold.");
    let empty = true;
    let ended = false;
    while (this.#at < this.#source.length) {
      if (this.#skipBlank()) continue;
      if (this.#source.charAt(this.#at) === ";") {
        // Commands of a rule stand in parentheses, those of a function in its body: they are parts of one statement.
        ended ||= this.#brackets.length === 0 && this.#bodyDepth === 0;
        this.#at++;
        continue;
      }
      if (ended) throw invalid("Multistatements aren't supported.");
      empty = false;
      this.#token();
    }
    if (empty) throw invalid("The SQL statement is empty.");
    // Alone, `$1` is PostgreSQL's to refuse (08P01): PREPARE and the body of a function may have it.
    if (this.#positional && this.#occurrences.length > 0) {
      throw invalid(
        "$1 isn't supported beside named parameters: each of these becomes such a number itself.",
      );
    }
    if (this.#dollarQuoted) this.#checkDollarQuotes();
    if (this.#firstWords[0] === "copy") throw this.#copyRefused();
    const sql = this.#sql + this.#source.slice(this.#copied);
    return { sql, occurrences: this.#sliced ? [] : this.#occurrences };
  }

  /** White space and comments. */
  #skipBlank(): boolean {
    if (this.#skip(SPACE) || this.#skip(LINE_COMMENT)) return true;
    if (!this.#source.startsWith("/*", this.#at)) return false;
    this.#at = endOfComment(this.#source, this.#at);
    return true;
  }

  #token(): void {
    const character = this.#source.charAt(this.#at);
    if (character === ":") this.#colon();
    else if (character === "$") this.#dollar();
    else if (this.#skip(STRING) || this.#skip(QUOTED_IDENTIFIER) || this.#skip(NUMBER))
      this.#afterOperand = true;
    else if (!this.#word()) this.#punctuation(character);
  }

  /** A parameter, a cast, `:=`, or what can only be the colon of a slice. */
  #colon(): void {
    const start = this.#at;
    if (this.#skip(NO_PARAMETER)) {
      this.#afterOperand = false;
      return;
    }
    const [whole = ":", name] = this.#match(PARAMETER) ?? [];
    if (this.#brackets.at(-1) === "[") {
      if (name === undefined) {
        throw invalid("Array slices aren't supported: the Data API looks for a parameter behind the colon.");
      }
      this.#sliced ||= this.#afterOperand;
    }
    this.#at += whole.length;
    this.#afterOperand = name !== undefined;
    if (name === undefined) return;
    this.#occurrences.push(name);
    this.#places.push(start);
    // Next to what a name is made of, `$1` would become part of that name.
    const before = IN_NAME.test(this.#source.charAt(start - 1)) ? " " : "";
    const after = IN_NAME.test(this.#source.charAt(this.#at)) ? " " : "";
    this.#sql += `${this.#source.slice(this.#copied, start)}${before}$${this.#occurrences.length}${after}`;
    this.#copied = this.#at;
  }

  #dollar(): void {
    const [tag] = this.#match(DOLLAR_QUOTE) ?? [];
    const [number] = this.#match(POSITIONAL) ?? [];
    if (tag !== undefined) {
      const end = this.#source.indexOf(tag, this.#at + tag.length);
      this.#at = end === -1 ? this.#source.length : end + tag.length;
      this.#dollarQuoted = true;
    } else {
      this.#at += number?.length ?? 1;
      this.#positional ||= number !== undefined;
    }
    this.#afterOperand = (tag ?? number) !== undefined;
  }

  /**
   * AWS reads what is inside a dollar quote as SQL: it puts `$1` there for a `:name`, and takes a quote or a comment that
   * opens there to go on behind it [live for the first; the second follows]. So it must see the same parameters.
   */
  #checkDollarQuotes(): void {
    if (isDeepStrictEqual(this.#placesOnAws(), this.#places)) return;
    throw invalid(
      "The Data API doesn't know dollar-quoted strings and looks for :name in them. Use single quotes.",
    );
  }

  /** Where parameters begin for a parser that knows no dollar quotes. */
  #placesOnAws(): number[] {
    const places: number[] = [];
    this.#at = 0;
    while (this.#at < this.#source.length) {
      if (this.#skipBlank() || this.#skip(STRING) || this.#skip(QUOTED_IDENTIFIER)) continue;
      if (this.#skip(NUMBER) || this.#readWord() !== undefined || this.#skip(NO_PARAMETER)) continue;
      const start = this.#at;
      if (this.#skip(PARAMETER)) places.push(start);
      else this.#at++;
    }
    return places;
  }

  /** A keyword or a name, or a string with escapes. */
  #word(): boolean {
    const word = this.#readWord();
    if (word === undefined) return false;
    if (this.#firstWords.length < 4) this.#firstWords.push(word);
    if (this.#firstWords[0] === "copy") this.#followCopy(word);
    this.#followBody(word);
    this.#afterOperand = !BEFORE_EXPRESSION.has(word);
    return true;
  }

  /** In lower case; or the E of a string with escapes, and that string. */
  #readWord(): string | undefined {
    const start = this.#at;
    if (!this.#skip(WORD)) return undefined;
    const word = this.#source.slice(start, this.#at).toLowerCase();
    if (word === "e" && this.#skip(ESCAPE_STRING)) {
      while (this.#skip(CONTINUATION)) this.#skip(ESCAPE_STRING);
    }
    return word;
  }

  /** `copy t (n) from stdin`, `copy (select n from t) to stdout`. */
  #followCopy(word: string): void {
    if (this.#brackets.length > 0) return;
    if (this.#copyTo !== undefined) this.#copiesOverConnection ||= word === "stdin" || word === "stdout";
    else if (word === "from") this.#copyTo = "CopyInResponse";
    else if (word === "to") this.#copyTo = "CopyOutResponse";
  }

  /** The first in AWS's words [live]. With a file PostgreSQL would refuse it there (42501), and here use this machine's. */
  #copyRefused(): DataApiError {
    if (this.#copiesOverConnection) {
      return new DataApiError("DatabaseErrorException", `execute: unexpected message: ${this.#copyTo}`);
    }
    return invalid(
      "COPY with a file or a program isn't supported: AWS allows neither. Insert rows with BatchExecuteStatement, and read them with SELECT.",
    );
  }

  /** As psql does: `begin atomic select 1; select 2; end` is the body of one CREATE FUNCTION. */
  #followBody(word: string): void {
    const opens = word === "begin" || (word === "case" && this.#bodyDepth > 0);
    const closes = word === "end" && this.#bodyDepth > 0;
    if (!(opens || closes) || this.#brackets.length > 0) return;
    if (CREATE_ROUTINE.test(this.#firstWords.join(" "))) this.#bodyDepth += opens ? 1 : -1;
  }

  #punctuation(character: string): void {
    if (character === "[" || character === "(") this.#brackets.push(character);
    else if (character === "]" || character === ")") this.#brackets.pop();
    this.#afterOperand = character === "]" || character === ")";
    this.#at++;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#source);
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#source)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }
}

const invalid = (message: string) => new DataApiError("ValidationException", message);

/** So many statements are remembered, and none that is longer: a program that builds long ones builds each anew. */
const REMEMBERED = 500;
const REMEMBERED_CHARACTERS = 8_192;

/** Remembers what statements were parsed to: an application sends few of them, again and again. */
export class ParsedStatements {
  readonly #parsed = new Map<string, Statement>();

  /** @throws DataApiError as `parseStatement`. */
  get(source: string): Statement {
    const known = this.#parsed.get(source);
    if (known) return known;
    const statement = parseStatement(source);
    if (source.length > REMEMBERED_CHARACTERS) return statement;
    const [oldest] = this.#parsed.keys();
    if (this.#parsed.size >= REMEMBERED && oldest !== undefined) this.#parsed.delete(oldest);
    this.#parsed.set(source, statement);
    return statement;
  }
}

/** Comments nest. An open one runs to the end. */
function endOfComment(source: string, start: number): number {
  let depth = 0;
  COMMENT_EDGE.lastIndex = start;
  for (;;) {
    const edge = COMMENT_EDGE.exec(source);
    if (!edge) return source.length;
    depth += edge[0] === "/*" ? 1 : -1;
    if (depth === 0) return COMMENT_EDGE.lastIndex;
  }
}
