// The site's one address on this machine, in CloudFront's place: /api/* goes to the API, with what only a distribution may
// say about a request; /_outbox shows the mails, and a request to /_jobs runs a job; any other path is
// the web app's.
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "@notejam/functions/distribution-headers";
import type { ApiRequest } from "../aws/api-gateway/event.ts";
import { BAD_REQUEST } from "../aws/api-gateway/http-api.ts";
import {
  type Exchange,
  type HttpResponse,
  isOurHost,
  type Listening,
  listen,
  pathOf,
  plainText,
} from "../aws/loopback.ts";
import { OUTBOX_PATH } from "../aws/ses/outbox.ts";
import { answerWhileStarting, type Backend, isApi } from "../front.ts";
import { isJob } from "../jobs.ts";

/** The address from which API Gateway is called: CloudFront's, never the browser's. */
const EDGE_ADDRESS = "127.0.0.1";

/** What the distribution serves. */
export interface Site extends Backend {
  web: Pick<Exchange, "respond">;
  /** Shows the API that a request came through here. */
  originSecret: string;
}

export interface Distribution extends Listening {
  /** Requests are answered from now on; until then each gets 503 with Retry-After. */
  open(site: Site): void;
}

/**
 * Takes the port, so that it is known to be free before anything else starts.
 * @throws the system's error if it is not
 */
export async function startDistribution(port: number, fault: Exchange["fault"]): Promise<Distribution> {
  let site: Site | undefined;
  const listening: Listening = await listen(port, {
    fault,
    async respond(request, response, gone) {
      const refused = refusal(request, listening.port);
      if (refused) return refused;
      return site ? route(request, response, gone, site) : answerWhileStarting(request.url ?? "/");
    },
  });
  return {
    ...listening,
    open: (opened) => {
      site = opened;
    },
  };
}

function refusal(request: IncomingMessage, port: number): HttpResponse | undefined {
  if (!isOurHost(request.headers.host, port)) {
    return plainText(421, `This is http://localhost:${port}. It answers to this name only.`);
  }
  return request.url?.startsWith("/") ? undefined : BAD_REQUEST;
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  gone: AbortSignal,
  { api, web, outbox, jobs, originSecret }: Site,
) {
  const path = pathOf(request.url ?? "/");
  if (isApi(path)) return api.receive(request, gone, asPassedOn(request, originSecret));
  if (path === OUTBOX_PATH) return outbox.respond(request);
  if (isJob(path)) return jobs.respond(request, path);
  return web.respond(request, response, gone);
}

/** The request's headers as CloudFront passes them on. A client's own values of its headers are replaced. */
function asPassedOn(
  { headers, rawHeaders, socket }: IncomingMessage,
  originSecret: string,
): Pick<ApiRequest, "rawHeaders" | "sourceIp"> {
  const clientAddress = socket.remoteAddress ?? "127.0.0.1";
  const set = {
    [ORIGIN_SECRET_HEADER]: originSecret,
    [SITE_ORIGIN_HEADER]: `http://${headers.host}`,
    [CLIENT_ADDRESS_HEADER]: clientAddress,
    "x-forwarded-for": [headers["x-forwarded-for"], clientAddress].filter(Boolean).join(", "),
  };
  const sent = rawHeaders.filter((_, i) => !Object.hasOwn(set, rawHeaders[i - (i % 2)]?.toLowerCase() ?? ""));
  return { rawHeaders: [...sent, ...Object.entries(set).flat()], sourceIp: EDGE_ADDRESS };
}
