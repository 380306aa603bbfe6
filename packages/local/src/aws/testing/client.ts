// An HTTP client that sends any headers, also those that browsers and fetch refuse to send.
import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";

export interface Sent {
  method?: string;
  path?: string;
  /** Names and values in turn. Without `Host`, it is localhost and the port. */
  headers?: string[];
  body?: string | Buffer;
}

export interface Received {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export function exchange(
  port: number,
  { method = "GET", path = "/", headers = [], body }: Sent,
): Promise<Received> {
  const names = headers.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  const all = [
    ...(names.includes("host") ? [] : ["Host", `localhost:${port}`]),
    ...(body === undefined ? [] : ["Content-Length", String(Buffer.byteLength(body))]),
    ...headers,
  ];
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: "127.0.0.1", port, method, path, headers: all, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Sends the bytes as they are, and returns everything that is received until the other side closes. */
export function exchangeBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let received = "";
    socket.setEncoding("utf8");
    socket.on("data", (text) => (received += text));
    socket.on("error", reject);
    socket.on("close", () => resolve(received));
  });
}
