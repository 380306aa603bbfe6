// The HTTP side: which requests are let in at all, their bodies, and how answers and errors are written.
// Any web page can send requests to a loopback address, so what a browser could send is refused before it is read.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { DataApiError } from "./errors.ts";
import { Dropped, type Faults } from "./faults.ts";
import { parseJson } from "./json.ts";
import { LIMITS } from "./limits.ts";
import type { CallFacts, Operation, Operations } from "./operations.ts";

/** Longer than clients keep a connection idle: one that is closed under a client looks like a lost answer. */
const KEEP_ALIVE_MS = 120_000;

/** What is told of a call when it has ended. Never a parameter's value. */
export interface Call {
  operation: Operation;
  sql?: string;
  transactionId?: string;
  /** Milliseconds from the request's arrival to its answer. */
  ms: number;
  /** 0 where the connection was cut. */
  status: number;
  errorType?: string;
  requestBytes: number;
  responseBytes: number;
  /** Bytes of JSON of the largest row. */
  largestRowBytes: number;
}

const OPERATIONS: Record<string, Operation> = {
  "/Execute": "ExecuteStatement",
  "/BatchExecute": "BatchExecuteStatement",
  "/BeginTransaction": "BeginTransaction",
  "/CommitTransaction": "CommitTransaction",
  "/RollbackTransaction": "RollbackTransaction",
};

export interface ServerParts {
  operations: Operations;
  faults: Faults;
  onCall: ((call: Call) => void) | undefined;
}

export function createDataApiServer(parts: ServerParts): Server {
  const server = createServer((request, response) => {
    void handle(parts, request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function handle(
  { operations, faults, onCall }: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const arrived = performance.now();
  const facts: CallFacts = {};
  let operation: Operation | undefined;
  let requestBytes = 0;
  let answer: { status: number; body: string; errorType?: string };
  try {
    admit(request);
    operation = operationOf(request);
    const bytes = await readBody(request);
    requestBytes = bytes.length;
    const body = parseJson(bytes);
    const sql = sqlOf(body);
    if (sql !== undefined) facts.sql = sql;
    faults.resume();
    faults.strike("before", operation, facts);
    answer = { status: 200, body: await operations.run(operation, body, facts) };
    faults.strike("after", operation, facts);
  } catch (error) {
    if (error instanceof Dropped) {
      answer = { status: 0, body: "" };
    } else {
      const known =
        error instanceof DataApiError
          ? error
          : new DataApiError(
              "InternalServerErrorException",
              error instanceof Error ? error.message : String(error),
            );
      answer = {
        status: known.status,
        body: JSON.stringify({ message: known.message }),
        errorType: known.type,
      };
    }
  }

  if (answer.status === 0) request.socket.destroy();
  else send(request, response, answer);
  if (operation && onCall) {
    onCall({
      operation,
      ...facts,
      ms: performance.now() - arrived,
      status: answer.status,
      ...(answer.errorType === undefined ? {} : { errorType: answer.errorType }),
      requestBytes,
      responseBytes: Buffer.byteLength(answer.body),
      largestRowBytes: facts.largestRowBytes ?? 0,
    });
  }
}

/** @throws DataApiError for a request that no SDK would send and a browser might. */
function admit(request: IncomingMessage): void {
  const { headers } = request;
  if (headers.origin !== undefined) {
    throw new DataApiError(
      "ForbiddenException",
      "Requests from web pages (with an Origin header) are refused.",
    );
  }
  if (!isLoopback(headers.host ?? "")) {
    throw new DataApiError("ForbiddenException", "The Host header must name a loopback address.");
  }
  if (!/^AWS4-HMAC-SHA256 .*\bSignature=/.test(headers.authorization ?? "")) {
    throw new DataApiError(
      "MissingAuthenticationTokenException",
      "Missing Authentication Token: sign the request with SigV4; any credentials do.",
    );
  }
  const [mediaType = ""] = (headers["content-type"] ?? "").split(";", 1);
  if (!/^application\/(?:json|x-amz-json-1\.[01])$/i.test(mediaType.trim())) {
    throw new DataApiError("UnsupportedMediaTypeException", "The Content-Type must be application/json.");
  }
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host);
}

function operationOf(request: IncomingMessage): Operation {
  const path = request.url ?? "";
  if (path === "/ExecuteSql") {
    throw new DataApiError("BadRequestException", "ExecuteSql isn't supported; use ExecuteStatement."); // [doc]
  }
  const operation =
    request.method === "POST" && Object.hasOwn(OPERATIONS, path) ? OPERATIONS[path] : undefined;
  if (!operation) {
    throw new DataApiError("UnknownOperationException", `There is no operation ${request.method} ${path}.`);
  }
  return operation;
}

/** @throws DataApiError for a body over the limit. The rest of it is read and thrown away, so that the answer arrives. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= LIMITS.requestBytes) chunks.push(chunk);
  }
  if (size > LIMITS.requestBytes) {
    throw new DataApiError(
      "RequestEntityTooLargeException",
      `The request has ${size} bytes; at most ${LIMITS.requestBytes} are allowed.`,
    );
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function sqlOf(body: unknown): string | undefined {
  const sql = typeof body === "object" && body !== null && "sql" in body ? body.sql : undefined;
  return typeof sql === "string" ? sql : undefined;
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, errorType }: { status: number; body: string; errorType?: string },
): void {
  // A request that is refused unread would stall its connection: the rest of it is thrown away.
  if (!request.complete) request.resume();
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "x-amzn-requestid": randomUUID(),
    ...(errorType === undefined ? {} : { "x-amzn-errortype": errorType }),
  });
  response.end(body);
}
