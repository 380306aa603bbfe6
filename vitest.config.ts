// The suite's projects, one a workspace. `npm test` runs them all; `npx vitest run --project core` runs one.
import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

const postgres = "packages/tools/src/postgres-setup.ts";
const site = "packages/trials/src/site-setup.ts";
/** What visits a site shares one. */
const visits = "packages/trials/src/{smoke,load}";
const migratedDatabase = "packages/core/test/migrated-database.ts";

/** A race or a build takes its time on a busy machine; a test that hangs still ends. */
const timeouts = { testTimeout: 60_000, hookTimeout: 120_000 };

/** What a project adds to those of a workspace. */
interface More {
  globalSetup?: string | string[];
  /** What runs before each file. */
  setupFiles?: string;
  /** The files share workers. */
  shared?: boolean;
  /** Node.js loads the modules itself, as in production: Vite transforms none. */
  native?: boolean;
  exclude?: string;
}

/** A project of the tests that stand beside a workspace's code. */
function workspace(name: string, folder: string, more: More = {}) {
  return {
    test: {
      name,
      include: [`${folder}/**/*.test.ts`],
      exclude: [...configDefaults.exclude, ...(more.exclude ? [`${more.exclude}/**`] : [])],
      globalSetup: more.globalSetup ?? [],
      setupFiles: more.setupFiles ?? [],
      // A worker of its own for each file costs 0.2 s, which files that change nothing global need not pay.
      isolate: !more.shared,
      ...(more.native && { experimental: { viteModuleRunner: false, nodeLoader: false } }),
      // As Aurora and Lambda have it. A test in core/src/note runs in another zone.
      env: { TZ: "UTC" },
      ...timeouts,
    },
  };
}

export default defineConfig({
  test: {
    // Many tests wait for processes, timers and a browser: half as many workers again keep the cores busy.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    projects: [
      workspace("core", "packages/core", {
        globalSetup: [postgres, migratedDatabase],
        shared: true,
        native: true,
      }),
      workspace("data-api", "packages/data-api", {
        globalSetup: [postgres, "packages/data-api/test/embedded-setup.ts"],
        shared: true,
        native: true,
      }),
      workspace("functions", "packages/functions", {
        globalSetup: [postgres, migratedDatabase],
        setupFiles: "packages/functions/test/each-file.ts",
        shared: true,
        native: true,
      }),
      workspace("local", "packages/local", { globalSetup: postgres, native: true }),
      workspace("client", "packages/client", { native: true }),
      workspace("cli", "packages/cli"),
      workspace("command-line", "packages/command-line", { native: true }),
      workspace("tools", "packages/tools", { globalSetup: postgres, native: true }),
      workspace("trials", "packages/trials", { globalSetup: postgres, exclude: visits, native: true }),
      workspace("visits", visits, { globalSetup: site, native: true }),
      workspace("bench", "packages/bench", { native: true }),
      workspace("stacks", "stacks", { shared: true }),
      {
        extends: "packages/web/vite.config.ts",
        test: {
          name: "web",
          include: ["packages/web/src/**/*.test.{ts,tsx}"],
          environment: "jsdom",
          env: { TZ: "UTC" },
          ...timeouts,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["packages/web/e2e/**/*.test.ts"],
          globalSetup: ["packages/tools/src/browser-setup.ts", postgres, "packages/web/e2e/setup.ts"],
          // A worker keeps its connection to the browser, and a page, from file to file.
          isolate: false,
          experimental: { viteModuleRunner: false, nodeLoader: false },
          env: { TZ: "UTC" },
          ...timeouts,
        },
      },
    ],
  },
});
