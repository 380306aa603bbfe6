// The service for tests: the functions on the real database engine (the Data API server on PGlite), with the same API
// Gateway, Lambda and SES as under `npm start`, but in this process. Every answer is compared with the description of its
// route.
import { randomBytes, randomUUID } from "node:crypto";
import { connect, ifMatch } from "@notejam/client";
import type { User } from "@notejam/core/account/schema";
import { database } from "@notejam/core/db/client";
import type { PastNote, Verified } from "@notejam/core/history/schema";
import type { CreateNote, Note, NoteSummary, NoteWithLinks } from "@notejam/core/note/schema";
import type { Pad } from "@notejam/core/pad/schema";
import type { Places } from "@notejam/core/places/schema";
import type { Revision, RevisionSummary } from "@notejam/core/revision/schema";
import type { FoundNote } from "@notejam/core/search/schema";
import type { Session } from "@notejam/core/session/schema";
import type { TrashedNote, TrashedPad } from "@notejam/core/trash/schema";
import { type Call, type DataApiServer, startDataApi } from "@notejam/data-api";
import { type ApiRequest, toEvent } from "@notejam/local/aws/api-gateway/event";
import { HttpApi } from "@notejam/local/aws/api-gateway/http-api";
import { serveEndpoints } from "@notejam/local/aws/endpoints";
import type { Handler } from "@notejam/local/aws/lambda/handler";
import { InProcessFunction } from "@notejam/local/aws/lambda/in-process-function";
import { AsyncInvocations } from "@notejam/local/aws/lambda/invoke";
import { Outbox } from "@notejam/local/aws/ses/outbox";
import { MessageRejected } from "@notejam/local/aws/ses/send-email";
import { expect, inject, vi } from "vitest";
import { addingAccount } from "../../core/test/accounts.ts";
import { EMBEDDED_APPLICATION } from "../../core/test/database.ts";
import { fits, operations } from "../src/api/app.ts";
import { isMedia } from "../src/api/http/media.ts";
import { handler as api } from "../src/api/lambda.ts";
import { codesOf } from "../src/api/openapi-document.build.ts";
import { Problem } from "../src/api/problem-document.ts";
import { PROBLEM_MEDIA_TYPE } from "../src/api/problems.ts";
import type { Audit } from "../src/audit.ts";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "../src/distribution-headers.ts";
import { handler as mail } from "../src/mail/handler.ts";
import { handler as migrate } from "../src/migrate.ts";
import { apiRequest } from "./api-gateway.ts";
import { ACCESS_KEY_ID, asOwner, ORIGIN_SECRET, ofOwner, pointTo, SECRETS } from "./environment.ts";

export const SITE_ORIGIN = "https://notes.example.com";
export const PASSWORD = "correct horse battery";

/** The members of all answers; a test reads those that it expects. */
export interface Body extends Problem {
  user: User;
  sessions: Session[];
  pad: Pad;
  pads: (Pad & TrashedPad)[];
  note: Note;
  linkedFrom: NoteWithLinks["linkedFrom"];
  notes: (NoteSummary & TrashedNote & PastNote)[];
  tags: Places["tags"];
  found: FoundNote[];
  total: number | null;
  nextCursor: string | null;
  revision: Revision;
  revisions: RevisionSummary[];
  remaining: number;
  trash: number;
  differs: Verified["differs"];
  states: number;
  unlinked: number;
}

/** The request's line in the log. */
export interface LogLine {
  requestId: string;
  route: string;
  status: number;
  dataApiCalls: number;
  audit?: Audit;
  [more: string]: unknown;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  body: Body;
  text: string;
  line: LogLine;
}

export interface Mail {
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
}

/** The functions' handlers: those of the sources, or of their bundles. */
export type Handlers = Record<"api" | "mail" | "migrate", Handler>;

export interface Service {
  /** The API behind API Gateway. */
  api: HttpApi;
  dataApi: DataApiServer;
  /** The calls of the Data API since the last `splice`. */
  calls: Call[];
  /** The lines of the log. */
  log: string[];
  /** The mails that were sent, oldest first. */
  readonly mails: Mail[];
  /** Whether SES rejects mails. */
  failMails: boolean;
  /** SES waits for this before it answers. */
  mailsWaitFor: Promise<void> | undefined;
  /** Resolves when the mail function has handled all its invocations. */
  mailsSent(): Promise<void>;
  /** What Secrets Manager has, by ARN: the text of the application role's secret. */
  secrets: Record<string, string>;
  /** Runs the migrate function, as a deployment does. @returns what it returned */
  migrate(): Promise<unknown>;
  /** Runs a test's statement as the database's owner. @returns its rows */
  statement(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

const SOURCES: Handlers = { api, mail, migrate };

interface Started extends Service {
  /** Makes it as new for a file of tests: points the environment to it, and empties the database, the log and the outbox. */
  begin(): Promise<void>;
}

/** The service of the sources. The files of a worker use it one after the other, because a start costs seconds of processor. */
let shared: Promise<Started> | undefined;

/**
 * Starts the service on an empty, migrated database.
 * @param handlers default: those of the sources. Given handlers have a service of their own, and migrate its database too.
 */
export async function startService(handlers?: Handlers): Promise<Service> {
  const service = await (handlers ? start(handlers) : startOnce());
  await service.begin();
  return service;
}

function startOnce(): Promise<Started> {
  shared ??= start();
  return shared;
}

async function start(handlers?: Handlers): Promise<Started> {
  const calls: Call[] = [];
  const dataApi = await startDataApi({
    databases: {
      notejam: { kind: "pglite", loadFrom: handlers ? undefined : inject("migratedDatabase") },
    },
    secrets: { [SECRETS.owner]: "owner", [SECRETS.application]: EMBEDDED_APPLICATION },
    onCall: (call) => calls.push(call),
  });
  const log: string[] = [];
  const { api, mail, migrate } = handlers ?? SOURCES;
  // The functions log their failures, and tests read the log. A failed mail is not repeated, so each test sees one failure.
  const onFault = () => undefined;
  const later = new AsyncInvocations(onFault, []);
  const outbox = new Outbox();
  const secrets: Record<string, string> = {};
  const endpoints = await serveEndpoints({
    functions: { mail: new InProcessFunction("mail", mail) },
    later,
    deliver: async (sent) => {
      await service.mailsWaitFor;
      if (service.failMails) throw new MessageRejected(`Rejected: ${sent.to}`);
      return outbox.add(sent);
    },
    secrets,
    accessKeyId: ACCESS_KEY_ID,
    onFault,
  });
  const service: Started = {
    api: new HttpApi({ integration: new InProcessFunction("api", api), onFault }),
    failMails: false,
    mailsWaitFor: undefined,
    dataApi,
    secrets,
    calls,
    log,
    get mails() {
      return outbox.mails.map(({ to, html = "", ...sent }) => ({ ...sent, to: to.join(), html })).reverse();
    },
    mailsSent: () => later.settled(),
    async migrate() {
      const outcome = await asOwner(() => new InProcessFunction("migrate", migrate).invoke("{}"));
      if ("payload" in outcome) return JSON.parse(outcome.payload);
      throw new Error(`The database was not migrated: ${outcome.error.errorMessage}`);
    },
    statement: async (sql) => (await ofOwner(() => database()).execute<Record<string, unknown>>(sql)).rows,
    async begin() {
      pointTo(dataApi, `http://127.0.0.1:${endpoints.port}`);
      vi.spyOn(process.stdout, "write").mockImplementation((chunk) => log.push(String(chunk)) > 0);
      dataApi.faults.clear();
      dataApi.faults.setLatency(undefined);
      Object.assign(service, { failMails: false, mailsWaitFor: undefined });
      secrets[SECRETS.application] = JSON.stringify(EMBEDDED_APPLICATION);
      await service.migrate();
      await service.statement(EMPTYING);
      for (const list of [calls, log, outbox.mails]) list.splice(0);
    },
    async close() {
      await later.settled();
      if (!handlers) return;
      await endpoints.close();
      await dataApi.close();
    },
  };
  return service;
}

/** Empties all tables but those that say which migrations were applied. */
const EMPTYING = `do $$ begin
  execute (select 'truncate ' || string_agg(quote_ident(tablename), ', ') from pg_tables
    where schemaname = 'public' and tablename not like 'migration%');
end $$`;

export interface RequestOptions {
  /** Added to the browser's headers, or instead of them. Undefined removes one. */
  headers?: Record<string, string | undefined>;
  /** The version for If-Match. */
  version?: number;
  /** Sent unchanged, instead of a JSON body. */
  raw?: string | Uint8Array | undefined;
}

/** A browser: it keeps cookies, has its own address, and sends the origin of its requests. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly service: Service;
  email = `${randomUUID()}@example.com`;
  password = PASSWORD;
  address = `2001:db8:${randomBytes(2).toString("hex")}:${randomBytes(2).toString("hex")}::1`;

  constructor(service: Service) {
    this.service = service;
  }

  /** The client that the web app uses, which throws problems. Requests that its types forbid go through `request`. */
  readonly api = connect({
    origin: SITE_ORIGIN,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { pathname, search } = new URL(request.url);
      // `request` adds the type of a body itself.
      const { "content-type": _, ...headers } = Object.fromEntries(request.headers);
      const raw = (await request.text()) || undefined;
      const answer = await this.request(request.method, pathname + search, undefined, { headers, raw });
      return new Response(answer.text || null, answer);
    },
  });

  get = (path: string, options?: RequestOptions) => this.request("GET", path, undefined, options);
  post = (path: string, json?: unknown, options?: RequestOptions) =>
    this.request("POST", path, json, options);
  put = (path: string, json?: unknown, options?: RequestOptions) => this.request("PUT", path, json, options);
  patch = (path: string, json?: unknown, options?: RequestOptions) =>
    this.request("PATCH", path, json, options);
  delete = (path: string, json?: unknown, options?: RequestOptions) =>
    this.request("DELETE", path, json, options);

  async request(
    method: string,
    target: string,
    json?: unknown,
    options: RequestOptions = {},
  ): Promise<Answer> {
    const body = options.raw ?? (json === undefined ? undefined : JSON.stringify(json));
    const request = apiRequest({
      method,
      target,
      body,
      cookies: [...this.cookies].map(([name, value]) => `${name}=${value}`),
      headers: {
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
        [ORIGIN_SECRET_HEADER]: ORIGIN_SECRET,
        [SITE_ORIGIN_HEADER]: SITE_ORIGIN,
        [CLIENT_ADDRESS_HEADER]: this.address,
        ...(method !== "GET" && { Origin: SITE_ORIGIN, "Sec-Fetch-Site": "same-origin" }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(options.version !== undefined && ifMatch(options.version)),
        ...options.headers,
      },
    });
    const response = await this.service.api.respond(request);
    const { "set-cookie": cookies = [], ...headers } = response.headers;
    for (const cookie of [cookies].flat()) this.keep(String(cookie));
    const text = String(response.body);
    const line = this.service.log.findLast((line) => line.includes(String(headers["x-request-id"])));
    const isJson = text !== "" && /\bjson\b/.test(String(headers["content-type"]));
    const answer: Answer = {
      status: response.status,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      cookies: [cookies].flat().map(String),
      body: isJson ? JSON.parse(text) : undefined,
      text,
      line: JSON.parse(line ?? "null"),
    };
    expectAsDescribed(request, answer);
    return answer;
  }

  private keep(cookie: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/max-age=0/i.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  signUp = () => this.post("/api/users", { email: this.email, password: this.password });
  signIn = () => this.post("/api/session", { email: this.email, password: this.password });

  /** Another browser of the same user. */
  elsewhere(): Browser {
    const other = new Browser(this.service);
    other.email = this.email;
    other.password = this.password;
    return other;
  }
}

/** A browser in which a new user is signed in. */
export async function newUser(service: Service): Promise<Browser> {
  const browser = new Browser(service);
  const { email, password } = browser;
  await service.statement(addingAccount({ id: randomUUID(), email, password }));
  await browser.signIn();
  return browser;
}

/** A new note, in its first version. */
export async function newNote({ api }: Browser, fields: Partial<CreateNote> = {}): Promise<Note> {
  const response = await api.notes.$post({ json: { name: "Milk", text: "Buy some.", ...fields } });
  return (await response.json()).note;
}

/** A new pad. */
export async function newPad({ api }: Browser, name = "Shopping"): Promise<Pad> {
  return (await (await api.pads.$post({ json: { name } })).json()).pad;
}

/** Compares an answer with the description of its route, and with the rules for every answer. */
function expectAsDescribed(request: ApiRequest, answer: Answer): void {
  const { method } = request;
  // The function resolves dot segments, also encoded ones.
  const { pathname: path } = Object.assign(new URL("https://x"), { pathname: toEvent(request, 0).rawPath });
  const where = `${method} ${path} answered ${answer.status} ${answer.text.slice(0, 1000)}`;
  expect(answer.headers, where).toMatchObject({
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-request-id": answer.line.requestId,
  });
  expect(answer.line, where).toMatchObject({ status: answer.status, method });
  if (method === "HEAD") return;
  const route = operations().find((one) => one.method === method && fits(path, one.path));
  if (answer.headers["content-type"] === PROBLEM_MEDIA_TYPE) {
    // A field may have any name that was sent, even `__proto__`, which zod's output would drop.
    expect(Problem.safeParse(answer.body).error, where).toBeUndefined();
    expect(answer.body, where).toMatchObject({ status: answer.status, requestId: answer.line.requestId });
    if (route) expect([...codesOf(method, route.operation)], where).toContain(answer.body.code);
    return;
  }
  const schema = route?.operation.answers[answer.status];
  expect(schema, where).toBeDefined();
  if (!schema) expect(answer.text, where).toBe("");
  else if (isMedia(schema)) expect(answer.headers["content-type"], where).toBe(schema.mediaType);
  else expect(schema.parse(answer.body), where).toEqual(answer.body);
}
