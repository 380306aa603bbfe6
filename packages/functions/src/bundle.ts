// How the functions are bundled, for AWS (SST's `nodejs.esbuild` in stacks) and for a laptop (build.ts). A cold start loads the
// entry's file and the chunks that it imports statically. Each option makes it shorter.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { BuildOptions, Plugin } from "esbuild";

/**
 * Runs each module named `*.build.ts` in a separate process when it is bundled. The bundle contains its exports, which
 * must be JSON.
 */
const buildTimeModules: Plugin = {
  name: "build-time-modules",
  setup(build) {
    build.onLoad({ filter: /\.build\.ts$/ }, async ({ path }) => {
      const program = `process.stdout.write(JSON.stringify(await import(process.argv[1])))`;
      const node = ["--input-type=module", "--eval", program, pathToFileURL(path).href];
      const { stdout } = await promisify(execFile)(process.execPath, node, { maxBuffer: 64 * 1024 * 1024 });
      const exported = Object.entries<unknown>(JSON.parse(stdout));
      const lines = exported.map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`);
      return { contents: lines.join("\n"), loader: "js" };
    });
  },
};

/** Most of the SDK's 300 KB looks for credentials where Lambda has none. */
const credentialsOfLambda: Plugin = {
  name: "credentials-of-lambda",
  setup(build) {
    // Resolved by its package, because SST bundles this file into its configuration in another folder.
    const path = createRequire(import.meta.url).resolve("@notejam/functions/credentials");
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({ path }));
  },
};

/** drizzle's relational queries, which no statement of ours uses. Their module's exports are undefined instead. */
const noRelationalQueries: Plugin = {
  name: "no-relational-queries",
  setup(build) {
    build.onLoad({ filter: /[\\/]drizzle-orm[\\/]relations\.js$/ }, async ({ path }) => {
      const names = Object.keys(await import(pathToFileURL(path).href));
      return { contents: names.map((name) => `export const ${name} = undefined;`).join("\n") };
    });
  },
};

export const BUNDLE: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  outExtension: { ".js": ".mjs" },
  // Prefers ES modules of packages. Without this the same code is 130 KB larger.
  mainFields: ["module", "main"],
  minify: true,
  keepNames: false,
  legalComments: "none",
  // Dynamic imports (the Lambda client, the OpenAPI document) go into separate chunks.
  splitting: true,
  plugins: [buildTimeModules, credentialsOfLambda, noRelationalQueries],
  // SST's banner would define `require`, which no function needs.
  banner: {},
};
