// Builds the functions for a laptop, with the options that AWS's bundles have too.
// From the command line: node packages/functions/src/build.ts <folder>
import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildContext, context, type Plugin } from "esbuild";
import { BUNDLE, ENTRIES } from "./bundle.ts";

type FunctionName = keyof typeof ENTRIES;

export interface Build {
  /** The file of each handler. */
  files: Record<FunctionName, string>;
  /** Ends watching. */
  stop(): Promise<void>;
}

/**
 * Bundles each function: `<outDir>/api/lambda.mjs`, `<outDir>/mail.mjs`, `<outDir>/migrate.mjs`, with chunks and source
 * maps beside them. What earlier builds left there is removed.
 * @param options.onRebuild goes on watching the sources; called after each further build of a function, with what is wrong
 * with its sources
 * @throws Error where the first build fails, saying what is wrong
 */
export async function buildFunctions(options: {
  outDir: string;
  onRebuild?: (name: FunctionName, errors: string[]) => void;
}): Promise<Build> {
  const { outDir, onRebuild } = options;
  await Promise.all([outDir, join(outDir, "api")].map(removeBundles));
  const names = Object.keys(ENTRIES) as FunctionName[];
  const contexts = await Promise.all(names.map((name) => contextOf(name, outDir, onRebuild)));
  const stop = async () => {
    await Promise.all(contexts.map((context) => context.dispose()));
  };
  try {
    await Promise.all(contexts.map((context) => context.rebuild()));
  } catch (error) {
    await stop();
    throw error;
  }
  if (onRebuild) await Promise.all(contexts.map((context) => context.watch()));
  else await stop();
  const file = (name: FunctionName) => join(outDir, `${ENTRIES[name]}.mjs`);
  return { files: { api: file("api"), mail: file("mail"), migrate: file("migrate") }, stop };
}

function contextOf(
  name: FunctionName,
  outDir: string,
  onRebuild?: (name: FunctionName, errors: string[]) => void,
): Promise<BuildContext> {
  let builds = 0;
  const reporting: Plugin = {
    name: "reporting",
    setup(build) {
      build.onEnd(({ errors }) => {
        builds++;
        // The first is the caller's own, the second the one that watching begins with.
        if (builds > 2) onRebuild?.(name, errors.map(textOf));
      });
    },
  };
  return context({
    ...BUNDLE,
    entryPoints: [fileURLToPath(new URL(`${ENTRIES[name]}.ts`, import.meta.url))],
    outdir: dirname(join(outDir, ENTRIES[name])),
    sourcemap: "linked",
    logLevel: "silent",
    plugins: [...(BUNDLE.plugins ?? []), reporting],
  });
}

function textOf({
  text,
  location,
}: {
  text: string;
  location: { file: string; line: number } | null;
}): string {
  return location ? `${location.file}:${location.line}: ${text}` : text;
}

async function removeBundles(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const bundles = names.filter((name) => /\.mjs(\.map)?$/.test(name));
  await Promise.all(bundles.map((name) => rm(join(folder, name))));
}

if (import.meta.main) {
  const [outDir] = process.argv.slice(2);
  if (!outDir) {
    process.stderr.write("Name the folder to build into: node packages/functions/src/build.ts <folder>\n");
    process.exitCode = 1;
  } else {
    await buildFunctions({ outDir });
  }
}
