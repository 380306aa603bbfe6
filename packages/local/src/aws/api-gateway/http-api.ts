// API Gateway's HTTP API with one route, `$default`: each request becomes an event of the function behind it, and what the
// function returns becomes the response. It passes on what it was sent and believes none of it.
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
}

export class HttpApi {
  readonly #options: HttpApiOptions;

  constructor(options: HttpApiOptions) {
    this.#options = options;
  }

  /**
   * Answers a request as it comes from the network.
   * @param passed what a distribution before it makes of the request
   */
  async receive(
    request: IncomingMessage,
    passed: Pick<ApiRequest, "rawHeaders" | "sourceIp"> = {
      rawHeaders: request.rawHeaders,
      sourceIp: request.socket.remoteAddress ?? "",
    },
  ): Promise<HttpResponse> {
    const body = await readBody(request, REQUEST_MAX_BYTES);
    if (body === undefined) return REQUEST_ENTITY_TOO_LARGE;
    const { method = "GET", url: target = "/" } = request;
    return this.respond({ method, target, body, ...passed });
  }

  async respond(request: ApiRequest): Promise<HttpResponse> {
    const { integration, onFault, integrationTimeoutSeconds = INTEGRATION_TIMEOUT_SECONDS } = this.#options;
    const event = toEvent(request, Date.now());
    const json = JSON.stringify(event);
    if (Buffer.byteLength(json) > EVENT_MAX_BYTES) return REQUEST_ENTITY_TOO_LARGE;

    const outcome = await withinSeconds(integrationTimeoutSeconds, integration.invoke(json));
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

/** @returns undefined if it takes longer */
async function withinSeconds<T>(seconds: number, promise: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(late.resolve, seconds * 1000);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
