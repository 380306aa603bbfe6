// Starts a service once for all files of the browser tests. The files find it by `inject`.
import { randomUUID } from "node:crypto";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startService } from "./service.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The service's origin. */
    origin: string;
    /** Where its mails are. */
    outbox: string;
    /** The service's database: tests make accounts there. */
    databaseUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const databaseUrl = await createDatabase(project.getProvidedContext().postgresUrl);
  const service = await startService({ DATABASE_URL: databaseUrl });
  project.provide("origin", service.origin);
  project.provide("outbox", service.outbox);
  project.provide("databaseUrl", databaseUrl);
  return service.stop;
}

/** Makes an empty database. @returns its address */
async function createDatabase(postgresUrl: string): Promise<string> {
  const name = `e2e_${randomUUID().replaceAll("-", "")}`;
  const server = new pg.Client({ connectionString: postgresUrl });
  await server.connect();
  await server.query(`create database ${name}`);
  await server.end();
  return Object.assign(new URL(postgresUrl), { pathname: `/${name}` }).href;
}
