// A statement for a user can't run without the viewer, which keeps tenants apart. functions/test/tenancy.test.ts checks the
// statements of each route.
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { newUser, startDatabase } from "../../test/database.ts";
import { note } from "../note/note.sql.ts";
import { database } from "./client.ts";
import { ALWAYS, column, cte } from "./cte.ts";
import { authorised, viewerId, viewerOf } from "./viewer.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("migratedDatabase"));
});
afterAll(() => server?.close());

const answer = cte("answer", { n: column<number>("n") }, sql`select 1 n where ${viewerId} is not null`);

test("a statement that begins with the viewer finds the viewer's rows", async () => {
  const { viewer, userId } = await newUser();

  const rows = await authorised(viewer, (begin) => begin([answer], { n: answer.n }).leftJoin(answer, ALWAYS));

  expect(rows).toEqual([{ viewerId: userId, n: 1 }]);
});

test("a statement without a live session is unauthenticated", async () => {
  const statement = authorised(viewerOf("an unknown token"), (begin) =>
    begin([answer], { n: answer.n }).leftJoin(answer, ALWAYS),
  );

  await expect(statement).rejects.toMatchObject({ code: "unauthenticated" });
});

test("a statement that does not begin with the viewer is refused before it is sent", async () => {
  const { viewer } = await newUser();
  server.calls.clear();

  const withoutViewer = authorised(viewer, () => database().select({ viewerId: note.id }).from(note));
  const otherStatement = authorised(viewer, (begin) => {
    begin([answer], { n: answer.n });
    return database().select({ viewerId: note.id }).from(note);
  });

  await expect(withoutViewer).rejects.toThrow("does not begin with the viewer");
  await expect(otherStatement).rejects.toThrow("does not begin with the viewer");
  expect(server.calls.counts.all).toBe(0);
});
