// The open transactions by id: who is busy, and when each ends by itself. A transaction ends after 3 minutes
// without a call and after 24 hours in all [doc]; two calls at once on one are refused at once [live].
import { randomBytes } from "node:crypto";
import type { Clock, Timer } from "../clock.ts";
import type { Engine, Session } from "../engine/engine.ts";
import { DataApiError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { TypeCatalog } from "../results/types.ts";
import type { Secret } from "../secret.ts";

/** A database of the server, as operations and transactions know it. */
export interface Database {
  /** As requests name it. */
  name: string;
  engine: Engine;
  /** The types that it made. */
  types: TypeCatalog;
}

interface Transaction {
  session: Session;
  database: Database;
  /** Of the secret that it was begun with. */
  secret: Secret;
  idle: Timer | undefined;
  total: Timer;
  busy: boolean;
  /** Its time ended while a statement ran: it ends with the statement. */
  expired: boolean;
}

/** The same whether the id never was, has ended or has expired. */
export function transactionNotFound(id: string): DataApiError {
  return new DataApiError("TransactionNotFoundException", `Transaction ${id} is not found`);
}

export class Transactions {
  readonly #clock: Clock;
  readonly #open = new Map<string, Transaction>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a session of `database` that is in a transaction, begun with `secret`; answers the id. */
  add(session: Session, database: Database, secret: Secret): string {
    const id = randomBytes(96).toString("base64"); // 128 characters, about what AWS sends
    const transaction: Transaction = {
      session,
      database,
      secret,
      idle: undefined,
      total: this.#clock.after(LIMITS.transactionMs, () => this.#expire(id, transaction)),
      busy: false,
      expired: false,
    };
    this.#open.set(id, transaction);
    this.#wait(id, transaction);
    return id;
  }

  /**
   * Runs `use` in the transaction. `last` ends it, also after an error. A request need not name the transaction's
   * database.
   * @throws DataApiError TransactionNotFoundException for an id that never was, has ended or has expired.
   */
  async use<T>(
    { id, database, secret }: { id: string; database?: string | undefined; secret: Secret },
    use: (session: Session, database: Database) => Promise<T>,
    last = false,
  ): Promise<T> {
    const transaction = this.#open.get(id);
    const lost = transaction?.session.state === "lost";
    if (transaction && lost) this.#expire(id, transaction);
    if (!transaction || lost) throw transactionNotFound(id);
    if (database !== undefined && database !== transaction.database.name) {
      throw new DataApiError(
        "BadRequestException",
        `The transaction was begun in the database "${transaction.database.name}", not in "${database}".`,
      );
    }
    if (secret !== transaction.secret) {
      throw new DataApiError("BadRequestException", "The transaction was begun with another secret.");
    }
    if (transaction.busy) {
      throw new DataApiError("DatabaseErrorException", "Transaction is still running a query");
    }
    transaction.busy = true;
    transaction.idle?.cancel();
    try {
      return await use(transaction.session, transaction.database);
    } finally {
      transaction.busy = false;
      // A COMMIT sent as a statement ends a transaction as well.
      const over = transaction.session.state === "idle" || transaction.session.state === "lost";
      if (last || over || transaction.expired) this.#end(id, transaction);
      else this.#wait(id, transaction);
    }
  }

  /** Rolls a transaction back, without its owner knowing. If a statement runs in it, it ends with the statement. */
  lose(id: string): void {
    const transaction = this.#open.get(id);
    if (transaction) this.#expire(id, transaction);
  }

  /** Ends those whose session is lost: their ids are unknown from then on. */
  endLost(): void {
    for (const [id, transaction] of this.#open) {
      if (transaction.session.state === "lost") this.#expire(id, transaction);
    }
  }

  /** Ends every transaction. If a statement runs in one, it ends with the statement. */
  close(): void {
    for (const [id, transaction] of this.#open) this.#expire(id, transaction);
  }

  #wait(id: string, transaction: Transaction): void {
    transaction.idle = this.#clock.after(LIMITS.transactionIdleMs, () => this.#expire(id, transaction));
  }

  #expire(id: string, transaction: Transaction): void {
    if (transaction.busy) transaction.expired = true;
    else this.#end(id, transaction);
  }

  #end(id: string, transaction: Transaction): void {
    transaction.idle?.cancel();
    transaction.total.cancel();
    this.#open.delete(id);
    transaction.session.release();
  }
}
