// Describes what a route takes and answers. The description makes the route's checks, in the contract's order, and its part of
// the OpenAPI document (../openapi-document.build.ts). After the checks the route makes its one call into core, which may
// answer 401, 404, 409 or 412.
import type { Viewer } from "@notejam/core/db/viewer";
import { AppError } from "@notejam/core/errors";
import { Version } from "@notejam/core/field/schema";
import type { Context, Hono, HonoRequest, MiddlewareHandler } from "hono";
import * as z from "zod/mini";
import type { ProblemCode } from "../problems.ts";
import { type BodyLimits, type JsonBody, MEMBERS_MAX, readJson } from "./body.ts";
import type { ApiEnv } from "./context.ts";
import { viewerFromCookie } from "./cookies.ts";
import { addTo, check, type Fields, SENT_TWICE } from "./fields.ts";
import type { Media } from "./media.ts";
import { parseQuery } from "./query-string.ts";
import { RequestError } from "./request-error.ts";

export interface Operation {
  /** A few words for the document. */
  summary: string;
  /** A sentence or two more, if the summary does not say enough. */
  description?: string;
  /** Left out: the route needs a session. `optional`: it uses a session if there is one. `none`: it reads no cookie. */
  session?: "optional" | "none";
  /** The path's parameters. If one does not match its schema, the answer is 404. */
  path?: Record<string, z.ZodMiniType>;
  /** Whether the request must name the version that it is based on, in If-Match. */
  ifMatch?: true;
  query?: z.ZodMiniObject;
  /** A JSON object. */
  body?: z.ZodMiniObject;
  /** Bytes that the body may have: `BODY_MAX_BYTES`, if this is left out. */
  bodyMaxBytes?: number;
  /** Members and elements that the body may have: `MEMBERS_MAX`, if this is left out. */
  bodyMembersMax?: number;
  /** A body that the route takes, for the document and for the tests of all routes. */
  example?: Record<string, unknown>;
  /** Whether an absent body means `{}`. */
  bodyOptional?: true;
  /** Each successful answer by status: the schema of its JSON, another media type, or null for no content. */
  answers: Record<number, z.ZodMiniType | Media | null>;
  /** The header that the successful answers have. */
  headers?: "etag" | "set-cookie";
  /** Codes that core may answer with, in addition to those that the checks imply: `not_found` by a path, `unauthenticated` by a session. */
  problems?: readonly ProblemCode[];
}

/**
 * Bytes that a body may have, if its route names no other limit. The longest emails, names and passwords take a tenth of it.
 */
const BODY_MAX_BYTES = 16 * 1024;

/** The key under which a route's middleware carries its operation. */
const OPERATION = Symbol("operation");

export interface Route {
  method: string;
  /** `/api/notes/:id` */
  path: string;
  operation: Operation;
}

/** The routes of an app that describe an operation. */
export function operationsOf(app: Pick<Hono<ApiEnv>, "routes">): Route[] {
  return app.routes.flatMap(({ method, path, handler }) =>
    OPERATION in handler ? [{ method, path, operation: handler[OPERATION] as Operation }] : [],
  );
}

type Output<S> = S extends z.ZodMiniType ? z.output<S> : never;

/** The variables that the handler reads from `c.var`. */
type HandlerVars<O extends Operation> = {
  viewer: O["session"] extends "none" ? never : O["session"] extends "optional" ? Viewer | undefined : Viewer;
  path: { [K in keyof O["path"]]: Output<O["path"][K]> };
  /** The version that If-Match names. */
  base: O["ifMatch"] extends true ? number : never;
  query: Output<O["query"]>;
  body: Output<O["body"]>;
};

type Nothing = Record<never, never>;

/** The input of Hono's typed client. */
type ClientInput<O extends Operation> = (O["query"] extends z.ZodMiniType
  ? { query?: z.input<O["query"]> }
  : Nothing) &
  (O["body"] extends z.ZodMiniType ? { json: z.input<O["body"]> } : Nothing) &
  (O["ifMatch"] extends true ? { header: { "If-Match": string } } : Nothing);

type OperationMiddleware<O extends Operation> = MiddlewareHandler<
  { Bindings: ApiEnv["Bindings"]; Variables: ApiEnv["Variables"] & HandlerVars<O> },
  string,
  { in: ClientInput<O> }
>;

const NOTHING = z.strictObject({});
const EMPTY_OBJECT: JsonBody = { value: {}, names: [] };
const UNKNOWN_FIELD = "Unknown field";
const UNKNOWN_PARAMETER = "Unknown parameter";

/**
 * The middleware that checks a request against `operation`, and puts its input into `c.var`.
 *
 *     .patch("/:id", operation({ path: { id: Id }, ifMatch: true, body: RenamePad, … }), (c) =>
 *       Pad.rename(c.var.viewer, c.var.path.id, c.var.base, c.var.body).then((pad) => c.json({ pad })))
 *
 * @throws AppError `unauthenticated` (no cookie), `not_found` (path), `too_large`, `unsupported_media_type`,
 * `malformed`, `version_required`, `invalid_input`, in this order
 */
export function operation<const O extends Operation>(operation: O): OperationMiddleware<O> {
  const middleware: MiddlewareHandler = async (c, next) => {
    const viewer = operation.session === "none" ? undefined : viewerFromCookie(c);
    if (operation.session === undefined && viewer === undefined) throw new AppError("unauthenticated");
    c.set("viewer", viewer);
    c.set("path", pathOf(operation, c.req.param()));
    await checkInput(operation, c);
    await next();
  };
  return Object.assign(middleware, { [OPERATION]: operation }) as OperationMiddleware<O>;
}

/** Checks body, If-Match and query, and puts them into `c.var`. */
async function checkInput(operation: Operation, c: Context): Promise<void> {
  const fields: Fields = new Map();
  const json = await jsonOf(c.req, operation);
  if (json === undefined && operation.body && !operation.bodyOptional) {
    throw new RequestError("malformed", { detail: "Send the fields as a JSON object." });
  }
  const ifMatch = c.req.header("If-Match");
  if (operation.ifMatch && ifMatch === undefined) throw new RequestError("version_required");

  c.set("base", operation.ifMatch && baseOf(ifMatch ?? "", fields));
  const search = parseQuery(new URL(c.req.url).search, fields);
  c.set("query", check(operation.query ?? NOTHING, search, fields, UNKNOWN_PARAMETER));
  c.set("body", bodyOf(operation, json, fields));
  if (fields.size > 0) throw new AppError("invalid_input", { fields: Object.fromEntries(fields) });
}

/** The limits of an operation's body. */
export function limitsOf({ bodyMaxBytes, bodyMembersMax }: Operation): BodyLimits {
  return { maxBytes: bodyMaxBytes ?? BODY_MAX_BYTES, membersMax: bodyMembersMax ?? MEMBERS_MAX };
}

/** The body of a GET is ignored. */
function jsonOf(request: HonoRequest, operation: Operation): Promise<JsonBody | undefined> | undefined {
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  return readJson(request, limitsOf(operation));
}

function pathOf(operation: Operation, parameters: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(operation.path ?? {}).map(([name, schema]) => {
      const result = schema.safeParse(parameters[name]);
      if (!result.success) throw new AppError("not_found");
      return [name, result.data];
    }),
  );
}

/** Parses an entity tag as answers have it: a version in quotes. It refuses lists, `*` and weak tags. */
function baseOf(ifMatch: string, fields: Fields): number | undefined {
  const version = Version.safeParse(Number(/^"([1-9]\d*)"$/.exec(ifMatch)?.[1]));
  if (version.success) return version.data;
  addTo(fields, "If-Match", { code: "invalid", message: 'If-Match must be one version in quotes, like "3"' });
  return undefined;
}

function bodyOf(operation: Operation, json: JsonBody | undefined, fields: Fields): unknown {
  const { value, names } = json ?? EMPTY_OBJECT;
  if (names === undefined) {
    const message = `The body has too many members (${limitsOf(operation).membersMax} at most)`;
    addTo(fields, "body", { code: "too_long", message });
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    addTo(fields, "body", { code: "wrong_type", message: "The body must be a JSON object" });
    return undefined;
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) addTo(fields, name, SENT_TWICE);
    seen.add(name);
  }
  return check(operation.body ?? NOTHING, value, fields, UNKNOWN_FIELD);
}
