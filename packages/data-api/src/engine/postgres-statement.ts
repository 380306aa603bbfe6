// One statement by `pg`'s interface for queries of other kinds, which pg-cursor uses as well. `pg`'s own query leaves the
// types of parameters to the server, which would hide missing casts, and turns values into JavaScript's.
import type { Duplex } from "node:stream";
import type pg from "pg";
import type {
  CommandCompleteMessage,
  DataRowMessage,
  RowDescriptionMessage,
} from "pg-protocol/dist/messages.js";
import { DatabaseError } from "../errors.ts";
import type { BoundValue, StatementResult } from "./engine.ts";
import { ANSWER_MAX_BYTES, type Answer, encodeStatement, tooLong } from "./wire.ts";

/**
 * `pg` turns each message into strings, of which none can have more than 512 MiB: an exception there, which nothing could
 * catch, would end the process. A message of half that length is not waited for, and ends the connection.
 */
const MESSAGE_MAX_BYTES = 256 * 1024 * 1024;

export class PostgresStatement implements pg.Submittable {
  readonly #sql: string;
  readonly #values: readonly BoundValue[];
  readonly #result: StatementResult = { columns: undefined, rows: [], tag: "" };
  #rowBytes = 0;
  /** Of the message that is on its way. */
  #messageBytes = 0;
  #stream: Duplex | undefined;
  #error: Error | undefined;

  constructor(sql: string, values: readonly BoundValue[]) {
    this.#sql = sql;
    this.#values = values;
  }

  /** What was answered, as far as the answer has come. */
  get answer(): Omit<Answer, "state"> {
    return { result: this.#result, error: this.#error ?? (this.#isTooLong ? tooLong() : undefined) };
  }

  get #isTooLong(): boolean {
    return this.#rowBytes > ANSWER_MAX_BYTES;
  }

  submit(connection: pg.Connection): void {
    this.#stream = connection.stream.prependListener("data", this.#count);
    // The connection's own methods would send each of the five messages by itself.
    connection.stream.write(encodeStatement(this.#sql, this.#values));
  }

  /** Call it when the answer is complete. */
  ended(): void {
    this.#stream?.off("data", this.#count);
  }

  readonly #count = ({ length }: Buffer) => {
    this.#messageBytes += length;
    if (this.#messageBytes > MESSAGE_MAX_BYTES) this.#stream?.destroy(tooLong());
  };

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
    this.#messageBytes = 0;
    this.#rowBytes += length;
    if (this.#isTooLong) this.#result.rows = [];
    else this.#result.rows.push(fields);
  }

  handleCommandComplete({ text }: CommandCompleteMessage): void {
    this.#result.tag = text;
  }

  handleEmptyQuery(): void {}

  handleError(error: Error): void {
    this.#error ??= databaseErrorOf(error);
  }

  handleReadyForQuery(): void {}
}

/** An error of the server's own; any other stays as it is. */
export function databaseErrorOf(error: Error): Error {
  if (!("severity" in error && "code" in error)) return error;
  const { severity, code, message, hint, position } = error as pg.DatabaseError;
  return new DatabaseError({
    severity: severity ?? "ERROR",
    code: code ?? "XX000",
    message,
    hint,
    position,
  });
}
