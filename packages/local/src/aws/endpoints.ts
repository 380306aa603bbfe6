// The two AWS services that the functions call beside the Data API, as far as they call them: Lambda's Invoke, and SES's
// SendEmail into the outbox. What is signed is not checked (there is nobody to deceive), but that it is signed is: no web
// page's request is, and none may reach these.
import type { IncomingMessage } from "node:http";
import type { RequestLog } from "../log.ts";
import type { HttpResponse } from "./api-gateway/response.ts";
import { toFunctionError } from "./lambda/runtime.ts";
import { EVENT_MAX_BYTES, type LambdaFunction } from "./lambda/worker-function.ts";
import { isOurHost, type Listening, listen, pathOf, readBody } from "./loopback.ts";
import type { Mail, Outbox } from "./ses/outbox.ts";

/** Bytes of an event that Lambda takes for later. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ASYNC_EVENT_MAX_BYTES = 1024 * 1024;
/** Lambda tries a failed event again after one minute and after two more. Nobody at a laptop waits for that long. */
const RETRY_DELAYS_MS = [1000, 2000];

export interface AwsEndpointsOptions {
  /** By name. */
  functions: Readonly<Record<string, LambdaFunction>>;
  outbox: Outbox;
  log: RequestLog;
  retryDelaysMs?: readonly number[];
}

/** Listens on a port of its own. Closing it forgets the events that wait to be tried again. */
export async function serveAwsEndpoints(options: AwsEndpointsOptions): Promise<Listening> {
  const later = new Later(options);
  const listening: Listening = await listen(0, {
    respond: async (request) => refusal(request, listening.port) ?? (await answer(request, options, later)),
    fault: (error) => options.log.fault("aws-endpoints", toFunctionError(error)),
  });
  return {
    port: listening.port,
    close: async () => {
      later.stop();
      await listening.close();
    },
  };
}

/** Refuses what no SDK sends: a browser's request, one that is not signed, one to another name of this machine. */
function refusal(request: IncomingMessage, port: number): HttpResponse | undefined {
  const { origin, host, authorization } = request.headers;
  if (origin !== undefined || !isOurHost(host, port))
    return awsError(403, "AccessDeniedException", "Not for web pages.");
  if (authorization?.startsWith("AWS4-HMAC-SHA256 Credential=")) return undefined;
  return awsError(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
}

async function answer(
  request: IncomingMessage,
  options: AwsEndpointsOptions,
  later: Later,
): Promise<HttpResponse> {
  const path = pathOf(request.url ?? "/");
  const body = await readBody(request, EVENT_MAX_BYTES);
  if (body === undefined) return tooLarge(EVENT_MAX_BYTES);
  const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path)?.[1];
  if (request.method === "POST" && invoked) {
    const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
    return invoke(decodeURIComponent(invoked), String(type), body, options, later);
  }
  if (request.method === "POST" && path === "/v2/email/outbound-emails")
    return sendEmail(body, options.outbox);
  return awsError(
    404,
    "UnknownOperationException",
    `Only Lambda's Invoke and SES's SendEmail are answered here.`,
  );
}

async function invoke(
  name: string,
  type: string,
  body: Buffer,
  { functions, log }: AwsEndpointsOptions,
  later: Later,
): Promise<HttpResponse> {
  const called = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!called) return awsError(404, "ResourceNotFoundException", `Function not found: ${name}`);
  const event = body.length === 0 ? "{}" : body.toString();
  if (!isJson(event)) return awsError(400, "InvalidRequestContentException", "The event is not JSON.");
  if (type === "DryRun") return { status: 204, headers: {}, body: "" };
  if (type === "Event") {
    if (body.length > ASYNC_EVENT_MAX_BYTES) return tooLarge(ASYNC_EVENT_MAX_BYTES);
    later.run(called, event);
    return { status: 202, headers: {}, body: "" };
  }
  if (type !== "RequestResponse")
    return awsError(400, "InvalidParameterValueException", `No invocation type ${type}.`);
  const outcome = await called.invoke(event);
  const headers: HttpResponse["headers"] = {
    "content-type": "application/json",
    "x-amz-executed-version": "$LATEST",
  };
  if ("payload" in outcome) return { status: 200, headers, body: outcome.payload };
  log.fault(name, outcome.error);
  headers["x-amz-function-error"] = "Unhandled";
  return { status: 200, headers, body: JSON.stringify(outcome.error) };
}

/** Events that nobody waits for: each is tried once, and again where it fails. */
class Later {
  readonly #options: AwsEndpointsOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(options: AwsEndpointsOptions) {
    this.#options = options;
  }

  run(called: LambdaFunction, event: string, delays = this.#options.retryDelaysMs ?? RETRY_DELAYS_MS): void {
    void called.invoke(event).then((outcome) => {
      if (this.#stopped || "payload" in outcome) return;
      this.#options.log.fault(called.settings.name, outcome.error);
      const [delay, ...others] = delays;
      if (delay === undefined) return;
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.run(called, event, others);
      }, delay);
      this.#timers.add(timer);
    });
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html, of which simple messages are taken. */
function sendEmail(body: Buffer, outbox: Outbox): HttpResponse {
  const mail = simpleMail(body.toString());
  if (typeof mail === "string") return awsError(400, "BadRequestException", mail);
  return awsJson(200, { MessageId: outbox.add(mail) });
}

interface SendEmailRequest {
  FromEmailAddress?: string;
  Destination?: { ToAddresses?: string[] };
  Content?: { Simple?: { Subject?: { Data?: string }; Body?: { Text?: { Data?: string } } } };
}

/** @returns the mail, or what is missing */
function simpleMail(json: string): Omit<Mail, "id" | "sentAt"> | string {
  if (!isJson(json)) return "The request is not JSON.";
  const { FromEmailAddress: from, Destination, Content } = JSON.parse(json) as SendEmailRequest;
  const to = Destination?.ToAddresses ?? [];
  const subject = Content?.Simple?.Subject?.Data;
  const text = Content?.Simple?.Body?.Text?.Data;
  if (!from) return "FromEmailAddress is required.";
  if (to.length === 0) return "Destination.ToAddresses is required.";
  if (subject === undefined) return "Content.Simple.Subject.Data is required.";
  if (text === undefined) return "Content.Simple.Body.Text.Data is required.";
  return { from, to, subject, text };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function tooLarge(maxBytes: number): HttpResponse {
  return awsError(413, "RequestTooLargeException", `The event must be smaller than ${maxBytes} bytes.`);
}

function awsError(status: number, type: string, message: string): HttpResponse {
  const response = awsJson(status, { message });
  return { ...response, headers: { ...response.headers, "x-amzn-errortype": type } };
}

function awsJson(status: number, value: unknown): HttpResponse {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}
