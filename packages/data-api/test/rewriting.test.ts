// The law of parameters: whatever a statement is made of, PostgreSQL receives the values that its author meant. What is
// expected comes from how a statement was made, and once more from PostgreSQL itself, asked by `pg` with literals.
import * as fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { parseStatement } from "../src/sql/statement.ts";
import {
  type Expression,
  expression,
  gapsFor,
  select,
  sentParameters,
  type Token,
  write,
} from "./generated-sql.ts";
import { DataApi, ENGINES } from "./harness.ts";

const columns = (most: number) => fc.array(expression, { minLength: 1, maxLength: most, size: "max" });
const statement = (most: number) =>
  columns(most).chain((made) => {
    const tokens = select(made);
    return fc.record({
      made: fc.constant(made),
      tokens: fc.constant(tokens),
      gaps: gapsFor(tokens),
      end: fc.constantFrom("", ";", " ;;\n", "; -- :a\n"),
    });
  });

/** A statement with a piece somewhere behind its first token. */
function withPiece(piece: string, tokens: readonly Token[], gaps: readonly string[], seed: number): string {
  const at = 1 + (seed % tokens.length);
  return write([...tokens.slice(0, at), { sql: piece }, ...tokens.slice(at)], gaps).sql;
}

describe("the parser by itself", () => {
  test("finds each parameter, in order, and nothing else", () => {
    fc.assert(
      fc.property(statement(4), ({ tokens, gaps, end }) => {
        const { sql, names } = write(tokens, gaps);
        expect(parseStatement(sql + end).occurrences).toEqual(names);
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    ["a dollar quote with a parameter", "|| $$ :a$$ ||", "doesn't know dollar-quoted strings"],
    ["a dollar quote with a tag", "|| $t1$:a$t1$ ||", "doesn't know dollar-quoted strings"],
    ["a slice without an end", "(a['x':])", "Array slices aren't supported"],
  ])("refuses %s wherever it stands", (_what, piece, message) => {
    fc.assert(
      fc.property(statement(3), fc.nat(), ({ tokens, gaps }, seed) => {
        expect(() => parseStatement(withPiece(` ${piece} `, tokens, gaps, seed))).toThrow(message);
      }),
      { numRuns: 500 },
    );
  });

  test("asks for no values where a slice leaves PostgreSQL nothing to bind", () => {
    fc.assert(
      fc.property(statement(3), fc.nat(), ({ tokens, gaps }, seed) => {
        expect(parseStatement(withPiece(" (a[1:2]) ", tokens, gaps, seed)).occurrences).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("refuses a second statement behind any other", () => {
    fc.assert(
      fc.property(statement(3), statement(1), (first, second) => {
        const sql = `${write(first.tokens, first.gaps).sql};${write(second.tokens, second.gaps).sql}`;
        expect(() => parseStatement(sql)).toThrow("Multistatements aren't supported.");
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(ENGINES)("a statement of anything over %s", (engine) => {
  const api = new DataApi(engine, { oneForAll: true });
  let direct: pg.Client;
  beforeAll(async () => {
    direct = new pg.Client({ connectionString: inject("postgresUrl") });
    await direct.connect();
  });
  afterAll(() => direct.end());

  test("with a slice in it is PostgreSQL's syntax error [live]", async () => {
    await fc.assert(
      fc.asyncProperty(statement(3), fc.nat(), async ({ tokens, gaps }, seed) => {
        const sql = withPiece(" (a[1:2]) ", tokens, gaps, seed);
        await expect(api.execute(sql, sentParameters)).rejects.toThrow(/syntax error at .*SQLState: 42601$/s);
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  test("gives what it means, and what PostgreSQL says with literals in the parameters' places", async () => {
    await fc.assert(
      fc.asyncProperty(statement(8), async ({ made, tokens, gaps, end }) => {
        const { sql, plain } = write(tokens, gaps);
        const { records } = await api.execute(sql + end, sentParameters);
        expect(records).toEqual([made.map(({ gives }: Expression) => ({ stringValue: gives }))]);
        const { rows } = await direct.query({ text: plain, rowMode: "array" });
        expect(rows).toEqual([made.map(({ gives }: Expression) => gives)]);
      }),
      { numRuns: 200 },
    );
  });
});
