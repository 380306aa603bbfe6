// Starts a service and a browser once for all files of the browser tests. The files find them by `inject`.
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { startService } from "./service.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The service's origin. */
    origin: string;
    /** Where Playwright connects to the browser. */
    browserEndpoint: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const browser = await chromium.launchServer({
    executablePath: process.env.NOTEJAM_CHROMIUM as string,
    args: ["--no-sandbox", "--disable-background-networking"],
  });
  const service = await startService().catch(async (error) => {
    await browser.close();
    throw error;
  });
  project.provide("origin", service.origin);
  project.provide("browserEndpoint", browser.wsEndpoint());
  return async () => {
    await Promise.all([service.stop(), browser.close()]);
  };
}
