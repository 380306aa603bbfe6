// What the route of the OpenAPI document answers: described apart from the route, which loads the document, since the
// document describes this route too.
import * as z from "zod/mini";
import { operation } from "../http/operation.ts";

export const OPENAPI_PATH = "/api/openapi.json";

export const openapiOperation = operation({
  summary: "This document",
  answers: { 200: z.looseObject({ openapi: z.string() }) },
});
