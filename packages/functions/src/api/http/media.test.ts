// Answers that are not JSON, from the API's entry to the response of API Gateway.
import { toResponse } from "@notejam/local/aws/api-gateway/response";
import * as fc from "fast-check";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { eventOf } from "../../../test/api-gateway.ts";
import { requestOf, resultOf } from "../lambda.ts";
import { openApiDocument } from "../openapi-document.build.ts";
import type { ApiEnv } from "./context.ts";
import { media } from "./media.ts";
import { operation, operationsOf } from "./operation.ts";

const PNG = "image/png";
const TEXT = "text/plain; charset=utf-8";

/** What the routes answer. */
let content: Uint8Array<ArrayBuffer>;

/** An API with routes that answer bytes, like a page of an export or a picture. */
const api = new Hono<ApiEnv>()
  .get(
    "/api/picture",
    operation({ summary: "Read a picture", session: "none", answers: { 200: media(PNG) } }),
    (c) => c.body(content, 200, { "Content-Type": PNG }),
  )
  .get(
    "/api/text",
    operation({ summary: "Read a text", session: "none", answers: { 200: media(TEXT) } }),
    (c) => c.body(content, 200, { "Content-Type": TEXT }),
  )
  .get(
    "/api/name",
    operation({ summary: "Name it", session: "none", answers: { 200: z.object({ name: z.string() }) } }),
    (c) => c.json({ name: "picture" }),
  );

async function read(path: string, bytes: Uint8Array) {
  content = new Uint8Array(bytes);
  const result = await resultOf(await api.fetch(requestOf(eventOf({ method: "GET", target: path }))));
  const response = toResponse(JSON.stringify(result));
  return { ...response, body: Buffer.from(response.body), result };
}

describe("bytes", () => {
  test("pass unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 2000 }), async (bytes) => {
        const { status, headers, body } = await read("/api/picture", bytes);

        expect([status, headers["content-type"]]).toEqual([200, PNG]);
        expect(body.equals(bytes)).toBe(true);
      }),
    );
  });

  test("that are not UTF-8 pass unchanged as text too", async () => {
    const latin1 = Buffer.from("Ärger", "latin1");

    expect((await read("/api/text", latin1)).body.equals(latin1)).toBe(true);
  });

  test("are base64 in the answer of the function, and text is not", async () => {
    const picture = await read("/api/picture", Buffer.from("abc"));
    const text = await read("/api/text", Buffer.from("abc"));

    expect([picture.result.isBase64Encoded, picture.result.body]).toEqual([true, "YWJj"]);
    expect([text.result.isBase64Encoded, text.result.body]).toEqual([false, "abc"]);
  });
});

test("the document describes other media types than JSON", async () => {
  const { paths } = JSON.parse(JSON.stringify(await openApiDocument(operationsOf(api))));

  const contentOf = (path: string) => paths[path].get.responses[200].content;
  expect(contentOf("/api/picture")).toEqual({ [PNG]: {} });
  expect(contentOf("/api/text")).toEqual({ [TEXT]: { schema: { type: "string" } } });
  expect(Object.keys(contentOf("/api/name"))).toEqual(["application/json"]);
});
