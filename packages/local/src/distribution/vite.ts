// The site's address under `npm run dev`: Vite, run by its command, which serves the web app from its sources. Its proxy
// (packages/web/vite.config.ts) does what CloudFront does, as under `sst dev`, and sends /api on to the API Gateway here,
// which has a port of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { ENV } from "@notejam/core/config";
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
import { answerWhileStarting, type Backend, type Front, takePort } from "../front.ts";
import { isJob } from "../jobs.ts";
import { ROOT, VITE } from "../settings.ts";
import { StartFailure } from "../start-failure.ts";

export class ViteFront implements Front {
  readonly #fault: Exchange["fault"];
  #port = 0;
  #behind: Listening | undefined;
  #backend: Backend | undefined;
  #vite: ChildProcess | undefined;
  #ending = false;

  /** @param fault called with an error of this program itself */
  constructor(fault: Exchange["fault"]) {
    this.#fault = fault;
  }

  async take(port: number): Promise<void> {
    // Vite can take its port only later. If another program takes it meanwhile, Vite says so and ends.
    const respond = async () => answerWhileStarting("/");
    const free = await takePort(port, () => listen(port, { respond, fault: this.#fault }));
    await free.close();
    this.#port = port;
    this.#behind = await listen(0, {
      respond: (request, _, gone) => this.#respond(request, gone),
      fault: this.#fault,
    });
  }

  async prepare(originSecret: string): Promise<void> {
    const behind = `http://127.0.0.1:${this.#behind?.port}`;
    const args = [VITE, "packages/web", "--port", String(this.#port), "--clearScreen", "false"];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        [ENV.viteApiOrigin]: behind,
        [ENV.viteOutboxOrigin]: behind,
        [ENV.originSecret]: originSecret,
      },
    });
    this.#vite = child;
    this.#port = await this.#chosenPort(child);
  }

  open(backend: Backend): string {
    this.#backend = backend;
    return `http://localhost:${this.#port}`;
  }

  async close(): Promise<void> {
    this.#ending = true;
    await Promise.all([this.#endVite(), this.#behind?.close()]);
  }

  /** What Vite's proxy sends on. As on AWS, anyone can call this address; the API believes those who know the secret. */
  async #respond(request: IncomingMessage, gone: AbortSignal): Promise<HttpResponse | undefined> {
    const { host } = request.headers;
    if (!isOurHost(host, this.#behind?.port ?? 0) || !request.url?.startsWith("/"))
      return plainText(421, "Only the proxy in front uses this address.");
    if (!this.#backend) return answerWhileStarting(request.url);
    const path = pathOf(request.url);
    if (path === OUTBOX_PATH) return this.#backend.outbox.respond(request);
    if (isJob(path)) return this.#backend.jobs.respond(request, path);
    return this.#backend.api.receive(request, gone);
  }

  async #endVite(): Promise<void> {
    const child = this.#vite;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill();
    await exit;
  }

  /** Resolves when Vite serves. */
  #chosenPort(child: ChildProcess): Promise<number> {
    return new Promise((resolve, reject) => {
      if (child.stdout)
        createInterface({ input: child.stdout }).on("line", (line) => {
          const port = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
          if (port) resolve(Number(port));
          else if (line.includes("[vite]")) process.stdout.write(`${line}\n`);
        });
      child.on("error", reject);
      child.on("exit", (_code, signal) => {
        reject(new StartFailure("Vite does not start: its message is above."));
        // The terminal sends Ctrl-C to Vite too.
        if (!this.#ending && signal !== "SIGINT")
          process.stderr.write("Vite has ended, and with it the web app. Start again.\n");
      });
    });
  }
}
