// Starts one service for the tests of what visits a site: the smoke test and the load test. They get its address from
// `inject("siteOrigin")`.

import { startService } from "@notejam/web/e2e/service";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** `http://localhost:40001` */
    siteOrigin: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const service = await startService();
  project.provide("siteOrigin", service.origin);
  return () => service.stop();
}
