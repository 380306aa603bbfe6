import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashOfFolder } from "./migrations.ts";

// The migrations run where this hash changes, and only there.
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "notejam-migrations-"));
  await mkdir(join(folder, "1_first"));
  await writeFile(join(folder, "1_first", "migration.sql"), "create table a ();");
});
afterEach(() => rm(folder, { recursive: true }));

test("the hash of the migrations stays while they stay", () => {
  expect(hashOfFolder(folder)).toBe(hashOfFolder(folder));
});

test("the hash of the migrations does not know where they lie", async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), "notejam-migrations-"));
  await mkdir(join(elsewhere, "1_first"));
  await writeFile(join(elsewhere, "1_first", "migration.sql"), "create table a ();");

  expect(hashOfFolder(elsewhere)).toBe(hashOfFolder(folder));
  await rm(elsewhere, { recursive: true });
});

test.each([
  { change: "a changed one", file: "1_first/migration.sql", sql: "create table b ();" },
  { change: "a new one", file: "2_second.sql", sql: "create table b ();" },
  { change: "an empty one", file: "2_second.sql", sql: "" },
])("$change changes the hash of the migrations", async ({ file, sql }) => {
  const before = hashOfFolder(folder);

  await writeFile(join(folder, file), sql);

  expect(hashOfFolder(folder)).not.toBe(before);
});
