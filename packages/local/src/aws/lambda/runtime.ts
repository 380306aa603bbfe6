// The inside of an execution environment: loads the handler in this worker thread and calls it, one event after the
// other, as Lambda's runtime does. The outside is environment.ts.
import { parentPort, workerData } from "node:worker_threads";
import {
  callHandler,
  type FunctionError,
  type FunctionFacts,
  type Handler,
  type Invocation,
} from "./handler.ts";

/** What the thread is given at its start. */
export interface RuntimeData extends FunctionFacts {
  /** URL of the module. */
  module: string;
  /** Name of the export. */
  handler: string;
}

/** From the outside: an event, or the end. */
export type RuntimeCommand = Invocation | { end: true };

/** To the outside: first that the code is loaded, then one outcome for each event. */
export type RuntimeMessage = { ready: true } | { payload: string } | { error: FunctionError };

async function loadHandler({ module, handler }: RuntimeData): Promise<Handler> {
  const exports: Record<string, unknown> = await import(module);
  const found = exports[handler];
  if (typeof found !== "function") throw new TypeError(`${module} exports no function ${handler}`);
  return found as Handler;
}

async function run(port: NonNullable<typeof parentPort>, data: RuntimeData) {
  const tell = (message: RuntimeMessage) => port.postMessage(message);
  const handler = await loadHandler(data);
  port.on("message", async (command: RuntimeCommand) => {
    // The process ends when the outside has read all that was written.
    if ("end" in command) return process.stdout.end(() => process.exit());
    tell(await callHandler(handler, data, command));
  });
  tell({ ready: true });
}

if (parentPort) await run(parentPort, workerData);
