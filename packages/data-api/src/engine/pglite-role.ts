// The session of a role over PGlite, which has no logins: its one backend works as the owner, and takes the role on.
import { DatabaseError } from "../errors.ts";
import type { BoundValue, Session, SessionState, StatementResult } from "./engine.ts";

/** What PostgreSQL says of a role that does not exist. */
const INVALID_PARAMETER_VALUE = "22023";

export class RoleSession implements Session {
  readonly #session: Session;
  readonly #username: string;

  /** @param session in its initial state, which gets that back when it is released */
  constructor(session: Session, username: string) {
    this.#session = session;
    this.#username = username;
  }

  get state(): SessionState {
    return this.#session.state;
  }

  /** The role is taken on before each statement, because the one before may have left it. */
  async run(sql: string, values: readonly BoundValue[]): Promise<StatementResult> {
    if (this.state !== "failed") await this.#takeOn();
    return this.#session.run(sql, values);
  }

  cancel(): void {
    this.#session.cancel();
  }

  release(): void {
    this.#session.release();
  }

  async #takeOn(): Promise<void> {
    try {
      await this.#session.run(`set session authorization "${this.#username.replaceAll('"', '""')}"`, []);
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.fields.code !== INVALID_PARAMETER_VALUE) throw error;
      throw loginFailed(this.#username);
    }
  }
}

/** In PostgreSQL's words, which are the same for a wrong password and for a role that does not exist. */
const loginFailed = (username: string) =>
  new DatabaseError({
    severity: "FATAL",
    code: "28P01",
    message: `password authentication failed for user "${username}"`,
  });
