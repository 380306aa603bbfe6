// Builds the functions for a laptop, with the same options as the bundles for AWS.
import { join } from "node:path";
import { context, type Message, type Plugin } from "esbuild";
import { BUNDLE } from "./bundle.ts";
import { FUNCTIONS } from "./functions.ts";

/**
 * Bundles the functions: `<outDir>/api/lambda.mjs`, `<outDir>/mail/handler.mjs` and so on, with source maps beside them, and with
 * chunks of what they share. On AWS each function is bundled by itself.
 * @param options.onRebuild if it is given, the sources are watched, and it is called after each later build with the errors in the
 * sources
 * @returns `stop` ends watching
 * @throws Error if the first build fails, with the errors
 */
export async function buildFunctions(options: {
  outDir: string;
  onRebuild?: (errors: string[]) => void;
}): Promise<{ stop(): Promise<void> }> {
  const { outDir, onRebuild } = options;
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
  const sources = import.meta.dirname;
  const building = await context({
    ...BUNDLE,
    entryPoints: Object.values(FUNCTIONS).map(({ entry }) => join(sources, `${entry}.ts`)),
    outbase: sources,
    outdir: outDir,
    sourcemap: "linked",
    logLevel: "silent",
    plugins: [...(BUNDLE.plugins ?? []), reporting],
  });
  const stop = () => building.dispose();
  try {
    await building.rebuild();
  } catch (error) {
    await stop();
    throw error;
  }
  if (onRebuild) await building.watch();
  else await stop();
  return { stop };
}

function textOf({ text, location }: Message): string {
  return location ? `${location.file}:${location.line}: ${text}` : text;
}
