// Lambda's Invoke, for the ways in which the functions use it: wait for the answer, or have the event handled later.
import type { HttpResponse } from "../loopback.ts";
import { awsError, isJson } from "../protocol.ts";
import { EVENT_MAX_BYTES, type LambdaFunction, type OnFault } from "./handler.ts";

/** Bytes of an event that Lambda accepts for later. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ASYNC_EVENT_MAX_BYTES = 1024 * 1024;
/** Lambda repeats a failed event after one minute and after two more: too long to wait on a laptop. */
const RETRY_DELAYS_MS = [1000, 2000];

/**
 * @param type the header `X-Amz-Invocation-Type`
 * @param later takes events of the type `Event`
 */
export async function invoke(
  called: LambdaFunction,
  type: string,
  body: Buffer,
  { later, onFault }: { later: AsyncInvocations; onFault: OnFault },
): Promise<HttpResponse> {
  const event = body.length === 0 ? "{}" : body.toString();
  if (!isJson(event)) return awsError(400, "InvalidRequestContentException", "The event is not JSON.");
  if (type === "Event") {
    if (body.length > ASYNC_EVENT_MAX_BYTES) return eventTooLarge(ASYNC_EVENT_MAX_BYTES);
    later.add(called, event);
    return { status: 202, headers: {}, body: "" };
  }
  if (type !== "RequestResponse")
    return awsError(400, "InvalidParameterValueException", `Unknown invocation type ${type}.`);
  const outcome = await called.invoke(event);
  const headers: HttpResponse["headers"] = {
    "content-type": "application/json",
    "x-amz-executed-version": "$LATEST",
  };
  if ("payload" in outcome) return { status: 200, headers, body: outcome.payload };
  onFault(called.name, outcome.error);
  headers["x-amz-function-error"] = "Unhandled";
  return { status: 200, headers, body: JSON.stringify(outcome.error) };
}

/** @param maxBytes what Lambda accepts */
export function eventTooLarge(maxBytes = EVENT_MAX_BYTES): HttpResponse {
  return awsError(413, "RequestTooLargeException", `The event must be smaller than ${maxBytes} bytes.`);
}

/** Events whose callers don't wait: each is handled at once, and repeated if that fails. */
export class AsyncInvocations {
  readonly #onFault: OnFault;
  readonly #retryDelaysMs: readonly number[];
  readonly #running = new Set<Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(onFault: OnFault, retryDelaysMs: readonly number[] = RETRY_DELAYS_MS) {
    this.#onFault = onFault;
    this.#retryDelaysMs = retryDelaysMs;
  }

  add(called: LambdaFunction, event: string): void {
    this.#start(called, event, this.#retryDelaysMs);
  }

  /** Resolves when all are handled, also those that are added meanwhile. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Drops the events that wait for a repetition. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #start(called: LambdaFunction, event: string, delays: readonly number[]) {
    const running = this.#run(called, event, delays).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #run(called: LambdaFunction, event: string, [delay, ...others]: readonly number[]) {
    const outcome = await called.invoke(event);
    if (this.#stopped || "payload" in outcome) return;
    this.#onFault(called.name, outcome.error);
    if (delay === undefined) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#start(called, event, others);
    }, delay);
    this.#timers.add(timer);
  }
}
