// HTTP servers for this machine alone: they listen on loopback and answer to its names only, read bodies up to a limit, and
// send whole responses. They use node:http, because API Gateway's events need the headers as they were sent.
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CONNECTION_LIMITS, type ConnectionLimits, limitConnections, timesOf } from "./connections.ts";

export interface HttpResponse {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer | string;
}

export interface Exchange {
  /**
   * @param gone aborted when the client goes away before it has its answer
   * @returns the response, or undefined if it has sent one itself or the client has gone
   */
  respond(
    request: IncomingMessage,
    response: ServerResponse,
    gone: AbortSignal,
  ): Promise<HttpResponse | undefined>;
  /** Called with what `respond` throws; the answer is then 500. */
  fault(error: unknown): void;
}

export interface Listening {
  port: number;
  /** Resolves when the requests under way are answered, at the latest after `CLOSE_AFTER_MS`. */
  close(): Promise<void>;
}

/** How long closing waits for requests under way. */
const CLOSE_AFTER_MS = 8000;
/** The system chooses a port for IPv4 that another program may have for IPv6: how often to ask again. */
const CHOICES = 10;

/**
 * Listens on 127.0.0.1 and, if the machine has it, on ::1, since localhost can mean either.
 * @param port 0: a free one
 * @throws the system's error (`EADDRINUSE`, `EACCES`)
 */
export async function listen(
  port: number,
  exchange: Exchange,
  limits = CONNECTION_LIMITS,
): Promise<Listening> {
  for (let choice = 1; ; choice++) {
    const first = await listenOn("127.0.0.1", port, exchange, limits);
    const servers = [first];
    const chosen = first.port;
    try {
      servers.push(await listenOn("::1", chosen, exchange, limits));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EADDRINUSE") {
        await Promise.all(servers.map((server) => server.close()));
        if (port === 0 && choice < CHOICES) continue;
        throw error;
      }
      if (code !== "EADDRNOTAVAIL" && code !== "EAFNOSUPPORT") throw error;
    }
    return {
      port: chosen,
      close: async () => void (await Promise.all(servers.map((server) => server.close()))),
    };
  }
}

async function listenOn(
  host: string,
  port: number,
  exchange: Exchange,
  limits: ConnectionLimits,
): Promise<Listening> {
  const responses = new Set<ServerResponse>();
  let closing = false;
  const server = createServer(timesOf(limits), (request, response) => {
    const gone = new AbortController();
    responses.add(response);
    response.on("close", () => {
      responses.delete(response);
      if (!response.writableFinished) gone.abort();
    });
    if (closing) response.setHeader("connection", "close");
    exchange.respond(request, response, gone.signal).then(
      (answer) => answer && send(request, response, answer),
      (error) => {
        exchange.fault(error);
        if (!response.headersSent) send(request, response, plainText(500, "Internal Server Error"));
      },
    );
  });
  limitConnections(server, limits.open);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port: chosen } = server.address() as AddressInfo;

  return {
    port: chosen,
    async close() {
      closing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      // Otherwise their connections would stay open for a next request.
      for (const response of responses) if (!response.headersSent) response.setHeader("connection", "close");
      const giveUp = setTimeout(() => server.closeAllConnections(), CLOSE_AFTER_MS);
      await closed;
      clearTimeout(giveUp);
    },
  };
}

/**
 * Whether the request names this machine and this port. A web page can make its own name point to 127.0.0.1 (DNS
 * rebinding), and its requests here would then be of the same origin; but they carry that name, not one of these.
 */
export function isOurHost(host: string | undefined, port: number): host is string {
  if (host === undefined) return false;
  return ["localhost", "127.0.0.1", "[::1]"].some(
    (name) => host.toLowerCase() === `${name}:${port}` || (port === 80 && host.toLowerCase() === name),
  );
}

/** Whether a request shows the secret. The comparison takes equally long whatever differs. */
export function isSecret(shown: string | undefined, secret: string): boolean {
  // Digests have one length, which `timingSafeEqual` needs.
  const [a, b] = [shown ?? "", secret].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

/** The path of a target that begins with a slash, dot segments resolved as a browser and CloudFront resolve them (RFC 3986). */
export function pathOf(target: string): string {
  return new URL(`http://localhost${target}`).pathname;
}

/** A body over the limit is still read, up to this: many clients read the answer only after they have sent everything. */
const DRAINED_MAX_BYTES = 256 * 1024 * 1024;

/** @returns undefined if it is larger than `maxBytes`, or the client has gone */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > DRAINED_MAX_BYTES) return undefined;
    }
  } catch {
    // The client has gone, and does not read the answer.
    return undefined;
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : undefined;
}

/** Sends the response; to a HEAD request only its headers. */
function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: HttpResponse) {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const bodiless = status === 204 || status === 304;
  response.writeHead(status, { ...headers, ...(!bodiless && { "content-length": bytes.length }) });
  response.end(bodiless || request.method === "HEAD" ? undefined : bytes);
}

export function plainText(status: number, text: string, headers: HttpResponse["headers"] = {}): HttpResponse {
  return {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", ...headers },
    body: `${text}\n`,
  };
}

export function jsonText(
  status: number,
  value: unknown,
  headers: HttpResponse["headers"] = {},
): HttpResponse {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}
