// The site's one address on this machine, in the place of CloudFront and API Gateway: /api/* becomes events of the API's
// function, /_outbox shows the mails, all else is the web app.
import type { IncomingMessage, ServerResponse } from "node:http";
import { type IncomingRequest, REQUEST_MAX_BYTES, type Site, toEvent } from "../aws/api-gateway/event.ts";
import {
  gatewayError,
  type HttpResponse,
  INTERNAL_SERVER_ERROR,
  toResponse,
} from "../aws/api-gateway/response.ts";
import { toFunctionError } from "../aws/lambda/runtime.ts";
import { EVENT_MAX_BYTES, type LambdaFunction } from "../aws/lambda/worker-function.ts";
import {
  type Exchange,
  isOurHost,
  type Listening,
  listen,
  pathOf,
  plainText,
  readBody,
} from "../aws/loopback.ts";
import type { Outbox } from "../aws/ses/outbox.ts";
import type { RequestLog } from "../log.ts";

/** The integration timeout of an HTTP API, and what it answers then (github.com/cortexlabs/cortex issue 1225 shows one). */
const INTEGRATION_TIMEOUT_SECONDS = 30;
const SERVICE_UNAVAILABLE = gatewayError(503, "Service Unavailable");
/** For a body over 10 MB. What AWS says of an event over Lambda's 6 MB is not documented; here it is the same. */
const REQUEST_ENTITY_TOO_LARGE = gatewayError(413, "Request Entity Too Large");
const BAD_REQUEST = gatewayError(400, "Bad Request");

/** The web app: built files, or Vite. */
export type Web = Pick<Exchange, "respond" | "upgrade">;

export interface Backend {
  api: LambdaFunction;
  web: Web;
  outbox: Outbox;
  log: RequestLog;
  originSecret: string;
  integrationTimeoutSeconds?: number;
}

export interface Gateway extends Listening {
  /** Whom requests go to from now on; until then each is told to come back. */
  open(backend: Backend): void;
}

/**
 * Takes the port, so that it is known to be free before anything else begins.
 * @throws the system's error where it is not
 */
export async function startGateway(port: number, fault: Exchange["fault"]): Promise<Gateway> {
  let backend: Backend | undefined;
  const listening: Listening = await listen(port, {
    fault,
    async respond(request, response) {
      return refusal(request, listening.port) ?? (backend ? route(request, response, backend) : STARTING);
    },
    upgrade(request, socket, head) {
      if (refusal(request, listening.port) || !backend?.web.upgrade) socket.destroy();
      else backend.web.upgrade(request, socket, head);
    },
  });
  return {
    ...listening,
    open: (opened) => {
      backend = opened;
    },
  };
}

const STARTING = plainText(503, "Notejam is starting.", { "retry-after": "1" });

function refusal(request: IncomingMessage, port: number): HttpResponse | undefined {
  if (!isOurHost(request.headers.host, port)) {
    return plainText(421, `This is http://localhost:${port}, and answers to that name only.`);
  }
  return request.url?.startsWith("/") ? undefined : BAD_REQUEST;
}

async function route(request: IncomingMessage, response: ServerResponse, backend: Backend) {
  const path = pathOf(request.url ?? "/");
  if (path.startsWith("/api/")) return callApi(request, backend);
  if (path === "/_outbox") return backend.outbox.respond(request.headers.accept);
  return backend.web.respond(request, response);
}

async function callApi(request: IncomingMessage, backend: Backend): Promise<HttpResponse> {
  const { api, log, originSecret, integrationTimeoutSeconds = INTEGRATION_TIMEOUT_SECONDS } = backend;
  const body = await readBody(request, REQUEST_MAX_BYTES);
  if (body === undefined) return REQUEST_ENTITY_TOO_LARGE;
  const site: Site = { origin: `http://${request.headers.host}`, originSecret };
  const event = toEvent(asIncoming(request, body), site, Date.now());
  if (event === undefined) return BAD_REQUEST;
  const json = JSON.stringify(event);
  if (Buffer.byteLength(json) > EVENT_MAX_BYTES) return REQUEST_ENTITY_TOO_LARGE;

  const outcome = await withinSeconds(integrationTimeoutSeconds, api.invoke(json));
  if (outcome === undefined) {
    log.fault(api.settings.name, {
      errorType: "IntegrationTimeout",
      errorMessage: `No answer to ${request.method} ${event.rawPath} after ${integrationTimeoutSeconds} seconds`,
      trace: [],
    });
    return SERVICE_UNAVAILABLE;
  }
  if ("error" in outcome) {
    log.fault(api.settings.name, outcome.error);
    return INTERNAL_SERVER_ERROR;
  }
  try {
    return toResponse(outcome.payload);
  } catch (error) {
    log.fault(api.settings.name, toFunctionError(error));
    return INTERNAL_SERVER_ERROR;
  }
}

/** @returns undefined where it takes longer */
async function withinSeconds<T>(seconds: number, promise: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(late.resolve, seconds * 1000);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function asIncoming(request: IncomingMessage, body: Buffer): IncomingRequest {
  return {
    method: request.method ?? "GET",
    target: request.url ?? "/",
    rawHeaders: request.rawHeaders,
    body,
    viewerAddress: request.socket.remoteAddress ?? "127.0.0.1",
  };
}
