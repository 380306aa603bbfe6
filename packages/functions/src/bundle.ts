// How the functions are bundled, on AWS (stacks: SST's `nodejs.esbuild`) and on a laptop (build.ts) alike. Each
// choice is for the cold start: it imports what is in the entry's file and its eager chunks.
import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { BuildOptions, Plugin } from "esbuild";

/**
 * The functions: the file that exports `handler`, below `src` and, as a bundle, below the output folder; the memory,
 * which decides the share of a core as well; and the time after which a call is given up.
 */
export const FUNCTIONS = {
  // One full core: half of a cold start is running JavaScript, and a password costs 32 ms of it. API Gateway gives up
  // after 30 seconds.
  api: { entry: "api/lambda", memoryMegabytes: 1769, timeoutSeconds: 29 },
  // A paused cluster takes 15 to 30 seconds to wake.
  mail: { entry: "mail/handler", memoryMegabytes: 512, timeoutSeconds: 60 },
  // A minute less than the script that calls it waits, so that it hears of a timeout.
  migrate: { entry: "migrate", memoryMegabytes: 512, timeoutSeconds: 14 * 60 },
} as const;

/**
 * A module named `*.build.ts` runs when it is bundled, in a process of its own; the bundle holds what it exported,
 * which must be JSON.
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

export const BUNDLE: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  outExtension: { ".js": ".mjs" },
  // The ES modules of packages where they have them: without this the same code is 130 KB larger.
  mainFields: ["module", "main"],
  minify: true,
  keepNames: false,
  legalComments: "none",
  // What is imported dynamically (the Lambda client, the OpenAPI document) lies in chunks of its own.
  splitting: true,
  plugins: [buildTimeModules],
  // Nothing here needs `require`: SST's banner would define it.
  banner: {},
};
