// PostgreSQL's frontend/backend protocol 3.0, as much as one statement needs: PGlite takes and gives its bytes. (PGlite's
// own `query` leaves the types of parameters to the server, which would hide missing casts.)
// https://www.postgresql.org/docs/18/protocol-message-formats.html
import { serialize } from "pg-protocol";
import {
  CommandCompleteMessage,
  DataRowMessage,
  DatabaseError as ErrorMessage,
  ReadyForQueryMessage,
  RowDescriptionMessage,
} from "pg-protocol/dist/messages.js";
import { Parser } from "pg-protocol/dist/parser.js";
import { DataApiError, DatabaseError } from "../errors.ts";
import type { BoundValue, SessionState, StatementResult } from "./engine.ts";

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
export function joined(messages: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
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
const ANSWER_MAX_BYTES = 64 * 1024 * 1024;

export const tooLong = () =>
  new DataApiError("UnsupportedResultException", "The result exceeds the size limit 1 MB");

/** Everything that a backend said to one statement. */
export interface Answer {
  result: StatementResult;
  error: Error | undefined;
  /** After the statement. */
  state: SessionState;
}

/** What PostgreSQL calls the states of a session. */
export const STATES: Record<string, SessionState> = { I: "idle", T: "open", E: "failed" };

/** Collects an answer from its messages, which `pg` hands over by these methods. */
export class AnswerReader {
  readonly #result: StatementResult = { columns: undefined, rows: [], tag: "" };
  #rowBytes = 0;
  #error: Error | undefined;

  /** As far as the answer has come. */
  get answer(): Omit<Answer, "state"> {
    return { result: this.#result, error: this.#error ?? (this.#isTooLong ? tooLong() : undefined) };
  }

  get #isTooLong(): boolean {
    return this.#rowBytes > ANSWER_MAX_BYTES;
  }

  handleRowDescription({ fields }: RowDescriptionMessage): void {
    this.#result.columns = fields.map((field) => ({
      name: field.name,
      tableOid: field.tableID,
      attribute: field.columnID,
      typeOid: field.dataTypeID,
      typeModifier: field.dataTypeModifier,
    }));
  }

  handleDataRow({ fields, length }: DataRowMessage): void {
    this.#rowBytes += length;
    if (this.#isTooLong) this.#result.rows = [];
    else this.#result.rows.push(fields);
  }

  handleCommandComplete({ text }: CommandCompleteMessage): void {
    this.#result.tag = text;
  }

  handleError(error: Error): void {
    this.#error ??= databaseErrorOf(error);
  }
}

/** Reads PGlite's answer, which is there as a whole. */
export function decodeAnswer(bytes: Uint8Array): Answer {
  const reader = new AnswerReader();
  let state: SessionState = "idle";
  new Parser().parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), (message) => {
    if (message instanceof DataRowMessage) reader.handleDataRow(message);
    else if (message instanceof RowDescriptionMessage) reader.handleRowDescription(message);
    else if (message instanceof CommandCompleteMessage) reader.handleCommandComplete(message);
    else if (message instanceof ReadyForQueryMessage) state = STATES[message.status] ?? "idle";
    else if (message instanceof ErrorMessage) reader.handleError(message);
  });
  return { ...reader.answer, state };
}

/** An error of the server's own; any other stays as it is. */
export function databaseErrorOf(error: Error): Error {
  if (!(error instanceof ErrorMessage)) return error;
  const { severity, code, message, hint, position } = error;
  return new DatabaseError({
    severity: severity ?? "ERROR",
    code: code ?? "XX000",
    message,
    hint,
    position,
  });
}
