import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { app, operations } from "./app.ts";
import { text } from "./openapi-document.build.ts";
import { STATUSES } from "./problems.ts";

const document = JSON.parse(text);

/** The operations that the document describes, like `get /api/notes/{id}`. */
const described = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method} ${path}`),
);

describe("the OpenAPI document", () => {
  test("is valid OpenAPI 3.1", async () => {
    const result = await new Validator().validate(JSON.parse(text));

    expect(result).toEqual({ valid: true });
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  test("describes each route that the API has, and no other", () => {
    const routes = app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);

    expect([...described].sort()).toEqual([...new Set(routes)].sort());
    expect(operations()).toHaveLength(described.length);
  });

  test("has none of the routes that don't exist yet", () => {
    for (const absent of ["/api/export", "/api/import", "delete /api/user"]) {
      expect(described.filter((one) => one.includes(absent))).toEqual([]);
    }
  });

  test("explains each code of the contract under the address that problems give as their type", () => {
    expect(Object.keys(document.components.responses).sort()).toEqual(Object.keys(STATUSES).sort());
  });

  test("gives each JSON body an example that its route takes", () => {
    for (const { method, path, operation } of operations()) {
      if (!operation.body) continue;
      expect(operation.example, `${method} ${path}`).toBeDefined();
      expect(operation.body.safeParse(operation.example).error, `${method} ${path}`).toBeUndefined();
    }
    expect(document.paths["/api/pads"].post.requestBody.content["application/json"].example).toEqual({
      name: "Errands",
    });
  });

  test("has no broken reference", () => {
    const references = [...text.matchAll(/"\$ref":"#\/([^"]*)"/g)].map(([, path = ""]) => path.split("/"));

    expect(references.length).toBeGreaterThan(0);
    for (const reference of new Set(references)) {
      const target = reference.reduce((value, name) => value?.[name], document);
      expect(target, reference.join("/")).toBeDefined();
    }
  });

  test("explains each query parameter, and says which bodies are optional", () => {
    const operations = Object.values<Record<string, Record<string, unknown>>>(document.paths).flatMap(
      Object.values,
    );
    const parameters = operations
      .flatMap(({ parameters }) => parameters ?? [])
      .filter(({ in: place }) => place === "query");
    const optional = operations.filter(({ requestBody }) => requestBody?.required === false);

    expect(parameters.length).toBeGreaterThan(0);
    expect(parameters.filter(({ description }) => !description)).toEqual([]);
    expect(optional.map(({ operationId }) => operationId)).toEqual(["postApiTrashNotesByIdRestore"]);
  });

  test("describes the input and the answers of saving a note", () => {
    const save = document.paths["/api/notes/{id}"].patch;

    expect(save.parameters).toEqual([
      expect.objectContaining({ in: "header", name: "If-Match", required: true }),
      { in: "path", name: "id", required: true, schema: { type: "string", format: "uuid" } },
    ]);
    expect(save.security).toEqual([{ session: [] }]);
    expect(save.requestBody.content["application/json"].schema).toMatchObject({
      properties: { name: { type: "string", maxLength: 100 }, text: { type: "string" } },
      additionalProperties: false,
    });
    expect(save.responses["200"].headers).toHaveProperty("ETag");
    expect(Object.keys(save.responses)).toEqual([
      "200",
      "400",
      "401",
      "403",
      "404",
      "409",
      "412",
      "413",
      "415",
      "422",
      "428",
      "429",
      "500",
      "503",
    ]);
  });
});
