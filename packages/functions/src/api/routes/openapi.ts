// The route of the OpenAPI document, which is made when the API is built and loaded only when a client asks for it.
import { Hono } from "hono";
import type { ApiEnv } from "../http/context.ts";
import { openapiOperation } from "./openapi-operation.ts";

export const openapi = new Hono<ApiEnv>().get("/", openapiOperation, async (c) => {
  const { text } = await import("../openapi-document.build.ts");
  return c.body(text, 200, { "Content-Type": "application/json" });
});
