// Starts a service and a browser once for all files of the browser tests. The files find them by `inject`.
import { randomUUID } from "node:crypto";
import pg from "pg";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { startService } from "./service.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The service's origin. */
    origin: string;
    /** The service's database: tests make accounts there. */
    databaseUrl: string;
    /** Where Playwright connects to the browser. */
    browserEndpoint: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const databaseUrl = await createDatabase(project.getProvidedContext().postgresUrl);
  const browser = await chromium.launchServer({
    executablePath: process.env.NOTEJAM_CHROMIUM as string,
    args: ["--no-sandbox", "--disable-background-networking"],
  });
  const service = await startService({ DATABASE_URL: databaseUrl }).catch(async (error) => {
    await browser.close();
    throw error;
  });
  project.provide("origin", service.origin);
  project.provide("databaseUrl", databaseUrl);
  project.provide("browserEndpoint", browser.wsEndpoint());
  return async () => {
    await Promise.all([service.stop(), browser.close()]);
  };
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
