// A session over one backend's protocol, whichever backend it is: it keeps the state, and what was lost stays lost.
import {
  type BoundValue,
  connectionLost,
  type Session,
  type SessionState,
  type StatementResult,
} from "./engine.ts";
import { decodeAnswer, encodeStatement } from "./wire.ts";

/** What takes the bytes of statements, one at a time. */
export interface Backend {
  /** Resolves to everything that the backend says up to its next readiness. @throws DataApiError, DatabaseError */
  exchange(statement: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  cancel(): void;
}

export class BackendSession implements Session {
  readonly #backend: Backend;
  readonly #release: (session: BackendSession) => void;
  #state: SessionState = "idle";

  constructor(backend: Backend, release: (session: BackendSession) => void) {
    this.#backend = backend;
    this.#release = release;
  }

  get state(): SessionState {
    return this.#state;
  }

  async run(sql: string, values: readonly BoundValue[]): Promise<StatementResult> {
    if (this.#state === "lost") throw connectionLost();
    const answer = decodeAnswer(await this.#backend.exchange(encodeStatement(sql, values)));
    if (this.state !== "lost") this.#state = answer.state;
    if (answer.error) throw answer.error;
    return answer.result;
  }

  /** Its backend is gone, or another's by now. */
  lose(): void {
    this.#state = "lost";
  }

  cancel(): void {
    this.#backend.cancel();
  }

  release(): void {
    this.#release(this);
  }
}
