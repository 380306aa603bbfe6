// PostgreSQL's frontend/backend protocol 3.0, as much as one statement needs: PGlite takes and gives its bytes. (PGlite's
// own `query` leaves the types of parameters to the server, which would hide missing casts.)
// https://www.postgresql.org/docs/18/protocol-message-formats.html
import { serialize } from "pg-protocol";
import { DataApiError, DatabaseError, type DatabaseErrorFields } from "../errors.ts";
import type { BoundValue, ResultColumn, SessionState, StatementResult } from "./engine.ts";

/** Parse, Bind, Describe, Execute and Sync of one unnamed statement; results are asked for as text. */
export function encodeStatement(sql: string, values: readonly BoundValue[]): Uint8Array<ArrayBuffer> {
  return joined([
    serialize.parse({ text: sql, types: values.map(({ oid }) => oid) }),
    serialize.bind({ values: values.map(({ value }) => value) }),
    serialize.describe({ type: "P" }),
    serialize.execute(),
    serialize.sync(),
  ]);
}

/** Simple queries without parameters, of which only success matters. */
export function encodeQueries(queries: readonly string[]): Uint8Array<ArrayBuffer> {
  return joined(queries.map((query) => serialize.query(query)));
}

/** In memory of their own: Node.js's small buffers share some, all of which would go along to another thread. */
function joined(messages: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(messages.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const message of messages) {
    bytes.set(message, at);
    at += message.length;
  }
  return bytes;
}

/**
 * Several times what any answer may be in JSON, however PostgreSQL writes it. What is longer is refused unread: a value
 * may be longer than a string can be here.
 */
export const ANSWER_MAX_BYTES = 64 * 1024 * 1024;

export const tooLong = () =>
  new DataApiError("UnsupportedResultException", "The result exceeds the size limit 1 MB");

/** Everything that a backend said to one statement. */
export interface Answer {
  result: StatementResult;
  error: Error | undefined;
  /** After the statement. */
  state: SessionState;
}

export function decodeAnswer(bytes: Uint8Array): Answer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const result: StatementResult = { columns: undefined, rows: [], tag: "" };
  const isTooLong = bytes.length > ANSWER_MAX_BYTES;
  let error: Answer["error"] = isTooLong ? tooLong() : undefined;
  let state: SessionState = "idle";
  for (let at = 0; at < buffer.length; ) {
    const letter = String.fromCharCode(buffer[at] ?? 0);
    const end = at + 1 + buffer.readInt32BE(at + 1);
    const body = at + 5;
    if (letter === "T") result.columns = readColumns(buffer, body);
    else if (letter === "D" && !isTooLong) result.rows.push(readRow(buffer, body));
    else if (letter === "C") result.tag = buffer.toString("utf8", body, end - 1);
    else if (letter === "E") error ??= readError(buffer, body);
    else if (letter === "Z") state = readState(buffer[body]);
    at = end;
  }
  return { result, error, state };
}

function readColumns(buffer: Buffer, start: number): ResultColumn[] {
  const columns: ResultColumn[] = [];
  let at = start + 2;
  for (let left = buffer.readUInt16BE(start); left > 0; left--) {
    const end = buffer.indexOf(0, at);
    columns.push({
      name: buffer.toString("utf8", at, end),
      tableOid: buffer.readUInt32BE(end + 1),
      attribute: buffer.readInt16BE(end + 5),
      typeOid: buffer.readUInt32BE(end + 7),
      typeModifier: buffer.readInt32BE(end + 13),
    });
    at = end + 19;
  }
  return columns;
}

function readRow(buffer: Buffer, start: number): (string | null)[] {
  const count = buffer.readUInt16BE(start);
  const row = new Array<string | null>(count);
  let at = start + 2;
  for (let index = 0; index < count; index++) {
    const length = buffer.readInt32BE(at);
    at += 4;
    if (length < 0) {
      row[index] = null;
    } else {
      row[index] = buffer.toString("utf8", at, at + length);
      at += length;
    }
  }
  return row;
}

const ERROR_FIELDS: Record<string, keyof DatabaseErrorFields> = {
  V: "severity",
  C: "code",
  M: "message",
  H: "hint",
  P: "position",
};

function readError(buffer: Buffer, start: number): DatabaseError {
  const fields: DatabaseErrorFields = { severity: "ERROR", code: "XX000", message: "" };
  for (let at = start; buffer[at] !== 0 && at < buffer.length; ) {
    const end = buffer.indexOf(0, at);
    const field = ERROR_FIELDS[String.fromCharCode(buffer[at] ?? 0)];
    if (field) fields[field] = buffer.toString("utf8", at + 1, end);
    at = end + 1;
  }
  return new DatabaseError(fields);
}

function readState(byte: number | undefined): SessionState {
  if (byte === "T".charCodeAt(0)) return "open";
  return byte === "E".charCodeAt(0) ? "failed" : "idle";
}
