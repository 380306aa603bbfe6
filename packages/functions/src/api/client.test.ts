// Hono's typed client over the API's type, which is how the web app calls it. Most of this is checked by the
// compiler.
import { hc, type InferRequestType, type InferResponseType } from "hono/client";
import { expect, expectTypeOf, test } from "vitest";
import type { AppType } from "./app.ts";

test("the client's types say what a request takes and what is answered", async () => {
  const sent: Request[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    sent.push(new Request(url, init));
    return Response.json({});
  };
  const client = hc<AppType>("https://notes.example.com", { fetch });
  const note = client.api.notes[":id"];

  await note.$patch({ param: { id: "1" }, header: { "If-Match": '"3"' }, json: { text: "Rye." } });
  await client.api.notes.$get({ query: { order: "name", limit: "10" } });
  await client.api.notes.$get();

  expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "PATCH https://notes.example.com/api/notes/1",
    "GET https://notes.example.com/api/notes?order=name&limit=10",
    "GET https://notes.example.com/api/notes",
  ]);
  expect(sent[0]?.headers.get("If-Match")).toBe('"3"');
  expectTypeOf<InferRequestType<typeof note.$patch>["json"]>().toEqualTypeOf<{
    name?: string | undefined;
    text?: string | undefined;
    padId?: string | null | undefined;
  }>();
  expectTypeOf<InferResponseType<typeof note.$get>["note"]["version"]>().toEqualTypeOf<number>();
  expectTypeOf<
    InferResponseType<typeof client.api.pads.$get>["pads"][number]["noteCount"]
  >().toEqualTypeOf<number>();
  const restore = client.api.notes[":id"].revisions[":version"].restore;
  expectTypeOf<InferRequestType<typeof restore.$post>["param"]>().toEqualTypeOf<
    { id: string } & { version: string }
  >();
});
