// Bodies and answers that are not JSON, from a request to API Gateway through the API's entry and back.
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
import { answerProblem, toAppError } from "./problem.ts";

const PNG = "image/png";
const TEXT = "text/plain; charset=utf-8";

/** An API with routes that take bytes and answer them, like a page of an export or a picture. */
const api = new Hono<ApiEnv>()
  .put(
    "/api/picture",
    operation({
      summary: "Store a picture",
      session: "none",
      body: media(PNG),
      answers: { 200: media(PNG) },
    }),
    (c) => c.body(new Uint8Array(c.var.body), 200, { "Content-Type": PNG }),
  )
  .put(
    "/api/text",
    operation({ summary: "Store a text", session: "none", body: media(TEXT), answers: { 200: media(TEXT) } }),
    (c) => c.body(new Uint8Array(c.var.body), 200, { "Content-Type": TEXT }),
  )
  .get(
    "/api/name",
    operation({ summary: "Name it", session: "none", answers: { 200: z.object({ name: z.string() }) } }),
    (c) => c.json({ name: "picture" }),
  );
api.onError((error, c) => answerProblem(c, toAppError(error)));

async function put(path: string, type: string | undefined, body: Uint8Array | string) {
  const event = eventOf({ method: "PUT", target: path, headers: { "Content-Type": type }, body });
  const result = await resultOf(await api.fetch(requestOf(event)));
  const response = toResponse(JSON.stringify(result));
  return { ...response, body: Buffer.from(response.body), result };
}

describe("bytes", () => {
  test("pass unchanged in both directions", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 2000 }), async (bytes) => {
        const { status, headers, body } = await put("/api/picture", PNG, bytes);

        expect([status, headers["content-type"]]).toEqual([200, PNG]);
        expect(body.equals(bytes)).toBe(true);
      }),
    );
  });

  test("that are not UTF-8 pass unchanged as text too", async () => {
    const latin1 = Buffer.from("Ärger", "latin1");

    expect((await put("/api/text", TEXT, latin1)).body.equals(latin1)).toBe(true);
  });

  test("are base64 in the event, and text is not", async () => {
    const picture = await put("/api/picture", PNG, "abc");
    const text = await put("/api/text", TEXT, "abc");

    expect([picture.result.isBase64Encoded, picture.result.body]).toEqual([true, "YWJj"]);
    expect([text.result.isBase64Encoded, text.result.body]).toEqual([false, "abc"]);
  });

  test.each([
    ["application/json", 415, "unsupported_media_type"],
    [undefined, 415, "unsupported_media_type"],
  ])("of type %s are refused, and the answer names the right type", async (type, expected, code) => {
    const { status, body } = await put("/api/picture", type, "{}");

    expect([status, JSON.parse(body.toString())]).toEqual([
      expected,
      expect.objectContaining({ code, detail: expect.stringContaining(PNG) }),
    ]);
  });

  test("that are missing are malformed, and the answer names the media type", async () => {
    const { status, body } = await put("/api/picture", PNG, "");

    expect([status, JSON.parse(body.toString()).detail]).toEqual([400, expect.stringContaining(PNG)]);
  });
});

test("the document describes other media types than JSON", async () => {
  const document = JSON.parse(JSON.stringify(await openApiDocument(operationsOf(api))));

  const picture = document.paths["/api/picture"].put;
  const text = document.paths["/api/text"].put;
  expect(picture.requestBody.content).toEqual({ [PNG]: {} });
  expect(picture.responses[200].content).toEqual({ [PNG]: {} });
  expect(text.responses[200].content).toEqual({ [TEXT]: { schema: { type: "string" } } });
  expect(Object.keys(document.paths["/api/name"].get.responses[200].content)).toEqual(["application/json"]);
});
