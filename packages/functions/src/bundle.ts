// How the functions are bundled, both on AWS (stacks: SST's `nodejs.esbuild`) and on a laptop (build.ts). A cold start loads
// the entry's file and the chunks that it imports statically, and each option makes it shorter.
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

/** Most of the SDK's 300 KB finds credentials in ways that Lambda never uses. */
const credentialsOfLambda: Plugin = {
  name: "credentials-of-lambda",
  setup(build) {
    // By its package: SST bundles this file into its configuration, which is somewhere else.
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
  // Packages' ES modules, if they have them: without this the same code is 130 KB larger.
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
