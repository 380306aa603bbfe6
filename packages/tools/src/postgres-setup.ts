// Starts one PostgreSQL 18 for all projects with tests that need it. They get its address from `inject("postgresUrl")`, and
// each test file creates its own database there.
import { startPostgres } from "@notejam/data-api/testing/postgres";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** `postgres://…/postgres`: the superuser of a PostgreSQL 18, where the tests create their databases. */
    postgresUrl: string;
  }
}

interface Shared {
  postgres: ReturnType<typeof startPostgres>;
  users: number;
}

// Vitest loads this file once for each project, so the shared state is global.
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
