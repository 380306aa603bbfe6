// One statement by `pg`'s interface for queries of other kinds, which pg-cursor uses as well. `pg`'s own query leaves the
// types of parameters to the server, which would hide missing casts, and turns values into JavaScript's.
import type { Duplex } from "node:stream";
import type pg from "pg";
import type { DataRowMessage } from "pg-protocol/dist/messages.js";
import type { BoundValue } from "./engine.ts";
import { AnswerReader, encodeStatement, tooLong } from "./wire.ts";

/**
 * `pg` turns each message into strings, of which none can have more than 512 MiB: an exception there, which nothing could
 * catch, would end the process. A message of half that length is not waited for, and ends the connection.
 */
const MESSAGE_MAX_BYTES = 256 * 1024 * 1024;

export class PostgresStatement extends AnswerReader implements pg.Submittable {
  readonly #sql: string;
  readonly #values: readonly BoundValue[];
  /** Of the message that is on its way. */
  #messageBytes = 0;
  #stream: Duplex | undefined;

  constructor(sql: string, values: readonly BoundValue[]) {
    super();
    this.#sql = sql;
    this.#values = values;
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

  override handleDataRow(row: DataRowMessage): void {
    this.#messageBytes = 0;
    super.handleDataRow(row);
  }

  handleEmptyQuery(): void {}

  handleReadyForQuery(): void {}
}
