// A session over one backend of either engine. It keeps the state, and a lost session stays lost.
import { prolong, stayAwake } from "./awake.ts";
import {
  type BoundValue,
  connectionLost,
  type Session,
  type SessionState,
  type StatementResult,
} from "./engine.ts";
import type { Answer } from "./wire.ts";

/** What runs statements, one at a time. */
export interface Backend {
  /** Resolves when the backend is ready for the next statement. @throws DataApiError if it is stopped or lost */
  run(sql: string, values: readonly BoundValue[]): Promise<Answer>;
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
    stayAwake();
    const answer = await this.#backend.run(sql, values);
    prolong();
    if (this.state !== "lost") this.#state = answer.state;
    if (answer.error) throw answer.error;
    return answer.result;
  }

  /** Its backend is gone, or another session has it by now. */
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
