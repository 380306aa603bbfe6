// The HTTP side: which operation a request asks for, what becomes of the call, and how answers and errors are written.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { DataApiError, OptionError } from "../errors.ts";
import type { Faults, InjectedFault } from "../faults/faults.ts";
import { LIMITS } from "../limits.ts";
import { OPERATION_PATHS, type Operation } from "../operations/operation.ts";
import type { Operations } from "../operations/operations.ts";
import { adminHandler, MethodNotAllowed } from "./admin/endpoint.ts";
import { ADMIN } from "./admin/protocol.ts";
import { admit } from "./admission.ts";
import { ClientGone, readBody } from "./body.ts";
import type { Call, CallLog } from "./calls.ts";
import { parseJson } from "./json.ts";

/** Longer than clients keep a connection idle: one that is closed under a client looks like a lost answer. */
const KEEP_ALIVE_MS = 120_000;

/** A connection that sends no whole headers in this time is closed at the next check. */
const HEADERS_MS = 10_000;
const CHECK_EVERY_MS = 2_000;

export interface ServerParts {
  operations: Operations;
  faults: Faults;
  calls: CallLog;
  onCall: ((call: Call) => void) | undefined;
  onError: (error: unknown) => void;
  clock: Clock;
  /** The one that requests must be signed with; undefined: any. */
  accessKeyId: string | undefined;
}

/** Answers every request, and knows the calls that it has not answered yet. */
export class HttpServer {
  readonly server: Server;
  readonly #parts: ServerParts;
  readonly #underWay = new Set<UnderWay>();

  constructor(parts: ServerParts) {
    this.#parts = parts;
    const times = {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADERS_MS,
      // For the rest of a request that was refused before all of it had come.
      requestTimeout: 2 * LIMITS.requestMs,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    };
    this.server = createServer(times, (request, response) => this.#handle(request, response));
  }

  /** Cuts the connection of every call that has not been answered. */
  cut(by: "failover" | "close"): void {
    for (const call of this.#underWay) {
      call.cut = by;
      call.socket.destroy();
      call.endDelay?.();
    }
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { url = "" } = request;
    try {
      admit(request, this.#parts.accessKeyId);
      if (url.startsWith(ADMIN)) void this.#administer(url, request, response);
      else void this.#serve(operationOf(request), request, response);
    } catch (error) {
      this.#send(request, response, this.#failed(error));
    }
  }

  async #administer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    let answer: Answer;
    try {
      const handler = adminHandler(request.method ?? "", path);
      const bytes = await readBody(request, this.#parts.clock);
      const body = request.method === "POST" ? parseJson(bytes) : undefined;
      answer = { status: 200, body: JSON.stringify(await handler(this.#parts, body)) };
    } catch (error) {
      answer = this.#failed(error);
    }
    this.#send(request, response, answer);
  }

  async #serve(operation: Operation, request: IncomingMessage, response: ServerResponse): Promise<void> {
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
    const outcome = await this.#outcome(call, request, underWay);
    this.#underWay.delete(underWay);
    if (outcome === "gone") return;
    const answer = outcome === "cut" || underWay.cut ? undefined : outcome;
    if (underWay.cut === "failover") call.fault = "failover";
    if (answer) this.#send(request, response, answer);
    else request.socket.destroy();

    const ended: Call = {
      ...call,
      status: answer?.status ?? 0,
      ...(answer?.error && errorFacts(answer.error)),
      ms: performance.now() - arrived,
      responseBytes: answer ? Buffer.byteLength(answer.body) : 0,
    };
    this.#parts.calls.add(ended);
    this.#parts.onCall?.(ended);
  }

  /**
   * Delays a call, and runs it unless a fault prevents that. A client that goes away meanwhile changes nothing: the
   * request has arrived, so it runs.
   */
  async #outcome(call: Arriving, request: IncomingMessage, underWay: UnderWay): Promise<Outcome> {
    const { operations, faults, clock } = this.#parts;
    const { operation } = call;
    try {
      const bytes = await readBody(request, clock);
      call.requestBytes = bytes.length;
      const body = parseJson(bytes);
      const sql = textOf(body, "sql");
      if (sql !== undefined) call.sql = sql;
      const transactionId = textOf(body, "transactionId");
      const { latencyMs, fault } = faults.decide({ operation, sql, transactionId });
      call.latencyMs = latencyMs;
      if (fault) call.fault = fault.name;
      if (latencyMs > 0) await delay(underWay, clock, latencyMs);
      if (underWay.cut) return "cut";
      if (fault?.when === "before") return outcomeOf(fault);
      const answer = await operations.run(operation, body, call).then(
        (json): Answer => ({ status: 200, body: json }),
        (error) => this.#failed(error),
      );
      return fault ? outcomeOf(fault) : answer;
    } catch (error) {
      return error instanceof ClientGone ? "gone" : this.#failed(error);
    }
  }

  /** The answer to an error. `onError` receives an error that neither the request nor the database caused. */
  #failed(error: unknown): Answer {
    if (!(error instanceof DataApiError || error instanceof OptionError)) this.#parts.onError(error);
    return answerTo(error);
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
      randomUUID(),
    ];
    if (error) headers.push("x-amzn-errortype", error.type);
    if (error instanceof MethodNotAllowed) headers.push("allow", error.allow);
    if (error?.type === "RequestTimeoutException") headers.push("connection", "close");
    response.writeHead(status, headers);
    response.end(body);
  }
}

/** A call that has not been answered yet. */
interface UnderWay {
  socket: Socket;
  /** Its connection was cut: it gets no answer, and if it had not begun to run, it never does. */
  cut?: "failover" | "close";
  /** Ends the wait for its planned latency. */
  endDelay?: () => void;
}

/** What is known of a call before it ends. */
type Arriving = Omit<Call, "status" | "errorType" | "sqlState" | "ms" | "responseBytes">;

interface Answer {
  status: number;
  body: string;
  error?: DataApiError;
}

/** `cut`: its connection is cut without an answer. `gone`: the client went before it had sent it, so it was no call. */
type Outcome = Answer | "cut" | "gone";

const OPERATIONS = new Map(
  Object.entries(OPERATION_PATHS).map(([operation, path]) => [path as string, operation as Operation]),
);

function operationOf(request: IncomingMessage): Operation {
  const path = request.url ?? "";
  if (path === "/ExecuteSql") {
    throw new DataApiError("BadRequestException", "ExecuteSql isn't supported; use ExecuteStatement."); // [doc]
  }
  const operation = request.method === "POST" ? OPERATIONS.get(path) : undefined;
  if (!operation) {
    throw new DataApiError("UnknownOperationException", `Unknown operation ${request.method} ${path}.`);
  }
  return operation;
}

function textOf(body: unknown, name: "sql" | "transactionId"): string | undefined {
  if (typeof body !== "object" || body === null || !(name in body)) return undefined;
  const text = (body as Record<string, unknown>)[name];
  return typeof text === "string" ? text : undefined;
}

function delay(call: UnderWay, clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, resolve);
    call.endDelay = () => {
      timer.cancel();
      resolve();
    };
  });
}

function outcomeOf({ error }: InjectedFault): Outcome {
  return error ? answerTo(error) : "cut";
}

/** Only the kind of an error: its message may hold values. */
function errorFacts({ type, sqlState }: DataApiError): Pick<Call, "errorType" | "sqlState"> {
  return { errorType: type, ...(sqlState !== undefined && { sqlState }) };
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
