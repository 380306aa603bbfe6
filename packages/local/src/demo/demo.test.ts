// The demo account as its users and the command meet it: on a whole service.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openConnection } from "@notejam/cli/connection";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtFunctions } from "../build.ts";
import { BuiltFront } from "../distribution/built-front.ts";
import { Service } from "../service.ts";
import { addDemo } from "./demo.ts";

const dataDir = mkdtempSync(join(tmpdir(), "notejam-demo-"));
const environment = { ...process.env };
const ending = new AbortController();
let service: Service;
let origin: string;

beforeAll(async () => {
  service = new Service({ port: 0, dataDir, databaseUrl: undefined }, () => {});
  const fault = (error: unknown) => expect.unreachable(String(error));
  const sources = { functions: builtFunctions, front: new BuiltFront(ending.signal, fault) };
  origin = (await service.start(sources)).origin;
});
afterAll(async () => {
  ending.abort();
  await service?.close();
  process.env = environment;
  rmSync(dataDir, { recursive: true, force: true });
});

const SAID = /sign in as (\S+) with the password "([^"]+)"/;

test("the demo account has a year behind it. Added again, nothing changes, and no account with another password is opened", async () => {
  const add = () => addDemo(origin, service.environment);
  const [, email = "", password = ""] = SAID.exec(await add()) ?? [];
  const { api } = openConnection(origin);
  await api.session.$post({ json: { email, password } });
  const everything = async () => ({
    notes: await (await api.notes.$get({ query: {} })).json(),
    pads: await (await api.pads.$get()).json(),
    trash: await (await api.trash.$get({ query: {} })).json(),
  });

  const first = await everything();
  expect(first.notes.notes.filter(({ pinnedAt }) => pinnedAt !== null)).toHaveLength(1);
  const lisbon = first.notes.notes.find(({ name }) => name.startsWith("Lisbon"));
  const { revisions, total } = await (
    await api.notes[":id"].revisions.$get({ param: { id: lisbon?.id ?? "" }, query: {} })
  ).json();
  expect(total).toBeGreaterThan(30);
  const kinds = new Set(revisions.map(({ kind }) => kind));
  expect([...kinds]).toEqual(
    expect.arrayContaining(["save", "merge", "conflict", "delete", "restore", "revert"]),
  );
  const year = 365 * 24 * 3600_000;
  expect(Date.now() - Date.parse(revisions.at(-1)?.changedAt ?? "")).toBeGreaterThan(0.9 * year);
  expect(first.trash.total).toBeGreaterThan(1);
  // Half a year ago there were fewer notes, and other words.
  const at = new Date(Date.now() - year / 2).toISOString();
  const then = await (await api.history.$get({ query: { at } })).json();
  expect(then.notes.length).toBeGreaterThan(5);
  expect(then.notes.length).toBeLessThan(first.notes.notes.length);
  // Its links lead to its notes.
  const bread = first.notes.notes.find(({ name }) => name === "Bread, slowly");
  const { linkedFrom } = await (await api.notes[":id"].$get({ param: { id: bread?.id ?? "" } })).json();
  expect(linkedFrom.map(({ name }) => name)).toEqual(["Ratatouille"]);
  // Its chain of states is whole.
  expect(await (await api.history.verify.$get({ query: {} })).json()).toMatchObject({ differs: null });

  expect(await add()).toMatch(SAID);
  expect(await everything()).toEqual(first);

  await api.pads[":id"].$delete({ param: { id: first.pads.pads[0]?.id ?? "" } });
  const left = await everything();
  await add();
  expect(await everything()).toEqual(left);

  await api.user.password.$put({ json: { currentPassword: password, newPassword: "another horse" } });
  expect(await add()).toContain("was left as it is");
});
