// The migrate function as a deployment invokes it. What the role can do and how tables are made is tested in core.
import { database } from "@notejam/core/db/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SECRETS } from "../test/environment.ts";
import { newNote, newUser, type Service, startService } from "../test/service.ts";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());

const lines = () => service.log.splice(0).map((line) => JSON.parse(line));

test("the API works as the application, which can't change tables", async () => {
  const browser = await newUser(service);
  await newNote(browser);

  const [role] = (await database().execute("select current_user::text as name")).rows;
  expect(role).toEqual({ name: "notejam_app" });
  await expect(database().execute("create table mine (n int)")).rejects.toMatchObject({
    cause: { message: "ERROR: permission denied for schema public; Position: 14; SQLState: 42501" },
  });
});

test("a second run applies nothing, and gives the role its password and rights again", async () => {
  await service.statement(`revoke all on note from notejam_app`);
  service.log.splice(0);

  expect(await service.migrate()).toEqual({ applied: [], newer: [] });

  expect(lines()).toEqual([expect.objectContaining({ message: "migrated", applied: [] })]);
  await newNote(await newUser(service));
  const verifier = "select rolpassword as v from pg_authid where rolname = 'notejam_app'";
  expect(await service.statement(verifier)).toEqual([{ v: expect.stringMatching(/^SCRAM-SHA-256\$4096:/) }]);
});

test("code that is older than the database succeeds, applies nothing and says so", async () => {
  await service.statement("insert into migration (name) values ('20991231235959_newer')");
  service.log.splice(0);

  expect(await service.migrate()).toEqual({ applied: [], newer: ["20991231235959_newer"] });

  expect(lines()).toMatchObject([
    { level: "info", message: "older than the database", newer: ["20991231235959_newer"] },
    { level: "info", message: "migrated", applied: [] },
  ]);
  await service.statement("delete from migration where name = '20991231235959_newer'");
});

test.each(["topsecret", '{"username": "notejam_app"}', '{"username": 5, "password": "topsecret"}', "null"])(
  "a secret that has %s fails the deployment by its name, without its content",
  async (text) => {
    service.secrets[SECRETS.application] = text;

    const failed = await service.migrate().catch((error: Error) => error.message);

    expect(failed).toBe(
      `The database was not migrated: The secret ${SECRETS.application} must have JSON like {"username": "notejam_app", "password": "…"}.`,
    );
  },
);
