// The HTTP side: which requests are let in at all, their bodies, and how answers and errors are written.
// Any web page can send requests to a loopback address, so what a browser could send is refused before it is read.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { adminHandler, MethodNotAllowed } from "./admin/endpoint.ts";
import { ADMIN } from "./admin/protocol.ts";
import type { Call, CallLog } from "./calls.ts";
import type { Clock } from "./clock.ts";
import { DataApiError, OptionError } from "./errors.ts";
import type { Faults, Strike } from "./faults/faults.ts";
import { parseJson } from "./json.ts";
import { LIMITS } from "./limits.ts";
import type { Operation, Operations } from "./operations.ts";

/** Longer than clients keep a connection idle: one that is closed under a client looks like a lost answer. */
const KEEP_ALIVE_MS = 120_000;

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
  calls: CallLog;
  onCall: ((call: Call) => void) | undefined;
  clock: Clock;
}

/** A call that has not been answered yet. */
interface UnderWay {
  socket: Socket;
  /** Its connection was cut: it gets no answer, and does not run where it had not begun to. */
  cut?: "failover" | "close";
  /** Ends the wait for its planned latency. */
  goOn?: () => void;
}

/** What a request is answered with; without one, its connection is cut. */
interface Answer {
  status: number;
  body: string;
  error?: DataApiError;
}

export class HttpSide {
  readonly server: Server;
  readonly #parts: ServerParts;
  readonly #underWay = new Set<UnderWay>();
  readonly #requestId = requestIds();

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.server = createServer((request, response) => void this.#handle(request, response));
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  /** Cuts the connection of every call that has not been answered. */
  cut(by: "failover" | "close"): void {
    for (const call of this.#underWay) {
      call.cut = by;
      call.socket.destroy();
      call.goOn?.();
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { url = "" } = request;
      admit(request);
      if (url.startsWith(ADMIN)) this.#send(request, response, await this.#administer(request, url));
      else await this.#serve(operationOf(request), request, response);
    } catch (error) {
      if (!(error instanceof ClientGone)) this.#send(request, response, answerTo(error));
    }
  }

  async #administer(request: IncomingMessage, path: string): Promise<Answer> {
    const handler = adminHandler(request.method ?? "", path);
    const bytes = await readBody(request, this.#parts.clock);
    const body = request.method === "POST" ? parseJson(bytes) : undefined;
    return { status: 200, body: JSON.stringify(await handler(this.#parts, body)) };
  }

  /** @throws ClientGone where it went away before it had sent its request: that is no call. */
  async #serve(operation: Operation, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { calls, onCall } = this.#parts;
    const arrived = performance.now();
    const call: Arriving = {
      at: new Date().toISOString(),
      operation,
      latencyMs: 0,
      waitMs: 0,
      databaseMs: 0,
      requestBytes: 0,
      largestRowBytes: 0,
    };
    const underWay: UnderWay = { socket: request.socket };
    this.#underWay.add(underWay);
    let answer: Answer | undefined;
    try {
      answer = await this.#answer(call, request, underWay);
    } finally {
      this.#underWay.delete(underWay);
    }
    if (underWay.cut === "failover") call.fault = underWay.cut;
    if (underWay.cut) answer = undefined;
    if (answer) this.#send(request, response, answer);
    else request.socket.destroy();

    const told: Call = {
      ...call,
      status: answer?.status ?? 0,
      ...(answer?.error && { errorType: answer.error.type }),
      ms: performance.now() - arrived,
      responseBytes: Buffer.byteLength(answer?.body ?? ""),
    };
    calls.add(told);
    onCall?.(told);
  }

  /**
   * Lets a call meet its fate, and runs it where that lets it. A client that goes away meanwhile changes nothing: its
   * request has arrived, so it runs.
   */
  async #answer(call: Arriving, request: IncomingMessage, underWay: UnderWay): Promise<Answer | undefined> {
    const { operations, faults, clock } = this.#parts;
    try {
      const bytes = await readBody(request, clock);
      call.requestBytes = bytes.length;
      const body = parseJson(bytes);
      const sql = textOf(body, "sql");
      if (sql !== undefined) call.sql = sql;
      const { latencyMs, strike } = faults.meet({
        operation: call.operation,
        sql,
        transactionId: textOf(body, "transactionId"),
      });
      call.latencyMs = latencyMs;
      if (strike) call.fault = strike.name;
      if (latencyMs > 0) await delay(underWay, clock, latencyMs);
      if (underWay.cut) return undefined;
      if (strike?.when === "before") return answerOf(strike);
      const answer = await operations
        .run(call.operation, body, call)
        .then((json): Answer => ({ status: 200, body: json }), answerTo);
      return strike ? answerOf(strike) : answer;
    } catch (error) {
      if (error instanceof ClientGone) throw error;
      return answerTo(error);
    }
  }

  #send(request: IncomingMessage, response: ServerResponse, { status, body, error }: Answer): void {
    // A request that is refused unread would stall its connection: the rest of it is thrown away.
    if (!request.complete) request.resume();
    const headers = [
      "content-type",
      "application/json",
      "content-length",
      String(Buffer.byteLength(body)),
      "x-amzn-requestid",
      this.#requestId(),
    ];
    if (error) headers.push("x-amzn-errortype", error.type);
    if (error instanceof MethodNotAllowed) headers.push("allow", error.allow);
    response.writeHead(status, headers);
    response.end(body);
  }
}

function delay(call: UnderWay, clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, resolve);
    call.goOn = () => {
      timer.cancel();
      resolve();
    };
  });
}

/** What is known of a call before it ends. */
type Arriving = Omit<Call, "status" | "errorType" | "ms" | "responseBytes">;

function answerOf({ error }: Strike): Answer | undefined {
  return error && answerTo(error);
}

function answerTo(error: unknown): Answer {
  const known = knownError(error);
  return { status: known.status, body: JSON.stringify({ message: known.message }), error: known };
}

function knownError(error: unknown): DataApiError {
  if (error instanceof DataApiError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DataApiError(
    error instanceof OptionError ? "ValidationException" : "InternalServerErrorException",
    message,
  );
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
  if (hasNoBody(request)) return;
  const [mediaType = ""] = (headers["content-type"] ?? "").split(";", 1);
  if (!/^application\/(?:json|x-amz-json-1\.[01])$/i.test(mediaType.trim())) {
    throw new DataApiError("UnsupportedMediaTypeException", "The Content-Type must be application/json.");
  }
}

function hasNoBody({ method, headers }: IncomingMessage): boolean {
  return (
    (method === "GET" || method === "DELETE") &&
    headers["content-length"] === undefined &&
    headers["transfer-encoding"] === undefined
  );
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

/** The client went away before it had sent its request. */
class ClientGone extends Error {}

/** @throws DataApiError for a body that is too long or too slow, ClientGone. What comes after that is thrown away. */
function readBody(request: IncomingMessage, clock: Clock): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = clock.after(LIMITS.requestMs, () => refuse(requestTimeout()));
    function refuse(error: Error): void {
      timer.cancel();
      chunks.length = 0;
      reject(error);
    }
    if (Number(request.headers["content-length"]) > LIMITS.requestBytes) refuse(tooLarge());
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > LIMITS.requestBytes) refuse(tooLarge());
      else chunks.push(chunk);
    });
    request.on("end", () => {
      timer.cancel();
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    request.on("error", () => refuse(new ClientGone()));
  });
}

function tooLarge(): DataApiError {
  return new DataApiError(
    "RequestEntityTooLargeException",
    `The request is too large; at most ${LIMITS.requestBytes} bytes are allowed.`,
  );
}

function requestTimeout(): DataApiError {
  return new DataApiError(
    "RequestTimeoutException",
    `The request did not arrive within ${LIMITS.requestMs / 1000} seconds.`,
  );
}

function textOf(body: unknown, name: "sql" | "transactionId"): string | undefined {
  if (typeof body !== "object" || body === null || !(name in body)) return undefined;
  const text = (body as Record<string, unknown>)[name];
  return typeof text === "string" ? text : undefined;
}

/** Each a UUID, of which the random part is the server's. */
function requestIds(): () => string {
  const start = randomUUID().slice(0, -12);
  let count = 0;
  return () => {
    count++;
    return start + count.toString(16).padStart(12, "0");
  };
}
