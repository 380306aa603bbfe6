// The log: one line a call, for a person or for a program. It has values only if the server records them.
import { styleText } from "node:util";
import type { Call, RecordedParameter } from "../index.ts";
import type { LogFormat } from "./arguments.ts";

/** What is written to: a terminal has a width, and perhaps colours. */
export type LogStream = NodeJS.WritableStream & { columns?: number };

/** Answers what writes a call to `stream`: as JSON, or as text within the width of a terminal. */
export function logTo(stream: LogStream, format: LogFormat): (call: Call) => void {
  if (format === "json") return (call) => stream.write(`${JSON.stringify(call)}\n`);
  return (call) => stream.write(`${textOf(call, stream)}\n`);
}

/** `12:00:00.123 ExecuteStatement ok 3.1 ms (database 2.4) 5 rows tx 8f3aQx90 select …`, in columns. */
function textOf(call: Call, stream: LogStream): string {
  const start = `${timeOf(call.at)} ${call.operation.padEnd(OPERATION_WIDTH)} `;
  const outcome = outcomeOf(call);
  const facts = [durationOf(call), ...countsOf(call)].join("  ");
  const head = `${start}${outcome}  ${facts}`;
  const statement = call.sql === undefined ? "" : oneLine(call.sql);
  // With values, nothing is cut: they were asked for.
  const values = call.parameters && valuesOf(call.parameters);
  const tail = values === undefined ? cut(statement, stream, head.length + 2) : `${statement}  ${values}`;
  const style = call.status === 200 ? "green" : "red";
  const shown = `${start}${styleText(style, outcome, { stream })}  ${facts}`;
  return tail.trim() === "" ? shown : `${shown}  ${tail.trimEnd()}`;
}

const OPERATION_WIDTH = "BatchExecuteStatement".length;

/** By this machine's zone. */
function timeOf(at: string): string {
  const [, milliseconds = ""] = /(\.\d{3})Z$/.exec(at) ?? [];
  return new Date(at).toTimeString().slice(0, "12:00:00".length) + milliseconds;
}

function outcomeOf({ status, errorType, sqlState, fault }: Call): string {
  const error = [errorType ?? "ok", ...(sqlState === undefined ? [] : [sqlState])].join(" ");
  const outcome = status === 0 ? "cut" : error;
  return fault === undefined ? outcome : `${outcome} (fault: ${fault})`;
}

/** The whole, and the parts that matter. */
function durationOf({ ms, latencyMs, waitMs, databaseMs }: Call): string {
  const parts = { latency: latencyMs, waited: waitMs, database: databaseMs };
  const shown = Object.entries(parts)
    .filter(([, part]) => part >= 0.05)
    .map(([name, part]) => `${name} ${part.toFixed(1)}`);
  return `${ms.toFixed(1)} ms${shown.length > 0 ? ` (${shown.join(", ")})` : ""}`;
}

function countsOf({ rows, recordsUpdated, transactionId }: Call): string[] {
  const counts: string[] = [];
  if (rows !== undefined) counts.push(rows === 1 ? "1 row" : `${rows} rows`);
  else if (recordsUpdated !== undefined) counts.push(`${recordsUpdated} updated`);
  if (transactionId !== undefined) counts.push(`tx ${oneLine(transactionId).slice(0, SHOWN_OF_ID)}`);
  return counts;
}

/** The ids are random, so this many characters tell those of one day apart. */
const SHOWN_OF_ID = 8;

/** What a terminal would obey, or show in another order, is shown as a dot. */
function oneLine(sql: string): string {
  return sql
    .trim()
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, "·");
}

function cut(text: string, { columns }: LogStream, before: number): string {
  const characters = [...text];
  if (columns === undefined || before + characters.length <= columns) return text;
  return `${characters.slice(0, Math.max(columns - before - 1, 0)).join("")}…`;
}

/** How many sets of a batch are shown. */
const SHOWN_SETS = 3;

function valuesOf(sets: readonly RecordedParameter[][]): string {
  const shown = sets.slice(0, SHOWN_SETS).map((set) => set.map(shownValue).join(" "));
  const left = sets.length - shown.length;
  return [...shown, ...(left > 0 ? [`${left} more`] : [])].join(" | ");
}

function shownValue({ name, value, typeHint }: RecordedParameter): string {
  const [content] = Object.values(value);
  const text = "isNull" in value ? "null" : oneLine(JSON.stringify(content));
  return `:${oneLine(name)}=${text}${typeHint === undefined ? "" : ` ${typeHint}`}`;
}
