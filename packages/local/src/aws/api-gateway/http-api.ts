// API Gateway's HTTP API with one route, `$default`: each request becomes an event of the function behind it, and what the
// function returns becomes the response. It passes on what it was sent, and trusts none of it.
import type { IncomingMessage } from "node:http";
import { EVENT_MAX_BYTES, type LambdaFunction, type OnFault, toFunctionError } from "../lambda/handler.ts";
import { type HttpResponse, readBody } from "../loopback.ts";
import { type ApiRequest, REQUEST_MAX_BYTES, toEvent } from "./event.ts";
import { toResponse } from "./response.ts";

/** The integration timeout of an HTTP API, and its answer then (github.com/cortexlabs/cortex issue 1225 shows one). */
const INTEGRATION_TIMEOUT_SECONDS = 30;
const SERVICE_UNAVAILABLE = gatewayError(503, "Service Unavailable");
/** For a body over 10 MB. AWS does not document its answer to an event over Lambda's 6 MB; here it is the same. */
const REQUEST_ENTITY_TOO_LARGE = gatewayError(413, "Request Entity Too Large");
const INTERNAL_SERVER_ERROR = gatewayError(500, "Internal Server Error");
export const BAD_REQUEST = gatewayError(400, "Bad Request");

export interface HttpApiOptions {
  /** The function that answers. */
  integration: LambdaFunction;
  /** Called with each error of the function, which the client does not see. */
  onFault: OnFault;
  integrationTimeoutSeconds?: number;
  /** How many requests can be with the function at a time, and the answer to one more. Left out: any number. */
  limit?: { requests: number; refusal(): HttpResponse };
}

export class HttpApi {
  readonly #options: HttpApiOptions;
  /** Requests that are with the function, or wait for it. */
  #underWay = 0;

  constructor(options: HttpApiOptions) {
    this.#options = options;
  }

  /**
   * Answers a request as it comes from the network.
   * @param gone aborted when the client goes away
   * @param passed what a distribution before it makes of the request
   * @returns undefined if the client has gone
   */
  async receive(
    request: IncomingMessage,
    gone: AbortSignal,
    passed: Pick<ApiRequest, "rawHeaders" | "sourceIp"> = {
      rawHeaders: request.rawHeaders,
      sourceIp: request.socket.remoteAddress ?? "",
    },
  ): Promise<HttpResponse | undefined> {
    const body = await readBody(request, REQUEST_MAX_BYTES);
    if (gone.aborted) return undefined;
    if (body === undefined) return REQUEST_ENTITY_TOO_LARGE;
    const { limit } = this.#options;
    if (limit && this.#underWay >= limit.requests) return limit.refusal();
    const { method = "GET", url: target = "/" } = request;
    this.#underWay++;
    try {
      return await this.respond({ method, target, body, ...passed }, gone);
    } finally {
      this.#underWay--;
    }
  }

  /** @returns undefined if the client has gone */
  async respond(request: ApiRequest): Promise<HttpResponse>;
  async respond(request: ApiRequest, gone: AbortSignal): Promise<HttpResponse | undefined>;
  async respond(request: ApiRequest, gone?: AbortSignal): Promise<HttpResponse | undefined> {
    const { integration, onFault, integrationTimeoutSeconds = INTEGRATION_TIMEOUT_SECONDS } = this.#options;
    const event = toEvent(request, Date.now());
    const json = JSON.stringify(event);
    if (Buffer.byteLength(json) > EVENT_MAX_BYTES) return REQUEST_ENTITY_TOO_LARGE;

    const outcome = await withinSeconds(integrationTimeoutSeconds, gone, (over) =>
      integration.invoke(json, over),
    );
    if (gone?.aborted) return undefined;
    if (outcome === undefined) {
      onFault(integration.name, {
        errorType: "IntegrationTimeout",
        errorMessage: `No answer to ${request.method} ${event.rawPath} after ${integrationTimeoutSeconds} seconds`,
        trace: [],
      });
      return SERVICE_UNAVAILABLE;
    }
    if ("error" in outcome) {
      onFault(integration.name, outcome.error);
      return INTERNAL_SERVER_ERROR;
    }
    try {
      return toResponse(outcome.payload);
    } catch (error) {
      onFault(integration.name, toFunctionError(error));
      return INTERNAL_SERVER_ERROR;
    }
  }
}

/** An answer of API Gateway itself. */
function gatewayError(status: number, message: string): HttpResponse {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify({ message }) };
}

/**
 * @param gone ends the wait too
 * @param work gets a signal that is aborted when nobody waits for it any more
 * @returns undefined if it takes longer, or nobody waits
 */
async function withinSeconds<T>(
  seconds: number,
  gone: AbortSignal | undefined,
  work: (over: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const over = new AbortController();
  const end = () => {
    over.abort();
    late.resolve(undefined);
  };
  const timer = setTimeout(end, seconds * 1000);
  gone?.addEventListener("abort", end);
  try {
    return await Promise.race([work(over.signal), late.promise]);
  } finally {
    clearTimeout(timer);
    gone?.removeEventListener("abort", end);
  }
}
