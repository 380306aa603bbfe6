// The web app while it is worked on: Vite, run by its command on a port of its own, behind the gateway, so that the page
// has the same address, the same cookies and (but for the style sheets that Vite puts into the page) the same headers.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
} from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { WEB_HEADERS } from "@notejam/functions/web-headers";
import type { HttpResponse } from "../aws/api-gateway/response.ts";
import { plainText } from "../aws/loopback.ts";
import { ROOT } from "../settings.ts";
import { StartFailure } from "../start-failure.ts";
import type { Web } from "./distribution.ts";

export const VITE = join(ROOT, "node_modules/vite/bin/vite.js");

const HEADERS = {
  ...WEB_HEADERS,
  "content-security-policy": WEB_HEADERS["content-security-policy"]?.replace(
    "style-src 'self'",
    "style-src 'self' 'unsafe-inline'",
  ),
};

/** Vite's own process. */
export class Vite {
  #child: ChildProcess | undefined;
  #ending = false;

  /** @throws StartFailure where it does not start */
  async start(): Promise<Web> {
    const port = await this.#run();
    return {
      respond: (request, response) => pass(port, request, response),
      upgrade: (request, socket, head) => passUpgrade(port, request, socket, head),
    };
  }

  async close(): Promise<void> {
    this.#ending = true;
    if (!this.#child || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, "exit");
    this.#child.kill();
    await exit;
  }

  /** @returns the port that it chose */
  #run(): Promise<number> {
    const child = spawn(process.execPath, [VITE, "packages/web", "--port", "0", "--clearScreen", "false"], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child = child;
    return new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        const port = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
        if (port) resolve(Number(port));
        else if (line.includes("[vite]")) process.stdout.write(`${line}\n`);
      });
      child.on("error", reject);
      child.on("exit", (_code, signal) => {
        reject(new StartFailure("Vite does not start: what it says is above."));
        // The terminal sends Ctrl-C to Vite too.
        if (!this.#ending && signal !== "SIGINT")
          process.stderr.write("Vite has ended, and with it the web app. Start again.\n");
      });
    });
  }
}

function onward(port: number, request: IncomingMessage): RequestOptions {
  return {
    host: "127.0.0.1",
    port,
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: request.headers,
  };
}

function pass(
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<HttpResponse | undefined> {
  return new Promise((resolve) => {
    const outgoing = httpRequest(onward(port, request), (answer) => {
      // Of Vite's connection, not of the browser's.
      const { connection, "keep-alive": keepAlive, ...headers } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, { ...headers, ...HEADERS });
      answer.pipe(response);
      resolve(undefined);
    });
    outgoing.on("error", () => resolve(plainText(502, "Vite does not answer.")));
    request.pipe(outgoing);
  });
}

/** For the connection on which Vite tells the page of changes. */
function passUpgrade(port: number, request: IncomingMessage, socket: Duplex, head: Buffer) {
  const outgoing = httpRequest(onward(port, request));
  outgoing.on("error", () => socket.destroy());
  outgoing.on("response", () => socket.destroy());
  outgoing.on("upgrade", (answer, upstream, upstreamHead) => {
    const lines = answer.rawHeaders.flatMap((name, i, all) =>
      i % 2 === 0 ? [`${name}: ${all[i + 1]}`] : [],
    );
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
    socket.write(upstreamHead);
    upstream.write(head);
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      from.pipe(to);
      from.on("error", () => to.destroy());
    }
  });
  outgoing.end();
}
