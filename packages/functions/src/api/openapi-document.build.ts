// Makes the OpenAPI document from the routes' descriptions (http/operation.ts) and their schemas. The bundler runs this module
// and bundles only its result, so none of this code is in the Lambda (bundle.ts).

import { User } from "@notejam/core/account/schema";
import { NAME_MAX, PASSWORD_MAX, PASSWORD_MIN } from "@notejam/core/field/limits";
import { EMAIL_MAX, Email, Id, Name, NewPassword, Time } from "@notejam/core/field/schema";
import { ListPast } from "@notejam/core/history/schema";
import { ORDER_DEFAULT, QUERY_MAX, TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import {
  ChangedNote,
  ListNotes,
  MarkedNote,
  MovedNote,
  NewText,
  Note,
  NoteSummary,
  Order,
  Query,
  Text,
} from "@notejam/core/note/schema";
import { Pad } from "@notejam/core/pad/schema";
import { Cursor, Limit, PAGE_DEFAULT, PAGE_MAX } from "@notejam/core/paging/schema";
import { Places } from "@notejam/core/places/schema";
import { Revision, RevisionSummary } from "@notejam/core/revision/schema";
import { FOUND_DEFAULT, FOUND_MAX, FoundNote, SearchNotes } from "@notejam/core/search/schema";
import { Session } from "@notejam/core/session/schema";
import { ListTrash, TrashedNote, TrashedPad } from "@notejam/core/trash/schema";
import { Hono } from "hono";
import { describeRoute, generateSpecs, resolver, validator } from "hono-openapi";
import * as z from "zod/mini";
import type { ApiEnv } from "./http/context.ts";
import { isMedia, isText, type Media } from "./http/media.ts";
import { limitsOf, type Operation, operationsOf, type Route } from "./http/operation.ts";
import { Problem, WORDS } from "./problem-document.ts";
import { PROBLEM_MEDIA_TYPE, type ProblemCode, STATUSES } from "./problems.ts";
import { routes } from "./routes/index.ts";
import { OPENAPI_PATH, openapiOperation } from "./routes/openapi-operation.ts";

const SESSION_SECURITY = "session";

/** The schemas that have a name in the document. */
const NAMED = {
  User,
  Session,
  Pad,
  Note,
  NoteSummary,
  MarkedNote,
  MovedNote,
  ChangedNote,
  FoundNote,
  Places,
  Revision,
  RevisionSummary,
  TrashedNote,
  TrashedPad,
  Problem,
};

/** Keywords for the checks that JSON Schema can't derive from the schemas. */
const KEYWORDS = new Map<z.ZodMiniType, Record<string, unknown>>([
  [Id, { format: "uuid", pattern: undefined }],
  [Time, { format: "date-time" }],
  [Name, { minLength: 1, maxLength: NAME_MAX }],
  [Email, { format: "email", maxLength: EMAIL_MAX }],
  [NewPassword, { minLength: PASSWORD_MIN, maxLength: PASSWORD_MAX }],
  [Text, { description: `At most ${TEXT_MAX_BYTES} bytes of UTF-8.` }],
  [NewText, { minLength: 1, description: `At most ${TEXT_MAX_BYTES} bytes of UTF-8.` }],
  [ListNotes.shape.pad, { description: "Only the notes in this pad, or `none` for those in no pad." }],
  [
    Query,
    {
      maxLength: QUERY_MAX,
      description: "Only the notes whose name or text contains this, in upper or lower case.",
    },
  ],
  [
    ListNotes.shape.tag,
    {
      description:
        "Only the notes with this tag, or with one under it (`work/meeting` is under `work`), written without `#`.",
    },
  ],
  [ListNotes.shape.archived, { description: "Only the archived notes, or only the others." }],
  [
    ListNotes.shape.pinned,
    { description: "Only the pinned notes, or only the others; `first`: all, the pinned ones first." },
  ],
  [
    ListNotes.shape.updatedAfter,
    { format: "date-time", description: "Only the notes that were changed at this time or later." },
  ],
  [
    ListNotes.shape.updatedBefore,
    { format: "date-time", description: "Only the notes that were changed before this time." },
  ],
  [Order, { description: `\`${ORDER_DEFAULT}\` by default; \`-\` reverses it.` }],
  [Limit, { description: `Rows in a page: at most ${PAGE_MAX}, ${PAGE_DEFAULT} by default.` }],
  [SearchNotes.shape.limit, { description: `At most ${FOUND_MAX}, ${FOUND_DEFAULT} by default.` }],
  [Cursor, { description: "The `nextCursor` of the page before." }],
  [
    ListTrash.shape.q,
    { description: "Only what contains this in its name or text, in upper or lower case." },
  ],
  [
    ListPast.shape.at,
    { format: "date-time", description: "The time: not in the future, nor before the account." },
  ],
  [ListPast.shape.pad, { description: "Only the notes that were in this pad then." }],
  [ListTrash.shape.pad, { description: "A pad in the trash: lists the notes that come back with it." }],
]);

/** The document, as JSON. */
export const text = JSON.stringify(await openApiDocument(described()));

/** The API's routes. This module can't import the app, because the app loads it. */
function described(): Route[] {
  const app = new Hono<ApiEnv>().route("/api", routes).get(OPENAPI_PATH, openapiOperation);
  return operationsOf(app);
}

/** The document of these routes. */
export async function openApiDocument(described: Route[]) {
  for (const [id, schema] of Object.entries(NAMED)) z.globalRegistry.add(schema, { id });
  for (const [schema, keywords] of KEYWORDS) z.globalRegistry.add(schema, keywords);
  const app = new Hono();
  for (const { method, path, operation } of described) {
    app.on(method, [path], ...middlewares(method, path, operation), (c) => c.body(null));
  }
  const { components } = await resolver(Problem).toOpenAPISchema();
  return generateSpecs(app, {
    excludeStaticFile: false,
    defaultValidationErrorResponse: false,
    documentation: {
      openapi: "3.1.0",
      info: {
        title: "Notejam",
        version: "1.0.0",
        description:
          "Notes in pads. JSON, with the session in a cookie. Times are ISO 8601 in UTC with milliseconds. Errors are RFC 9457 problems with a stable `code`.",
      },
      servers: [{ url: "/" }],
      components: {
        ...components,
        securitySchemes: {
          [SESSION_SECURITY]: {
            type: "apiKey",
            in: "cookie",
            name: "__Host-notejam",
            description: "Set by POST /api/session. Its name is `notejam` on a plain http://localhost.",
          },
        },
        headers: {
          ETag: { description: 'The version in quotes, `"3"`.', schema: { type: "string" } },
          "Set-Cookie": { description: "The session.", schema: { type: "string" } },
          "Retry-After": {
            description: "Seconds until it is worth trying again.",
            schema: { type: "integer", minimum: 1 },
          },
          "x-request-id": { description: "The request's id in the log.", schema: { type: "string" } },
        },
        responses: Object.fromEntries(
          (Object.keys(STATUSES) as ProblemCode[]).map((code) => [code, problemResponse([code])]),
        ),
      },
    },
  });
}

/** The middleware that hono-openapi reads: the description of a route, and the schemas of its parameters. */
function middlewares(method: string, path: string, operation: Operation) {
  const { maxBytes, membersMax } = limitsOf(operation);
  const described = describeRoute({
    summary: operation.summary,
    description: operation.description,
    tags: [path.split("/")[2] ?? ""],
    security: {
      required: [{ [SESSION_SECURITY]: [] }],
      optional: [{ [SESSION_SECURITY]: [] }, {}],
      none: [],
    }[operation.session ?? "required"],
    parameters: operation.ifMatch && [
      {
        in: "header",
        name: "If-Match",
        required: true,
        description: "The ETag of the version that the change is based on.",
        schema: { type: "string", pattern: '^"[1-9][0-9]*"$' },
      },
    ],
    requestBody: operation.body && {
      required: !operation.bodyOptional,
      description: `At most ${maxBytes} bytes and ${membersMax} members.`,
      content: contentOf(operation.body, operation.example),
    },
    responses: { ...answerResponses(operation), ...problemResponses(method, operation) },
  });
  return [
    described,
    ...(operation.path ? [validator("param", z.object(operation.path))] : []),
    ...(operation.query ? [validator("query", operation.query)] : []),
  ];
}

function answerResponses({ answers, headers }: Operation) {
  const header = { etag: "ETag", "set-cookie": "Set-Cookie", none: undefined }[headers ?? "none"];
  return Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [
      status,
      {
        description: schema ? "Done." : "Done; no content.",
        headers: headersOf(["x-request-id", ...(header ? [header] : [])]),
        content: schema ? contentOf(schema) : undefined,
      },
    ]),
  );
}

/** Bytes have no schema (OpenAPI 3.1, "Considerations for File Uploads"). */
function contentOf(described: z.ZodMiniType | Media, example?: unknown) {
  if (!isMedia(described)) return { "application/json": { schema: resolver(described), example } };
  return {
    [described.mediaType]: isText(described.mediaType) ? { schema: { type: "string" as const } } : {},
  };
}

/** One response for each status. Several codes may share a status. */
function problemResponses(method: string, operation: Operation) {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codesOf(method, operation)) {
    const status = STATUSES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      codes.length === 1 ? { $ref: `#/components/responses/${codes[0]}` } : problemResponse(codes),
    ]),
  );
}

/** The codes that an operation may answer with: those that its checks imply, and those that it names. */
export function codesOf(method: string, operation: Operation): Set<ProblemCode> {
  const codes = new Set<ProblemCode>(["forbidden_origin", "invalid_input", "internal"]);
  if (operation.session === undefined) codes.add("unauthenticated");
  if (operation.path) codes.add("not_found");
  if (method !== "GET") {
    for (const code of ["too_large", "unsupported_media_type", "malformed"] as const) codes.add(code);
  }
  if (operation.ifMatch) codes.add("version_required");
  if (operation.session !== "none" || operation.body) codes.add("unavailable");
  for (const code of operation.problems ?? []) codes.add(code);
  return codes;
}

function problemResponse(codes: ProblemCode[]) {
  const status = STATUSES[codes[0] ?? "internal"];
  const retry = status === 429 || status === 503 ? ["Retry-After"] : [];
  return {
    description: codes.map((code) => `\`${code}\`: ${WORDS[code].title}.`).join(" "),
    headers: headersOf(["x-request-id", ...retry]),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: { $ref: "#/components/schemas/Problem", properties: { code: { enum: codes } } },
      },
    },
  };
}

function headersOf(names: string[]) {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
