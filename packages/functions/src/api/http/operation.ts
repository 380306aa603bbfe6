// What a route takes and answers, said once: its checks follow from it, in the contract's order, and so does the
// OpenAPI document (../openapi-document.build.ts). After them comes the route's one call into core, and whatever
// that finds: 401, 404, 409, 412.
import type { Viewer } from "@notejam/core/db/viewer";
import { AppError, type ErrorCode } from "@notejam/core/errors";
import { Version } from "@notejam/core/field/schema";
import type { MiddlewareHandler } from "hono";
import * as z from "zod/mini";
import { type JsonBody, readJson } from "./body.ts";
import type { ApiEnv } from "./context.ts";
import { addTo, check, type Fields, GIVEN_TWICE } from "./fields.ts";
import { parseQuery } from "./query-string.ts";
import { viewerFromCookie } from "./session-cookie.ts";

export interface Operation {
  /** In a few words, for the document. */
  summary: string;
  /** A sentence or two more, where the summary leaves a question. */
  description?: string;
  /** Whether it takes a session; `optional`: it does without. No cookie is asked for unless this is there. */
  session?: "required" | "optional";
  /** The path's parameters; what does not fit is not there: 404. */
  path?: Record<string, z.ZodMiniType>;
  /** A change that names in If-Match the version it is based on. */
  ifMatch?: true;
  query?: z.ZodMiniObject;
  body?: z.ZodMiniObject;
  /** Nothing sent is then the same as `{}`. */
  bodyOptional?: true;
  /** The schema of each successful answer, by status; null: no content. */
  answers: Record<number, z.ZodMiniType | null>;
  /** What `answers` carry beside the body. */
  headers?: "etag" | "set-cookie";
  /** Codes that core may answer with, beside those that the checks imply. */
  problems?: readonly ErrorCode[];
}

/** Where the document finds what a route's middleware was made from. */
export const OPERATION = Symbol("operation");

type Output<S> = S extends z.ZodMiniType ? z.output<S> : never;

/** What the handler finds in `c.var`. */
type Taken<O extends Operation> = {
  viewer: O["session"] extends "required"
    ? Viewer
    : O["session"] extends "optional"
      ? Viewer | undefined
      : never;
  path: { [K in keyof O["path"]]: Output<O["path"][K]> };
  /** The version that If-Match names. */
  base: O["ifMatch"] extends true ? number : never;
  query: Output<O["query"]>;
  body: Output<O["body"]>;
};

type Nothing = Record<never, never>;

/** What Hono's typed client is asked for. */
type Asked<O extends Operation> = (O["query"] extends z.ZodMiniType
  ? { query?: z.input<O["query"]> }
  : Nothing) &
  (O["body"] extends z.ZodMiniType ? { json: z.input<O["body"]> } : Nothing) &
  (O["ifMatch"] extends true ? { header: { "If-Match": string } } : Nothing);

type OperationMiddleware<O extends Operation> = MiddlewareHandler<
  { Bindings: ApiEnv["Bindings"]; Variables: ApiEnv["Variables"] & Taken<O> },
  string,
  { in: Asked<O> }
>;

const NOTHING = z.strictObject({});
const UNKNOWN_FIELD = "Unknown field";
const UNKNOWN_PARAMETER = "Unknown parameter";

/**
 * The middleware that lets through what `operation` takes, in `c.var`.
 *
 *     .patch("/:id", operation({ session: "required", path: { id: Id }, ifMatch: true, body: RenamePad, … }), (c) =>
 *       Pad.rename(c.var.viewer, c.var.path.id, c.var.base, c.var.body).then((pad) => c.json({ pad })))
 *
 * @throws AppError `unauthenticated` (no cookie), `not_found` (path), `too_large`, `unsupported_media_type`,
 * `malformed`, `version_required`, `invalid_input`, in this order
 */
export function operation<const O extends Operation>(operation: O): OperationMiddleware<O> {
  const middleware: MiddlewareHandler = async (c, next) => {
    const viewer = operation.session && viewerFromCookie(c);
    if (operation.session === "required" && viewer === undefined) throw new AppError("unauthenticated");
    const path = pathOf(operation, c.req.param());

    const safe = c.req.method === "GET" || c.req.method === "HEAD";
    const json = safe ? undefined : await readJson(c.req);
    if (json === undefined && operation.body && !operation.bodyOptional) {
      throw new AppError("malformed", { detail: "Send the fields as a JSON object." });
    }
    const ifMatch = c.req.header("If-Match");
    if (operation.ifMatch && ifMatch === undefined) throw new AppError("version_required");

    const fields: Fields = new Map();
    const base = operation.ifMatch && baseOf(ifMatch ?? "", fields);
    const search = parseQuery(new URL(c.req.url).search, fields);
    const query = check(operation.query ?? NOTHING, search, fields, UNKNOWN_PARAMETER);
    const body = bodyOf(operation, json, fields);
    if (fields.size > 0) throw new AppError("invalid_input", { fields: Object.fromEntries(fields) });

    c.set("viewer", viewer);
    c.set("path", path);
    c.set("base", base);
    c.set("query", query);
    c.set("body", body);
    await next();
  };
  return Object.assign(middleware, { [OPERATION]: operation }) as OperationMiddleware<O>;
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

/** An entity tag as answers carry it, the version in quotes. Lists, `*` and weak tags name no version. */
function baseOf(ifMatch: string, fields: Fields): number | undefined {
  const version = Version.safeParse(Number(/^"([1-9]\d*)"$/.exec(ifMatch)?.[1]));
  if (version.success) return version.data;
  addTo(fields, "If-Match", 'If-Match must be one version in quotes, like "3"');
  return undefined;
}

function bodyOf(operation: Operation, json: JsonBody | undefined, fields: Fields): unknown {
  const value = json === undefined ? {} : json.value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    addTo(fields, "body", "The body must be a JSON object");
    return undefined;
  }
  const seen = new Set<string>();
  for (const name of json?.names ?? []) {
    if (seen.has(name)) addTo(fields, name, GIVEN_TWICE);
    seen.add(name);
  }
  return check(operation.body ?? NOTHING, value, fields, UNKNOWN_FIELD);
}
