// HTTP on this machine alone: servers that listen on loopback and answer to its names only, bodies read up to a limit, and
// responses sent whole. On node:http, since what is built on it needs the request as it came: its raw headers, and its
// socket where it is upgraded.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type HttpResponse, INTERNAL_SERVER_ERROR } from "./api-gateway/response.ts";

export interface Exchange {
  /** Answers with what it returns; undefined where it has taken the response over. */
  respond(request: IncomingMessage, response: ServerResponse): Promise<HttpResponse | undefined>;
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Told of what `respond` throws, which is answered 500. */
  fault(error: unknown): void;
}

export interface Listening {
  port: number;
  /** Ends when the requests under way are answered, at the latest after `CLOSE_AFTER_MS`. */
  close(): Promise<void>;
}

/** How long requests under way may hold up the end. */
const CLOSE_AFTER_MS = 8000;
/** Port 0 lets the system choose one for IPv4; somebody may have it for IPv6. */
const CHOICES = 10;

/**
 * Listens on 127.0.0.1 and, where the machine has it, on ::1, so that localhost is right whichever it means.
 * @param port 0: a free one
 * @throws the system's error (`EADDRINUSE`, `EACCES`)
 */
export async function listen(port: number, exchange: Exchange): Promise<Listening> {
  for (let choice = 1; ; choice++) {
    const first = await listenOn("127.0.0.1", port, exchange);
    const servers = [first];
    const chosen = first.port;
    try {
      servers.push(await listenOn("::1", chosen, exchange));
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

async function listenOn(host: string, port: number, exchange: Exchange): Promise<Listening> {
  const responses = new Set<ServerResponse>();
  const upgraded = new Set<Duplex>();
  let closing = false;
  const server = createServer((request, response) => {
    responses.add(response);
    response.on("close", () => responses.delete(response));
    if (closing) response.setHeader("connection", "close");
    exchange.respond(request, response).then(
      (answer) => answer && send(request, response, answer),
      (error) => {
        exchange.fault(error);
        if (!response.headersSent) send(request, response, INTERNAL_SERVER_ERROR);
      },
    );
  });
  server.on("upgrade", (request, socket, head) => {
    upgraded.add(socket);
    socket.on("close", () => upgraded.delete(socket));
    if (exchange.upgrade) exchange.upgrade(request, socket, head);
    else socket.destroy();
  });
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
      // Else their connections would be kept for a next request.
      for (const response of responses) if (!response.headersSent) response.setHeader("connection", "close");
      // They speak something else than HTTP by now, and the server does not count them.
      for (const socket of upgraded) socket.destroy();
      const giveUp = setTimeout(() => server.closeAllConnections(), CLOSE_AFTER_MS);
      await closed;
      clearTimeout(giveUp);
    },
  };
}

/**
 * Whether the request names this machine and this port. Any web page can have its own name point to 127.0.0.1 (DNS
 * rebinding) and would then speak to us as the same origin; it can't send one of these names.
 */
export function isOurHost(host: string | undefined, port: number): host is string {
  if (host === undefined) return false;
  return ["localhost", "127.0.0.1", "[::1]"].some(
    (name) => host.toLowerCase() === `${name}:${port}` || (port === 80 && host.toLowerCase() === name),
  );
}

/** The path of a target that begins with a slash, dot segments resolved as a browser and CloudFront resolve them (RFC 3986). */
export function pathOf(target: string): string {
  return new URL(`http://localhost${target}`).pathname;
}

/** A body over the limit is read to its end, up to this, since many a client hears an answer only then. */
const DRAINED_MAX_BYTES = 256 * 1024 * 1024;

/** @returns undefined where it is larger than `maxBytes`, or the client broke off */
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
    // The client is gone; nobody waits for the answer that follows.
    return undefined;
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : undefined;
}

/** Sends the response; to HEAD its headers alone. */
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
