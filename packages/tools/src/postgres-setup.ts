// Starts one PostgreSQL 18 for the projects that race on it, when the first of them has tests to run, and tells them
// its address by `inject("postgresUrl")`. Each test file makes a database of its own there.
import { startPostgres } from "@notejam/data-api/testing/postgres";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** `postgres://…/postgres`: the superuser of a PostgreSQL 18 whose other databases the tests make. */
    postgresUrl: string;
  }
}

interface Shared {
  postgres: ReturnType<typeof startPostgres>;
  users: number;
}

// Vitest loads this file once a project, so what the projects share lives on the process.
const holder = globalThis as typeof globalThis & { notejamPostgres?: Shared };

export default async function setup(project: TestProject) {
  holder.notejamPostgres ??= { postgres: startPostgres(), users: 0 };
  const shared = holder.notejamPostgres;
  shared.users++;
  project.provide("postgresUrl", (await shared.postgres).url("postgres"));

  return async () => {
    shared.users--;
    if (shared.users > 0) return;
    delete holder.notejamPostgres;
    await (await shared.postgres).close();
  };
}
