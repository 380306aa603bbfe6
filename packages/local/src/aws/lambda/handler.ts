// What a Lambda function is to those who call it, and what happens around its handler: the context that it is given, its
// answer as JSON, and how Lambda reports an error. The two kinds of function here (a worker thread, this process) share it.
import type { Context } from "aws-lambda";

/** A function that can be called, as Lambda's Invoke calls it. */
export interface LambdaFunction {
  readonly name: string;
  /**
   * @param event JSON of at most `EVENT_MAX_BYTES`
   * @param gone aborted when its caller no longer waits: an event that no environment has yet is dropped then
   */
  invoke(event: string, gone?: AbortSignal): Promise<Outcome>;
}

/** How an invocation ended; `payload` is JSON. */
export type Outcome = { payload: string } | { error: FunctionError };

/** An error as Lambda reports it. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

/** Called with each error of a function that its caller does not see. */
export type OnFault = (functionName: string, error: FunctionError) => void;

/** Bytes of an event that Lambda accepts, and of an answer that it passes on (both called 6 MB; observed in its messages). */
export const EVENT_MAX_BYTES = 6_291_456;
export const PAYLOAD_MAX_BYTES = 6_291_556;

/** What the handler's context says about its function. */
export interface FunctionFacts {
  functionName: string;
  memoryMegabytes: number;
}

export interface Invocation {
  requestId: string;
  /** JSON. */
  event: string;
  /** When the function will be stopped, in milliseconds since 1970. */
  deadline: number;
}

/** The context of Node.js 24, which no longer has the callbacks `done`, `fail` and `succeed`. */
export type HandlerContext = Omit<Context, "done" | "fail" | "succeed">;
/** `never` lets a handler declare the event that it is meant for. */
export type Handler = (event: never, context: HandlerContext) => unknown;

/** Calls the handler with one event. */
export async function callHandler(
  handler: Handler,
  { functionName, memoryMegabytes }: FunctionFacts,
  { requestId, event, deadline }: Invocation,
): Promise<Outcome> {
  const context: HandlerContext = {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: "$LATEST",
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION}:000000000000:function:${functionName}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: "local",
    memoryLimitInMB: String(memoryMegabytes),
  };
  try {
    return { payload: JSON.stringify((await handler(JSON.parse(event) as never, context)) ?? null) };
  } catch (thrown) {
    return { error: toFunctionError(thrown) };
  }
}

/** Replaces an answer that is too large by the error that Lambda reports then. */
export function limited(outcome: Outcome): Outcome {
  if ("error" in outcome || Buffer.byteLength(outcome.payload) <= PAYLOAD_MAX_BYTES) return outcome;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${PAYLOAD_MAX_BYTES} bytes).`;
  return { error: { errorType: "Function.ResponseSizeTooLarge", errorMessage, trace: [] } };
}

/** @param thrown anything */
export function toFunctionError(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error))
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  const stack = thrown.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  return { errorType: thrown.name, errorMessage: thrown.message, trace: stack.map((line) => line.trim()) };
}
