// The inside of an execution environment: loads the handler in this worker thread and calls it, one event after the
// other, as Lambda's runtime does. The outside is environment.ts.
import { parentPort, workerData } from "node:worker_threads";
import type { Context } from "aws-lambda";

/** What the function knows of itself, and where its code is. */
export interface RuntimeData {
  /** URL of the module. */
  module: string;
  /** Name of the export. */
  handler: string;
  functionName: string;
  memoryMegabytes: number;
}

/** From the outside: an event (JSON), with the time when it will be stopped in milliseconds since 1970; or that this is all. */
export type RuntimeCommand = { requestId: string; event: string; deadline: number } | { end: true };

/** An error as Lambda reports it. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

/** To the outside: first that the code is loaded, then one for each event; `payload` is JSON. */
export type RuntimeMessage = { ready: true } | { payload: string } | { error: FunctionError };

/** What Lambda gives a handler of Node.js 24, where the callbacks (`done`, `fail`, `succeed`) are gone. */
type HandlerContext = Omit<Context, "done" | "fail" | "succeed">;
type Handler = (event: unknown, context: HandlerContext) => unknown;

/** @param thrown anything */
export function toFunctionError(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error))
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  const stack = thrown.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  return { errorType: thrown.name, errorMessage: thrown.message, trace: stack.map((line) => line.trim()) };
}

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
    // Ends when the outside has read all that was written.
    if ("end" in command) return process.stdout.end(() => process.exit());
    const { requestId, event, deadline } = command;
    const context: HandlerContext = {
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      functionName: data.functionName,
      functionVersion: "$LATEST",
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
      invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION}:000000000000:function:${data.functionName}`,
      logGroupName: `/aws/lambda/${data.functionName}`,
      logStreamName: "local",
      memoryLimitInMB: String(data.memoryMegabytes),
    };
    try {
      tell({ payload: JSON.stringify((await handler(JSON.parse(event), context)) ?? null) });
    } catch (thrown) {
      tell({ error: toFunctionError(thrown) });
    }
  });
  tell({ ready: true });
}

if (parentPort) await run(parentPort, workerData);
