// PostgreSQL's frontend/backend protocol 3.0, as much as one statement needs: both engines take and give its bytes.
// (The `query` of PGlite and of `pg` leave the types of parameters to the server, which would hide missing casts.)
// https://www.postgresql.org/docs/18/protocol-message-formats.html
import { DataApiError, DatabaseError, type DatabaseErrorFields } from "../errors.ts";
import type { BoundValue, ResultColumn, SessionState, StatementResult } from "./engine.ts";

const TEXT = 0;
const BINARY = 1;

/** Parse, Bind, Describe, Execute and Sync of one unnamed statement; results are asked for as text. */
export function encodeStatement(sql: string, values: readonly BoundValue[]): Uint8Array<ArrayBuffer> {
  const sqlBytes = Buffer.byteLength(sql);
  let size = 1 + 4 + 1 + sqlBytes + 1 + 2 + 4 * values.length; // Parse
  size += 1 + 4 + 1 + 1 + 2 + 2 * values.length + 2 + 2; // Bind, without its values
  const lengths = values.map(({ value }) => {
    const length = value === null ? -1 : typeof value === "string" ? Buffer.byteLength(value) : value.length;
    size += 4 + Math.max(length, 0);
    return length;
  });
  size += 1 + 4 + 1 + 1 + (1 + 4 + 1 + 4) + (1 + 4); // Describe, Execute, Sync

  const buffer = Buffer.from(new ArrayBuffer(size));
  let at = 0;
  const byte = (value: number) => {
    at = buffer.writeUInt8(value, at);
  };
  const int16 = (value: number) => {
    at = buffer.writeUInt16BE(value, at);
  };
  const int32 = (value: number) => {
    at = buffer.writeInt32BE(value, at);
  };
  /** Writes a message's letter, leaves room for its length, and fills that in when the body is written. */
  const message = (letter: string, body: () => void) => {
    byte(letter.charCodeAt(0));
    const start = at;
    at += 4;
    body();
    buffer.writeInt32BE(at - start, start);
  };

  message("P", () => {
    byte(0);
    at += buffer.write(sql, at);
    byte(0);
    int16(values.length);
    for (const { oid } of values) at = buffer.writeUInt32BE(oid, at);
  });
  message("B", () => {
    byte(0);
    byte(0);
    int16(values.length);
    for (const { value } of values) int16(Buffer.isBuffer(value) ? BINARY : TEXT);
    int16(values.length);
    for (const [index, { value }] of values.entries()) {
      int32(lengths[index] ?? -1);
      if (typeof value === "string") at += buffer.write(value, at);
      else if (value !== null) at += value.copy(buffer, at);
    }
    int16(0);
  });
  message("D", () => {
    byte("P".charCodeAt(0));
    byte(0);
  });
  message("E", () => {
    byte(0);
    int32(0);
  });
  message("S", () => {});
  return new Uint8Array(buffer.buffer, 0, size);
}

/** A simple query: one statement without parameters, of which only success matters. */
function encodeQuery(sql: string): Uint8Array<ArrayBuffer> {
  const size = 1 + 4 + Buffer.byteLength(sql) + 1;
  const buffer = Buffer.from(new ArrayBuffer(size));
  buffer.write("Q");
  buffer.writeInt32BE(size - 1, 1);
  buffer.write(sql, 5);
  return new Uint8Array(buffer.buffer);
}

/** What ends a transaction, and what gives a session back its initial state. */
export const ROLLBACK = encodeQuery("rollback");
export const DISCARD_ALL = encodeQuery("discard all");
/** PGlite's owner, as which every call runs there. */
export const OWNER_AGAIN = encodeQuery("set session authorization postgres");

/**
 * Several times what any answer may be in JSON, however PostgreSQL writes it. What is longer is refused unread: a value
 * may be longer than a string can be here.
 */
const ANSWER_MAX_BYTES = 64 * 1024 * 1024;

interface Decoded {
  result: StatementResult;
  error: DatabaseError | DataApiError | undefined;
  state: SessionState;
}

/** Reads everything that the backend said to one statement. */
export function decodeAnswer(bytes: Uint8Array): Decoded {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const result: StatementResult = { columns: undefined, rows: [], tag: "" };
  const tooLong = bytes.length > ANSWER_MAX_BYTES;
  let error: Decoded["error"] = tooLong
    ? new DataApiError("UnsupportedResultException", "The result exceeds the size limit 1 MB")
    : undefined;
  let state: SessionState = "idle";
  for (let at = 0; at < buffer.length; ) {
    const letter = String.fromCharCode(buffer[at] ?? 0);
    const end = at + 1 + buffer.readInt32BE(at + 1);
    const body = at + 5;
    if (letter === "T") result.columns = readColumns(buffer, body);
    else if (letter === "D" && !tooLong) result.rows.push(readRow(buffer, body));
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
  D: "detail",
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

const HEAD_BYTES = 5;
const READY = "Z".charCodeAt(0);

/** Cuts what a backend sends into answers, each up to and with its readiness for the next statement. */
export class AnswerReader {
  /** The messages of an answer that are complete. */
  #messages: Buffer[] = [];
  /** A message that is not. */
  #partial: Buffer[] = [];
  #partialBytes = 0;
  #neededBytes = HEAD_BYTES;

  /** Answers what has become complete: nothing, or an answer, seldom several. */
  push(chunk: Buffer): Buffer[] {
    this.#partial.push(chunk);
    this.#partialBytes += chunk.length;
    if (this.#partialBytes < this.#neededBytes) return [];
    const buffer = join(this.#partial);
    const answers: Buffer[] = [];
    let start = 0;
    let at = 0;
    this.#neededBytes = HEAD_BYTES;
    while (at + HEAD_BYTES <= buffer.length) {
      const end = at + 1 + buffer.readInt32BE(at + 1);
      if (end > buffer.length) {
        this.#neededBytes = end - at;
        break;
      }
      if (buffer[at] === READY) {
        this.#messages.push(buffer.subarray(start, end));
        answers.push(join(this.#messages));
        this.#messages = [];
        start = end;
      }
      at = end;
    }
    if (at > start) this.#messages.push(buffer.subarray(start, at));
    this.#partial = at < buffer.length ? [buffer.subarray(at)] : [];
    this.#partialBytes = buffer.length - at;
    return answers;
  }

  /** What came of an answer that will never be complete. */
  get rest(): Buffer {
    return join(this.#messages);
  }
}

function join(parts: Buffer[]): Buffer {
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}
