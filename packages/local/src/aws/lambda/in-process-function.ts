// A Lambda function whose handler runs in this process, for tests: they can stub what it uses, and see what it writes.
// It has no time limit, and its environment is this process's.
import { randomUUID } from "node:crypto";
import { callHandler, type Handler, type LambdaFunction, limited, type Outcome } from "./handler.ts";

const TIMEOUT_SECONDS = 60;
const MEMORY_MEGABYTES = 512;

export class InProcessFunction implements LambdaFunction {
  readonly name: string;
  readonly #handler: Handler;

  constructor(name: string, handler: Handler) {
    this.name = name;
    this.#handler = handler;
  }

  async invoke(event: string): Promise<Outcome> {
    const facts = { functionName: this.name, memoryMegabytes: MEMORY_MEGABYTES };
    const deadline = Date.now() + TIMEOUT_SECONDS * 1000;
    return limited(await callHandler(this.#handler, facts, { requestId: randomUUID(), event, deadline }));
  }
}
