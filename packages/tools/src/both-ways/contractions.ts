// Finds the statements of migrations that take something away from older code: by squawk, and by a few patterns for what squawk
// lets pass. A migration that has one must say so (`contractionOf`), because a rollback reads it; one that has none must not. Some
// effects show only when the code runs, such as a constraint that few writes violate: `npm run migrations:both-ways` finds them.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONTRACTION_LINE, contractionOf } from "@notejam/core/administration/contraction";
import type { Migration } from "@notejam/core/administration/migrate";
import { run } from "../run.ts";

/** Rules of squawk. Those that .squawk.toml does not exclude are also about locks or rows: a migration deals with these as well. */
const CONTRACTIONS = new Set([
  "adding-not-nullable-field",
  "adding-required-field",
  "ban-drop-column",
  "ban-drop-not-null",
  "ban-drop-table",
  "changing-column-type",
  "renaming-column",
  "renaming-table",
]);

/** The command line's list of excluded rules takes the place of the one in .squawk.toml. */
const SQUAWK = ["--reporter=json", "--exclude=require-lock-timeout"];

/** What squawk does not report. */
const PATTERNS: readonly [why: string, pattern: RegExp][] = [
  ["drops a default", /\balter\s+(?:column\s+)?\S+\s+drop\s+(?:default|identity|expression)\b/i],
  // A statement names constraints: in `on conflict`, and to tell errors apart.
  ["drops a constraint", /\bdrop\s+constraint\b/i],
  [
    "drops what a statement can name",
    /^drop\s+(?:type|domain|(?:materialized\s+)?view|schema|sequence|function|procedure|trigger|extension)\b/i,
  ],
  ["renames what a statement can name", /^alter\b.*\brename\s+(?:constraint\b|value\b|attribute\b)/is],
  [
    "renames what a statement can name",
    /^alter\s+(?:type|domain|(?:materialized\s+)?view|schema|sequence|function)\b.*\brename\s+to\b/is,
  ],
  ["takes a right away", /^revoke\b/i],
];

const QUOTED = /"([^"]+)"/g;
const CREATED_TABLE = /^create\s+table\s+(?:if\s+not\s+exists\s+)?"([^"]+)"/i;
const ADDED_COLUMN = /^alter\s+table\s+"([^"]+)"\s+add\s+column\s+(?:if\s+not\s+exists\s+)?"([^"]+)"/i;
/** A constraint or a unique index: its table, and the text with its columns. */
const RESTRICTIONS = [
  /^alter\s+table\s+(?:only\s+)?(\S+)\s+add\s+constraint\s+\S+\s+(.*)$/is,
  /^create\s+unique\s+index\s+.*?\bon\s+(?:only\s+)?([^\s(]+)(.*)$/is,
];

interface Finding {
  migration: string;
  /** From 1. */
  line: number;
  why: string;
}

/** @returns a sentence for each contraction that is missing, needless or written wrongly */
export async function wrongContractions(migrations: readonly Migration[]): Promise<string[]> {
  const findings = [...(await findBySquawk(migrations)), ...migrations.flatMap(findByPatterns)];
  return migrations.flatMap((migration) => {
    const found = findings.filter((finding) => finding.migration === migration.name);
    try {
      const isDeclared = contractionOf(migration) !== undefined;
      if (isDeclared && found.length === 0)
        return [`The migration ${migration.name} takes nothing away: remove its line "-- contraction".`];
      return isDeclared ? [] : found.map(asSentence);
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

function asSentence({ migration, line, why }: Finding): string {
  return `Line ${line} of the migration ${migration} takes something away that older code may use (${why}): if none does, begin the file with "${CONTRACTION_LINE}" (CONTRIBUTING.md, "Expand and contract").`;
}

/** A comment that lets squawk ignore a rule does not count here. */
async function findBySquawk(migrations: readonly Migration[]): Promise<Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), "notejam-contractions-"));
  try {
    const files = migrations.map(({ name }) => join(folder, `${name}.sql`));
    for (const [index, { sql }] of migrations.entries())
      await writeFile(files[index] as string, sql.replaceAll("squawk-ignore", ""));
    const { code, output } = await run("squawk", [...SQUAWK, ...files]);
    if (code !== 0 && code !== 1) throw new Error(`squawk ended with ${code}: ${output}`);
    const reported: { file: string; line: number; rule_name: string }[] = JSON.parse(output);
    return reported
      .filter(({ rule_name }) => CONTRACTIONS.has(rule_name))
      .map(({ file, line, rule_name }) => {
        const { name } = migrations[files.indexOf(file)] as Migration;
        return { migration: name, line: line + 1, why: rule_name };
      });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function findByPatterns({ name, sql }: Migration): Finding[] {
  const statements = statementsOf(sql);
  return statements.flatMap(({ line, text }) => {
    const found = PATTERNS.filter(([, pattern]) => pattern.test(text)).map(([why]) => why);
    if (restrictsOlderColumns(text, statements)) found.push("restricts columns that were there before");
    return found.map((why) => ({ migration: name, line, why }));
  });
}

/** Whether older code may write what the statement forbids: not if the table, or each of the columns, is new in this migration. */
function restrictsOlderColumns(text: string, statements: readonly { text: string }[]): boolean {
  const [, table = "", rest = ""] = RESTRICTIONS.map((pattern) => pattern.exec(text)).find(Boolean) ?? [];
  if (table === "") return false;
  const isNew = statements.some(({ text }) => CREATED_TABLE.exec(text)?.[1] === table.replaceAll('"', ""));
  if (isNew) return false;
  const added = statements.flatMap(({ text }) => {
    const [, of, column] = ADDED_COLUMN.exec(text) ?? [];
    return of === table.replaceAll('"', "") ? [column] : [];
  });
  const [own = ""] = rest.split(/\breferences\b/i);
  const columns = [...own.matchAll(QUOTED)].map(([, column]) => column);
  return columns.length === 0 || columns.some((column) => !added.includes(column));
}

/** The statements without their comments and strings, each with the line where it begins. */
function statementsOf(sql: string): { line: number; text: string }[] {
  const blank = (text: string) => text.replaceAll(/[^\n]/g, " ");
  const plain = sql.replaceAll(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, blank);
  let offset = 0;
  return plain.split(";").flatMap((piece) => {
    const begins = offset + piece.search(/\S|$/);
    offset += piece.length + 1;
    const text = piece.trim();
    return text === "" ? [] : [{ line: plain.slice(0, begins).split("\n").length, text }];
  });
}
