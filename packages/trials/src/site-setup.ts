// Starts one service for the tests of what visits a site: the smoke test and the load test. They get its address from
// `inject("siteOrigin")`.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENV } from "@notejam/core/config";
import type { TestProject } from "vitest/node";
import { startService } from "./service.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** `http://localhost:40001` */
    siteOrigin: string;
    /** Where its data is. */
    siteDataDir: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "notejam-site-"));
  // All users sign up from one address.
  const service = await startService(dataDir, { DATABASE_URL: "", [ENV.attemptsPerAddress]: "10000" });
  project.provide("siteOrigin", service.origin);
  project.provide("siteDataDir", dataDir);
  return async () => {
    await service.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
