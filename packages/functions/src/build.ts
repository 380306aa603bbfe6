// Builds the functions for a laptop, with the same options as the bundles for AWS.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildContext, context, type Message, type Plugin } from "esbuild";
import { BUNDLE } from "./bundle.ts";
import { FUNCTIONS } from "./functions.ts";

/**
 * Bundles each function: `<outDir>/api/lambda.mjs`, `<outDir>/mail/handler.mjs` and so on, with chunks and source maps
 * beside them.
 * @param options.onRebuild if it is given, the sources are watched, and it is called after each later build of a function with
 * the errors in the function's sources
 * @returns `stop` ends watching
 * @throws Error if the first build fails, with the errors
 */
export async function buildFunctions(options: {
  outDir: string;
  onRebuild?: (errors: string[]) => void;
}): Promise<{ stop(): Promise<void> }> {
  const { outDir, onRebuild } = options;
  const contexts = await Promise.all(
    Object.values(FUNCTIONS).map(({ entry }) => contextOf(entry, outDir, onRebuild)),
  );
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
  return { stop };
}

function contextOf(
  entry: string,
  outDir: string,
  onRebuild?: (errors: string[]) => void,
): Promise<BuildContext> {
  let builds = 0;
  const reporting: Plugin = {
    name: "reporting",
    setup(build) {
      build.onEnd(({ errors }) => {
        builds++;
        // The first build is buildFunctions' own, and watching begins with a second one.
        if (builds > 2) onRebuild?.(errors.map(textOf));
      });
    },
  };
  return context({
    ...BUNDLE,
    entryPoints: [fileURLToPath(new URL(`${entry}.ts`, import.meta.url))],
    outdir: dirname(join(outDir, entry)),
    sourcemap: "linked",
    logLevel: "silent",
    plugins: [...(BUNDLE.plugins ?? []), reporting],
  });
}

function textOf({ text, location }: Message): string {
  return location ? `${location.file}:${location.line}: ${text}` : text;
}
