// Keeps a server open to everybody while some clients hold many connections and send slowly or nothing. The times are Node's own
// (https://nodejs.org/api/http.html#serverheaderstimeout); the number of connections is kept here, because Node would turn the
// newest one away, which is an honest client's.
import type { IncomingMessage, Server, ServerOptions } from "node:http";
import type { Socket } from "node:net";

export interface ConnectionLimits {
  /** How long the headers of a request may take, and the whole of it. */
  headersMs: number;
  requestMs: number;
  /** How often Node looks for those that took longer. */
  checkEveryMs: number;
  /** How many connections are open at once. */
  open: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headersMs: 10_000,
  requestMs: 60_000,
  checkEveryMs: 2_000,
  open: 500,
};

/** The times, as Node's servers take them. */
export function timesOf(limits: ConnectionLimits): ServerOptions {
  return {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkEveryMs,
  };
}

/** When there is one connection more than `most`, closes the one that the server has waited for the longest. */
export function limitConnections(server: Server, most: number): void {
  /** Each with the request that it sent last and that has no answer yet. The longest idle comes first. */
  const open = new Map<Socket, IncomingMessage | undefined>();
  server.on("connection", (socket: Socket) => {
    open.set(socket, undefined);
    socket.on("close", () => open.delete(socket));
    if (open.size <= most) return;
    const [waitedFor = socket] = [...open].find(([, request]) => !request?.complete) ?? [];
    waitedFor.destroy();
    open.delete(waitedFor);
  });
  server.on("request", (request, response) => {
    const { socket } = request;
    open.set(socket, request);
    response.on("close", () => {
      if (open.get(socket) !== request) return;
      open.delete(socket);
      open.set(socket, undefined);
    });
  });
}
