// Builds the functions for a laptop, with the options that AWS's bundles have too.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildContext, context, type Plugin } from "esbuild";
import { BUNDLE, FUNCTIONS } from "./bundle.ts";

/**
 * Bundles each function: `<outDir>/api/lambda.mjs`, `<outDir>/mail/handler.mjs`, `<outDir>/migrate.mjs`, with chunks and
 * source maps beside them.
 * @param options.onRebuild goes on watching the sources; called after each further build of a function, with
 * what is wrong with its sources
 * @returns `stop` ends watching
 * @throws Error where the first build fails, saying what is wrong
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
        // The first is the caller's own, the second the one that watching begins with.
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

function textOf({
  text,
  location,
}: {
  text: string;
  location: { file: string; line: number } | null;
}): string {
  return location ? `${location.file}:${location.line}: ${text}` : text;
}
