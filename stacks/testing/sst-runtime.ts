// Runs a function of ours as `sst dev` does on a person's computer: SST bundles it, and SST's worker asks for events by Lambda's
// runtime API and answers there. What brings the events from AWS (IoT) is not here: a POST of an event is answered with how it ended.
// SST's own server of that API listens on every address of the computer, so this program has one on loopback alone.
//
// node stacks/testing/sst-runtime.ts <handler> <folder for the bundle>
// It prints its address when it listens. The environment is the function's.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { setProject } from "sst/project.js";
import { useNodeHandler } from "sst/runtime/handlers/node.js";
import { FUNCTION_DEFAULTS } from "../app/functions.ts";

const ROOT = join(import.meta.dirname, "../..");
const [handler = "", out = ""] = process.argv.slice(2);
const FUNCTION_ID = "function";

interface Next {
  id: string;
  event: string;
}

type Ended = { payload: string } | { error: unknown };

/** What waits: an event for the worker, the worker for an event, and who posted an event for its end. */
const events: Next[] = [];
let asking: ((next: Next) => void) | undefined;
const posted = new Map<string, (ended: Ended) => void>();
let count = 0;

const server = createServer((request, response) => {
  respond(request, response).catch((error) => response.writeHead(500).end(String(error)));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

setProject({
  version: "2.49.8",
  cdkVersion: "",
  constructsVersion: "",
  config: { name: "notejam", stage: "local", region: "local", ssmPrefix: "" },
  stacks: () => {},
  metafile: { inputs: {}, outputs: {} },
  paths: { root: ROOT, config: join(ROOT, "sst.config.ts"), out, artifacts: out },
});
process.chdir(ROOT);
const built = await useNodeHandler().build({
  functionID: FUNCTION_ID,
  mode: "start",
  out,
  props: { ...FUNCTION_DEFAULTS, handler },
});
if (built.type === "error") throw new Error(built.errors.join("\n"));

// As SST's node handler starts it.
new Worker(fileURLToPath(import.meta.resolve("sst/support/nodejs-runtime/index.mjs")), {
  env: { ...process.env, IS_LOCAL: "true" },
  execArgv: ["--enable-source-maps"],
  workerData: { ...built, out, functionID: FUNCTION_ID, workerID: FUNCTION_ID, url, runtime: "nodejs24.x" },
});
process.stdout.write(`${url}\n`);

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "";
  const body = await text(request);
  if (path === "/") {
    const id = `00000000-0000-4000-8000-${String(++count).padStart(12, "0")}`;
    const ended = new Promise<Ended>((resolve) => posted.set(id, resolve));
    const next = { id, event: body };
    if (asking) asking(next);
    else events.push(next);
    response.setHeader("content-type", "application/json").end(JSON.stringify(await ended));
  } else if (path === "/runtime/invocation/next") {
    const { id, event } = events.shift() ?? (await new Promise<Next>((resolve) => (asking = resolve)));
    asking = undefined;
    response.writeHead(200, headersOf(id)).end(event);
  } else {
    const [, id = "", how] = /^\/runtime\/(?:invocation\/([^/]+)|init)\/(response|error)$/.exec(path) ?? [];
    const ended = how === "response" ? { payload: body } : { error: JSON.parse(body) };
    // A function that does not load ends every event.
    for (const one of id ? [id] : posted.keys()) posted.get(one)?.(ended);
    response.writeHead(202).end();
  }
}

/** What SST's server says of an event. */
function headersOf(id: string): Record<string, string> {
  return {
    "content-type": "application/json",
    "lambda-runtime-aws-request-id": id,
    "lambda-runtime-deadline-ms": String(Date.now() + 29_000),
    "lambda-runtime-invoked-function-arn": `arn:aws:lambda:local:000000000000:function:${FUNCTION_ID}`,
    "lambda-runtime-client-context": "null",
    "lambda-runtime-cognito-identity": "null",
    "lambda-runtime-log-group-name": FUNCTION_ID,
    "lambda-runtime-log-stream-name": FUNCTION_ID,
  };
}
