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

// One token each, tried in this order at the same place. Unterminated ones run to the end: PostgreSQL then says what is wrong.
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
const PARAMETER = /:([\p{L}\p{N}_]+)/uy;
const POSITIONAL = /\$(\d+)/y;
const DOLLAR_QUOTE = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

/** Words after which an expression begins, so that `[` word `:x` is a parameter and not a slice. */
const BEFORE_EXPRESSION = new Set(
  "all and any as between by case distinct else escape except from having ilike in intersect is like limit not offset on or select similar some then to union using values when where".split(
    " ",
  ),
);

/**
 * @throws DataApiError ValidationException for several statements, none, dollar quotes, array slices and COPY over the connection;
 *   DatabaseErrorException with SQLState 08P01 for `$1`.
 */
export function parseStatement(source: string): Statement {
  const occurrences: string[] = [];
  let sql = "";
  /** Everything before this place is in `sql`. */
  let copied = 0;
  let at = 0;
  let positional = 0;
  /** Where the statement's own semicolon is. */
  let ended = -1;
  let empty = true;
  let words = 0;
  let copies = false;
  const brackets: string[] = [];
  /** Whether what came last can be the lower bound of a slice. */
  let afterOperand = false;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(source)) return false;
    at = pattern.lastIndex;
    return true;
  };

  while (at < source.length) {
    const character = source.charAt(at);
    if (skip(SPACE) || (character === "-" && skip(LINE_COMMENT))) continue;
    if (character === "/" && source.charAt(at + 1) === "*") {
      at = endOfComment(source, at);
      continue;
    }
    if (character === ";") {
      if (ended < 0) ended = at;
      at++;
      continue;
    }
    if (ended >= 0) throw new DataApiError("ValidationException", "Multistatements aren't supported.");
    empty = false;

    if (character === "'") {
      skip(STRING);
      afterOperand = true;
    } else if (character === '"') {
      skip(QUOTED_IDENTIFIER);
      afterOperand = true;
    } else if (character === "$") {
      const number = match(POSITIONAL);
      if (!number) {
        if (match(DOLLAR_QUOTE)) {
          throw new DataApiError(
            "ValidationException",
            "Dollar-quoted strings aren't supported. Use single quotes.",
          );
        }
        at++;
        afterOperand = false;
        continue;
      }
      at += number[0].length;
      positional = Math.max(positional, Number(number[1]));
      afterOperand = true;
    } else if (character === ":") {
      if (source.charAt(at + 1) === ":" || source.charAt(at + 1) === "=") {
        at += 2;
        afterOperand = false;
        continue;
      }
      const parameter = match(PARAMETER);
      const subscript = brackets.at(-1) === "[";
      if (subscript && (afterOperand || !parameter)) {
        throw new DataApiError(
          "ValidationException",
          "Array slices aren't supported: a colon there is taken for a parameter.",
        );
      }
      afterOperand = parameter !== null;
      if (!parameter) {
        at++;
        continue;
      }
      occurrences.push(parameter[1] ?? "");
      const before = /[\p{L}\p{N}_$]$/u.test(source.slice(Math.max(0, at - 2), at)) ? " " : "";
      sql += `${source.slice(copied, at)}${before}$${occurrences.length}`;
      at += parameter[0].length;
      copied = at;
      if (source.charAt(at) === "$") sql += " ";
    } else {
      const start = at;
      if (skip(WORD)) {
        const word = source.slice(start, at);
        if (/^e$/i.test(word) && source.charAt(at) === "'") {
          do skip(ESCAPE_STRING);
          while (skip(CONTINUATION));
          afterOperand = true;
        } else {
          copies ||= words++ === 0 && /^copy$/i.test(word);
          if (copies && /^std(?:in|out)$/i.test(word)) {
            throw new DataApiError("ValidationException", "COPY from STDIN or to STDOUT isn't supported.");
          }
          afterOperand = !BEFORE_EXPRESSION.has(word.toLowerCase());
        }
      } else if (skip(NUMBER)) {
        afterOperand = true;
      } else {
        if (character === "[" || character === "(") brackets.push(character);
        else if (character === "]" || character === ")") brackets.pop();
        afterOperand = character === "]" || character === ")";
        at++;
      }
    }
  }

  if (empty) throw new DataApiError("ValidationException", "The SQL statement is empty.");
  if (positional > 0) {
    throw new DataApiError(
      "DatabaseErrorException",
      `ERROR: bind message supplies ${occurrences.length} parameters, but prepared statement "" requires ${positional}; SQLState: 08P01`,
    );
  }
  return { sql: sql + source.slice(copied), occurrences };
}

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
