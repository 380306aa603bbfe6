// Turns a statement with named parameters into one with numbered ones. It knows just enough of PostgreSQL's lexical
// rules to tell a parameter from text that looks like one, and refuses what the real parser corrupts [live].
// https://www.postgresql.org/docs/18/sql-syntax-lexical.html
import { DataApiError } from "./errors.ts";

export interface Statement {
  /** The statement as PostgreSQL receives it, `$1` for the first occurrence of any parameter. */
  sql: string;
  /** The name at each occurrence: `$n` is `occurrences[n - 1]`. Each occurrence is a bind of its own [live]. */
  occurrences: string[];
}

// One token each. Unterminated ones run to the end: PostgreSQL then says what is wrong.
const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;
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
const PARAMETER = /:([\p{L}\p{N}_]+)/uy;
const POSITIONAL = /\$(\d+)/y;
const DOLLAR_QUOTE = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const NAME_AT_END = /[\p{L}\p{N}_$]$/u;

/** Words after which an expression begins, so that `[` word `:x` is a parameter and not a slice. */
const BEFORE_EXPRESSION = new Set(
  "all and any as between by case distinct else escape except from having ilike in intersect is like limit not offset on or select similar some symmetric then to union using values when where zone".split(
    " ",
  ),
);

/**
 * @throws DataApiError ValidationException for several statements, none, dollar quotes, array slices and COPY over the
 *   connection; DatabaseErrorException with SQLState 08P01 for `$1`.
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
  /** The highest `$n` of the source itself. */
  #positional = 0;
  /** The open brackets, the innermost last. */
  readonly #brackets: string[] = [];
  /** Whether what came last can be the lower bound of a slice. */
  #afterOperand = false;
  /** In lower case: it says what kind of statement this is. */
  #firstWord: string | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Statement {
    let empty = true;
    let ended = false;
    while (this.#at < this.#source.length) {
      if (this.#skipBlank()) continue;
      if (this.#source.charAt(this.#at) === ";") {
        ended = true;
        this.#at++;
        continue;
      }
      if (ended) throw invalid("Multistatements aren't supported.");
      empty = false;
      this.#token();
    }
    if (empty) throw invalid("The SQL statement is empty.");
    if (this.#positional > 0) {
      throw new DataApiError(
        "DatabaseErrorException",
        `ERROR: bind message supplies ${this.#occurrences.length} parameters, but prepared statement "" requires ${this.#positional}; SQLState: 08P01`,
      );
    }
    return { sql: this.#sql + this.#source.slice(this.#copied), occurrences: this.#occurrences };
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
    if (this.#brackets.at(-1) === "[" && (this.#afterOperand || name === undefined)) {
      throw invalid("Array slices aren't supported: a colon there is taken for a parameter.");
    }
    this.#at += whole.length;
    this.#afterOperand = name !== undefined;
    if (name === undefined) return;
    this.#occurrences.push(name);
    // Next to what a name is made of, `$1` would become part of that name.
    const before = NAME_AT_END.test(this.#source.slice(Math.max(0, start - 2), start)) ? " " : "";
    const after = this.#source.charAt(this.#at) === "$" ? " " : "";
    this.#sql += `${this.#source.slice(this.#copied, start)}${before}$${this.#occurrences.length}${after}`;
    this.#copied = this.#at;
  }

  #dollar(): void {
    const number = this.#match(POSITIONAL);
    if (!number && this.#match(DOLLAR_QUOTE)) {
      throw invalid("Dollar-quoted strings aren't supported. Use single quotes.");
    }
    this.#at += number?.[0].length ?? 1;
    this.#positional = Math.max(this.#positional, Number(number?.[1] ?? 0));
    this.#afterOperand = number !== null;
  }

  /** A keyword or a name; or the E of a string with escapes, which belongs to it. */
  #word(): boolean {
    const start = this.#at;
    if (!this.#skip(WORD)) return false;
    const word = this.#source.slice(start, this.#at).toLowerCase();
    this.#firstWord ??= word;
    if (this.#firstWord === "copy" && (word === "stdin" || word === "stdout")) {
      throw invalid("COPY from STDIN or to STDOUT isn't supported.");
    }
    if (word === "e" && this.#skip(ESCAPE_STRING)) {
      while (this.#skip(CONTINUATION)) this.#skip(ESCAPE_STRING);
    }
    this.#afterOperand = !BEFORE_EXPRESSION.has(word);
    return true;
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

const REMEMBERED = 500;

/** Remembers what statements were parsed to: an application sends few of them, again and again. */
export class ParsedStatements {
  readonly #parsed = new Map<string, Statement>();

  /** @throws DataApiError as `parseStatement`. */
  get(source: string): Statement {
    const known = this.#parsed.get(source);
    if (known) return known;
    const statement = parseStatement(source);
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
