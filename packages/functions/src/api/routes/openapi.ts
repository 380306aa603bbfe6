// The OpenAPI document. It is made when the API is built, and loaded only when somebody asks for it.
import { Hono } from "hono";
import * as z from "zod/mini";
import type { ApiEnv } from "../http/context.ts";
import { operation } from "../http/operation.ts";

export const openapi = new Hono<ApiEnv>().get(
  "/",
  operation({
    summary: "This document",
    answers: { 200: z.looseObject({ openapi: z.string() }) },
  }),
  async (c) => {
    const { text } = await import("../openapi-document.build.ts");
    return c.body(text, 200, { "Content-Type": "application/json" });
  },
);
