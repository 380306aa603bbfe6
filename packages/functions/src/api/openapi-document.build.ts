// The OpenAPI document: made from what each route says that it takes and answers (api/operation.ts), by the same
// schemas. The bundler runs this module and puts its result in its place, so that nothing of this is in the Lambda
// (bundle.ts).

import { User } from "@notejam/core/account/schema";
import type { ErrorCode } from "@notejam/core/errors";
import {
  EMAIL_MAX,
  Email,
  Id,
  NAME_MAX,
  Name,
  NewPassword,
  PASSWORD_MAX,
  PASSWORD_MIN,
  Time,
} from "@notejam/core/field/schema";
import {
  Cursor,
  Limit,
  ListNotes,
  Note,
  NoteSummary,
  ORDER_DEFAULT,
  Order,
  PAGE_DEFAULT,
  PAGE_MAX,
  QUERY_MAX,
  TEXT_MAX_BYTES,
  Text,
} from "@notejam/core/note/schema";
import { Pad } from "@notejam/core/pad/schema";
import { Revision, RevisionSummary } from "@notejam/core/revision/schema";
import { Session } from "@notejam/core/session/schema";
import { ListTrash, TrashedNote, TrashedPad } from "@notejam/core/trash/schema";
import { Hono } from "hono";
import { describeRoute, generateSpecs, resolver, validator } from "hono-openapi";
import * as z from "zod/mini";
import { operations } from "./app.ts";
import type { Operation } from "./http/operation.ts";
import { Problem } from "./problem-document.ts";
import { PROBLEM_MEDIA_TYPE, PROBLEMS } from "./problems.ts";

const SESSION_SECURITY = "session";

/** What has a name of its own in the document. */
const NAMED = {
  User,
  Session,
  Pad,
  Note,
  NoteSummary,
  Revision,
  RevisionSummary,
  TrashedNote,
  TrashedPad,
  Problem,
};

/** What the schemas check in ways that JSON Schema can't see. */
const KEYWORDS = new Map<z.ZodMiniType, Record<string, unknown>>([
  [Id, { format: "uuid", pattern: undefined }],
  [Time, { format: "date-time" }],
  [Name, { minLength: 1, maxLength: NAME_MAX }],
  [Email, { format: "email", maxLength: EMAIL_MAX }],
  [NewPassword, { minLength: PASSWORD_MIN, maxLength: PASSWORD_MAX }],
  [Text, { minLength: 1, description: `At most ${TEXT_MAX_BYTES} bytes of UTF-8.` }],
  [ListNotes.shape.pad, { description: "Only the notes of this pad, or of none." }],
  [
    ListNotes.shape.q,
    {
      maxLength: QUERY_MAX,
      description: "Only the notes whose name or text contains this, whatever its case.",
    },
  ],
  [Order, { description: `\`${ORDER_DEFAULT}\` unless told; \`-\` turns it round.` }],
  [Limit, { description: `How many, at most ${PAGE_MAX}; ${PAGE_DEFAULT} unless told.` }],
  [Cursor, { description: "What the page before said in `nextCursor`." }],
  [ListTrash.shape.pad, { description: "A pad that lies there: the notes that come back with it." }],
]);

/** The document, as JSON. */
export const text = JSON.stringify(await openApiDocument());

async function openApiDocument() {
  for (const [id, schema] of Object.entries(NAMED)) z.globalRegistry.add(schema, { id });
  for (const [schema, keywords] of KEYWORDS) z.globalRegistry.add(schema, keywords);
  const described = new Hono();
  for (const { method, path, operation } of operations()) {
    described.on(method, [path], ...middlewares(method, path, operation), (c) => c.body(null));
  }
  const { components } = await resolver(Problem).toOpenAPISchema();
  return generateSpecs(described, {
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
            description: "Set by POST /api/session; `notejam` on a plain http://localhost.",
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
          (Object.keys(PROBLEMS) as ErrorCode[]).map((code) => [code, problemResponse([code])]),
        ),
      },
    },
  });
}

/** What hono-openapi reads of a route: its description, and the schemas of its parameters. */
function middlewares(method: string, path: string, operation: Operation) {
  const described = describeRoute({
    summary: operation.summary,
    description: operation.description,
    tags: [path.split("/")[2] ?? ""],
    security: {
      required: [{ [SESSION_SECURITY]: [] }],
      optional: [{ [SESSION_SECURITY]: [] }, {}],
      none: [],
    }[operation.session ?? "none"],
    parameters: operation.ifMatch && [
      {
        in: "header",
        name: "If-Match",
        required: true,
        description: "The version that the change is based on, as its ETag.",
        schema: { type: "string", pattern: '^"[1-9][0-9]*"$' },
      },
    ],
    requestBody: operation.body && {
      required: !operation.bodyOptional,
      content: { "application/json": { schema: resolver(operation.body) } },
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
        content: schema ? { "application/json": { schema: resolver(schema) } } : undefined,
      },
    ]),
  );
}

/** One response a status, which may stand for several codes. */
function problemResponses(method: string, operation: Operation) {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codesOf(method, operation)) {
    const { status } = PROBLEMS[code];
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
export function codesOf(method: string, operation: Operation): Set<ErrorCode> {
  const codes = new Set<ErrorCode>(["forbidden_origin", "invalid_input", "internal"]);
  if (operation.session === "required") codes.add("unauthenticated");
  if (operation.path) codes.add("not_found");
  if (method !== "GET") {
    for (const code of ["too_large", "unsupported_media_type", "malformed"] as const) codes.add(code);
  }
  if (operation.ifMatch) codes.add("version_required");
  if (operation.session || operation.body) codes.add("unavailable");
  for (const code of operation.problems ?? []) codes.add(code);
  return codes;
}

function problemResponse(codes: ErrorCode[]) {
  const { status } = PROBLEMS[codes[0] ?? "internal"];
  const retry = status === 429 || status === 503 ? ["Retry-After"] : [];
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(" "),
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
