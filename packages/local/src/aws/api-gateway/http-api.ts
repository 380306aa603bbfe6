// API Gateway's HTTP API with one route, `$default`: each request becomes an event of the function behind it, and what the
// function returns becomes the response. It passes on what it was sent, and trusts none of it.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { EVENT_MAX_BYTES, type LambdaFunction, type OnFault, toFunctionError } from "../lambda/handler.ts";
import { type HttpResponse, jsonText, readBody } from "../loopback.ts";
import { type ApiRequest, REQUEST_MAX_BYTES, toEvent } from "./event.ts";
import { toResponse } from "./response.ts";

/** The integration timeout of an HTTP API, and its answer then (github.com/cortexlabs/cortex issue 1225 shows one). */
const INTEGRATION_TIMEOUT_SECONDS = 30;
const SERVICE_UNAVAILABLE = jsonText(503, { message: "Service Unavailable" });
/** For a body over 10 MB. AWS does not document its answer to an event over Lambda's 6 MB; here it is the same. */
const REQUEST_ENTITY_TOO_LARGE = jsonText(413, { message: "Request Entity Too Large" });
const INTERNAL_SERVER_ERROR = jsonText(500, { message: "Internal Server Error" });
export const BAD_REQUEST = jsonText(400, { message: "Bad Request" });

/** Decides when a request goes to the function, and whether it does. */
export interface Admission {
  /**
   * @param over aborted when nobody waits for the answer any more
   * @param respond asks the function
   * @returns its answer, or a refusal; undefined if `over` is aborted first
   */
  pass(
    request: ApiRequest,
    over: AbortSignal,
    respond: () => Promise<HttpResponse | undefined>,
  ): Promise<HttpResponse | undefined>;
}

export interface HttpApiOptions {
  /** The function that answers. */
  integration: LambdaFunction;
  /** Called with each error of the function, which the client does not see. */
  onFault: OnFault;
  integrationTimeoutSeconds?: number;
  /** Left out: each request goes to the function at once. */
  admission?: Admission;
}

export class HttpApi {
  readonly #options: HttpApiOptions;

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
    const { method = "GET", url: target = "/" } = request;
    const received = { method, target, body, ...passed };
    const respond = () => this.respond(received, gone);
    const { admission } = this.#options;
    return admission ? admission.pass(received, gone, respond) : respond();
  }

  /** @returns undefined if the client has gone */
  async respond(request: ApiRequest): Promise<HttpResponse>;
  async respond(request: ApiRequest, gone: AbortSignal): Promise<HttpResponse | undefined>;
  async respond(request: ApiRequest, gone?: AbortSignal): Promise<HttpResponse | undefined> {
    const { integration, onFault, integrationTimeoutSeconds = INTEGRATION_TIMEOUT_SECONDS } = this.#options;
    const event = toEvent(request, Date.now());
    const json = JSON.stringify(event);
    if (Buffer.byteLength(json) > EVENT_MAX_BYTES) return REQUEST_ENTITY_TOO_LARGE;

    const late = AbortSignal.timeout(integrationTimeoutSeconds * 1000);
    const over = gone ? AbortSignal.any([late, gone]) : late;
    const outcome = await Promise.race([
      integration.invoke(json, over),
      once(over, "abort").then(() => undefined),
    ]);
    if (gone?.aborted) return undefined;
    // An event that still waits for an environment is dropped at the same moment.
    if (outcome === undefined || late.aborted) {
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
