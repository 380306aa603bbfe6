// Makes expressions from all that PostgreSQL's lexer knows, each with the value that it must have: literals of every
// kind, names with odd characters, comments in every gap, parameters next to anything. What is expected follows from
// how an expression was made, so that neither the server's parser nor another is asked.
import type { SqlParameter } from "@aws-sdk/client-rds-data";
import * as fc from "fast-check";
import { bool, long, text } from "./harness.ts";

/** A piece of SQL that no white space can divide. */
export type Token = { sql: string } | { parameter: string };

export interface Expression {
  tokens: Token[];
  /** The text that it gives. */
  gives: string;
}

/** By name: what is sent, and the literal that a person would write in its place. */
const PARAMETERS: Record<string, { sent: SqlParameter; literal: string }> = {
  a: { sent: text("a", "<a>"), literal: "text '<a>'" },
  b_2: { sent: text("b_2", "it's; :a"), literal: "text 'it''s; :a'" },
  _: { sent: text("_", "\\"), literal: "text '\\'" },
  "7": { sent: text("7", "seven"), literal: "text 'seven'" },
  "1a": { sent: text("1a", "$1"), literal: "text '$1'" },
  名前: { sent: text("名前", "なまえ"), literal: "text 'なまえ'" },
  é: { sent: text("é", "é"), literal: "text 'é'" },
  n: { sent: long("n", 5), literal: "int8 '5'" },
  one: { sent: long("one", 1), literal: "int8 '1'" },
  yes: { sent: bool("yes", true), literal: "bool 'true'" },
};
export const sentParameters = Object.values(PARAMETERS).map(({ sent }) => sent);

const TEXTS: Record<string, string> = {
  a: "<a>",
  b_2: "it's; :a",
  _: "\\",
  "7": "seven",
  "1a": "$1",
  名前: "なまえ",
  é: "é",
};

/** Words, operators, brackets and whole literals, apart; `:name` is a parameter. */
function tokens(...parts: (string | Token[])[]): Token[] {
  return parts.flatMap((part) => {
    if (typeof part !== "string") return part;
    return /^:[^:=]/.test(part) ? [{ parameter: part.slice(1) }] : [{ sql: part }];
  });
}

const made = (gives: string, ...parts: (string | Token[])[]): Expression => ({
  tokens: tokens(...parts),
  gives,
});

/** What misleads a parser that is inside a string, an identifier or a comment. */
const awkward = fc.string({
  unit: fc.constantFrom(
    "a",
    "é",
    "😀",
    ":",
    ":a",
    "'",
    '"',
    "\\",
    "--",
    "/*",
    "*/",
    "$$",
    "$t$",
    "$1",
    ";",
    "[1:2]",
    " ",
  ),
  maxLength: 8,
});
const lineBreak = fc.constantFrom("\n", "\r\n", " \n ", " -- :a ' $$\n", "\n-- ;\n \t", "\r--\r");

const doubled = (quote: string, content: string) => content.replaceAll(quote, quote + quote);
const plainString = (content: string) => `'${doubled("'", content)}'`;

const escapeString = fc
  .array(
    fc.oneof(
      awkward.map((raw) => ({ written: raw.replaceAll("\\", "\\\\").replaceAll("'", "\\'"), gives: raw })),
      awkward.map((raw) => ({ written: doubled("'", raw.replaceAll("\\", "\\\\")), gives: raw })),
      fc.constantFrom(
        { written: "\\n", gives: "\n" },
        { written: "\\x41", gives: "A" },
        { written: "\\u00e9", gives: "é" },
        { written: "\\101", gives: "A" },
        { written: "\\:", gives: ":" },
      ),
    ),
    { maxLength: 4 },
  )
  .map((parts) => ({
    written: parts.map(({ written }) => written).join(""),
    gives: parts.map(({ gives }) => gives).join(""),
  }));

/** Without what the Data API would see in it: a parameter, or what begins and does not end there. */
const dollarQuoted = fc.record({
  tag: fc.constantFrom("$$", "$t$", "$é_1$"),
  content: fc.string({
    unit: fc.constantFrom(
      "a",
      "é",
      "😀",
      ":: ",
      ":=",
      "$1",
      "$ ",
      "'b'",
      '"c"',
      "\\",
      ";",
      "[1]",
      "/* d */",
      " ",
    ),
    maxLength: 8,
  }),
});

const literal: fc.Arbitrary<Expression> = fc.oneof(
  awkward.map((raw) => made(raw, plainString(raw))),
  awkward.map((raw) => made(raw, "text", plainString(raw))),
  fc
    .array(fc.tuple(awkward, lineBreak), { minLength: 1, maxLength: 3 })
    .chain((pieces) => awkward.map((last) => ({ pieces, last })))
    .map(({ pieces, last }) => {
      const written = pieces.map(([raw, gap]) => plainString(raw) + gap).join("") + plainString(last);
      return made(pieces.map(([raw]) => raw).join("") + last, written);
    }),
  fc
    .tuple(fc.constantFrom("E", "e"), escapeString)
    .map(([e, { written, gives }]) => made(gives, `${e}'${written}'`)),
  fc
    .tuple(escapeString, lineBreak, escapeString)
    .map(([first, gap, second]) =>
      made(first.gives + second.gives, `E'${first.written}'${gap}'${second.written}'`),
    ),
  dollarQuoted.map(({ tag, content }) => made(content, tag + content + tag)),
  awkward.map((raw) => made(`A${raw}`, `U&'\\0041${doubled("'", raw.replaceAll("\\", "\\\\"))}'`)),
  fc.constantFrom(
    made("1000", "1_000", "::", "text"),
    made("0.5", ".5", "::", "text"),
    made("1500", "15e2", "::", "text"),
    made("31", "0x1F", "::", "text"),
    made("5", "0b101", "::", "text"),
    made("1.25", "1.25", "::", "varchar", "::", "text"),
    made("101", "b'101'", "::", "text"),
    made("2024-05-01", "date", "'2024-05-01'", "::", "text"),
  ),
);

const textParameter = fc
  .constantFrom(...Object.keys(TEXTS))
  .map((name) => made(TEXTS[name] ?? "", `:${name}`));

const parameter: fc.Arbitrary<Expression> = fc.oneof(
  textParameter,
  textParameter.map(({ tokens: name, gives }) => made(gives, name, "::", "varchar", "::", "text")),
  fc.constantFrom(
    made("5", ":n", "::", "text"),
    made("-5", "(", "-", ":n", ")", "::", "text"),
    made("5", "(", "@", ":n", ")", "::", "text"),
    made("true", "(", ":n", "=", ":n", ")", "::", "text"),
    made("true", "(", ":n", "<=", "6", "and", ":yes", ")", "::", "text"),
    made("true", "(", ":n", "between", ":one", "and", "9", ")", "::", "text"),
    made("false", "(", ":a", "in", "(", ":b_2", ",", ":7", ")", ")", "::", "text"),
    made("25", "(", ":n", "*", ":n", ")", "::", "text"),
    made(
      "2024-05-01",
      "make_date",
      "(",
      "year",
      ":=",
      "2024",
      ",",
      "month",
      "=>",
      ":n",
      "::",
      "int4",
      ",",
      "day",
      ":=",
      ":one",
      "::",
      "int4",
      ")",
      "::",
      "text",
    ),
    made("v", "(", `'{"<a>":"v"}'`, "::", "jsonb", "->>", ":a", ")"),
    made("true", "(", `'{"<a>":"v"}'`, "::", "jsonb", "?", ":a", ")", "::", "text"),
    made("5", "cast", "(", ":n", "as", "text", ")"),
  ),
);

/** A name that is no keyword. */
const bareName = fc
  .tuple(
    fc.constantFrom("q", "_", "é", "名", "😀", "\u0301"),
    fc.string({ unit: fc.constantFrom("a", "1", "$", "$$", "é", "😀", "_"), maxLength: 4 }),
  )
  .map(([first, rest]) => `${first + rest}_z`);

const column: fc.Arbitrary<Expression> = fc
  .oneof(
    bareName,
    awkward.filter((raw) => raw !== "").map((raw) => `"${doubled('"', raw)}"`),
  )
  .chain((name) => literal.map((value) => ({ name, value })))
  .map(({ name, value }) =>
    made(
      value.gives,
      "(",
      "select",
      name,
      "from",
      "(",
      "values",
      "(",
      value.tokens,
      ")",
      ")",
      "t",
      "(",
      name,
      ")",
      ")",
    ),
  );

export const expression: fc.Arbitrary<Expression> = fc.letrec<{ any: Expression }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    parameter,
    literal,
    column,
    fc
      .tuple(tie("any"), tie("any"))
      .map(([left, right]) => made(left.gives + right.gives, "(", left.tokens, "||", right.tokens, ")")),
    fc
      .tuple(tie("any"), tie("any"), fc.boolean())
      .map(([yes, no, which]) =>
        made(
          which ? yes.gives : no.gives,
          "case",
          "when",
          ":yes",
          "=",
          String(which),
          "then",
          yes.tokens,
          "else",
          no.tokens,
          "end",
        ),
      ),
    fc
      .tuple(
        tie("any"),
        tie("any"),
        fc.constantFrom(["1"], [":one"], ["2", "-", ":one"], ["case", "when", ":yes", "then", ":one", "end"]),
      )
      .map(([first, second, index]) =>
        made(first.gives, "(", "array", "[", first.tokens, ",", second.tokens, "]", ")", "[", ...index, "]"),
      ),
    fc
      .tuple(tie("any"), tie("any"))
      .map(([first, second]) =>
        made(
          second.gives,
          "(",
          "array",
          "[",
          "[",
          first.tokens,
          ",",
          second.tokens,
          "]",
          "]",
          ")",
          "[",
          ":one",
          "]",
          "[",
          "2",
          "]",
        ),
      ),
    fc
      .tuple(tie("any"), tie("any"))
      .map(([first, second]) =>
        made(first.gives + second.gives, "concat", "(", first.tokens, ",", second.tokens, ")"),
      ),
  ),
})).any;

const comment = awkward.map((raw) => raw.replaceAll(/\/\*|\*\//g, ""));
/** White space and comments; an empty one where the tokens allow it. */
const gap = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  { weight: 2, arbitrary: fc.constantFrom(" ", "\n", "\t", "\r\n", "\f", "\v") },
  { weight: 1, arbitrary: comment.map((content) => `/*${content}*/`) },
  { weight: 1, arbitrary: fc.tuple(comment, comment).map(([outer, inner]) => `/*${outer}/* ${inner} */'*/`) },
  { weight: 1, arbitrary: comment.map((content) => `--${content}\n`) },
);

const WORD_END = /[\w$\u{80}-\u{10ffff}]$/u;
const WORD_START = /^[\w$'"\u{80}-\u{10ffff}]/u;
const OPERATOR_END = /[-+*/<>=~!@#%^&|`?]$/;
const OPERATOR_START = /^[-+*/<>=~!@#%^&|`?]/;

/** Whether two pieces would become another one side by side. */
function merge(left: string, right: string): boolean {
  return (
    (WORD_END.test(left) && WORD_START.test(right)) || (OPERATOR_END.test(left) && OPERATOR_START.test(right))
  );
}

export interface Statement {
  sql: string;
  /** The same with literals in place of the parameters, as a person would write it. */
  plain: string;
  /** The names of its parameters, in order. */
  names: string[];
}

/** Writes tokens with these gaps between them, one for each token and one more. */
export function write(all: readonly Token[], gaps: readonly string[]): Statement {
  let sql = "";
  let plain = "";
  const names: string[] = [];
  for (const [index, token] of all.entries()) {
    const [here, there] =
      "sql" in token
        ? [token.sql, token.sql]
        : [`:${token.parameter}`, `(${PARAMETERS[token.parameter]?.literal})`];
    if ("parameter" in token) names.push(token.parameter);
    const between = gaps[index] ?? " ";
    const pad = merge(sql, between || here) ? " " : "";
    sql += pad + between;
    sql += (merge(sql, here) ? " " : "") + here;
    plain += pad + between;
    plain += (merge(plain, there) ? " " : "") + there;
  }
  const end = gaps[all.length] ?? "";
  const pad = merge(sql, end) ? " " : "";
  return { sql: sql + pad + end, plain: plain + pad + end, names };
}

/** `select` with as many columns as there are expressions. */
export function select(columns: readonly Expression[]): Token[] {
  return tokens(
    "select",
    ...columns.flatMap(({ tokens: column }, index) => [
      ...(index === 0 ? [] : [","]),
      column,
      "as",
      `c${index}`,
    ]),
  );
}

/** Gaps for so many tokens. */
export const gapsFor = (all: readonly Token[]): fc.Arbitrary<string[]> =>
  fc.array(gap, { minLength: all.length + 1, maxLength: all.length + 1, size: "max" });
