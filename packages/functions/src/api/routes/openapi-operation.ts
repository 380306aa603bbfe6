// Describes the route of the OpenAPI document. It is apart from the route, which loads the document, because the document
// describes this route too.
import * as z from "zod/mini";
import { operation } from "../http/operation.ts";

export const OPENAPI_PATH = "/api/openapi.json";

export const openapiOperation = operation({
  summary: "This document",
  session: "none",
  answers: { 200: z.looseObject({ openapi: z.string() }) },
});
