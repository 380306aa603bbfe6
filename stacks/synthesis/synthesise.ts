// Synthesises stages in this process, as `sst build` does: `npm run synth` and the tests use it. A test compares what it makes with
// what `sst build` writes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Aspects, type IAspect } from "aws-cdk-lib";
import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { App } from "sst/constructs";
import { useFunctions } from "sst/constructs/Function.js";
import { setProject } from "sst/project.js";
import { useRuntimeHandlers } from "sst/runtime/handlers.js";
import config from "../../sst.config.ts";

// SST itself uses deprecated parts of the CDK. Its command line silences the warnings too.
process.env.JSII_DEPRECATED = "quiet";

const ROOT = join(import.meta.dirname, "../..");

export type Mode = "deploy" | "dev" | "remove";

export interface Synthesis {
  stage: string;
  region: string;
  /** Twelve digits. */
  account: string;
  mode: Mode;
  /** Where SST and Vite build: the same folder each time, and not the project's .sst, where a deployment may be building. */
  scratch: string;
  /** Gets templates, asset manifests and assets. */
  outdir: string;
  /** Which functions share a bundle: those with the same key. */
  bundles: Bundles;
  bundleKey(functionId: string, handler: string): string;
  aspects?: readonly IAspect[];
  /** Whether functions and the web app are built (default); without, the resources are the same, but hold nothing. */
  builds?: boolean;
}

/**
 * One at a time: SST knows one project and one app. The working folder is the repository.
 * @throws what the stacks throw, and VisibleError for a function that does not build
 */
export async function synthesise(synthesis: Synthesis): Promise<CloudAssembly> {
  const { stage, region, account, mode, scratch, outdir, aspects = [], builds = true } = synthesis;
  const options = await config.config({ stage, region });
  setProject({
    ...sstVersions(),
    config: { ...options, stage, ssmPrefix: `/sst/${options.name}/${stage}/` },
    stacks: config.stacks,
    metafile: { inputs: {}, outputs: {} },
    paths: {
      root: ROOT,
      config: join(ROOT, "sst.config.ts"),
      out: scratch,
      artifacts: join(scratch, "artifacts"),
    },
  });
  shareBundles(synthesis);
  const app = new App(
    { name: options.name, account, stage, region, mode, isActiveStack: () => builds },
    { outdir, context: { "aws:cdk:enable-path-metadata": false } },
  );
  for (const aspect of aspects) Aspects.of(app).add(aspect);
  await config.stacks(app);
  await app.finish();
  return app.synth();
}

type Build = ReturnType<typeof useRuntimeHandlers>["build"];

/** What SST has bundled, by a key. */
export type Bundles = Map<string, ReturnType<Build>>;

let sstBuild: Build | undefined;

/**
 * Has SST bundle once for each key, because it runs `npm install` for each bundle. A bundle depends on the function's id only
 * by the name in a package-lock.json; the id depends on the stage, and not on the region.
 */
function shareBundles({ bundles, bundleKey }: Synthesis): void {
  const handlers = useRuntimeHandlers();
  sstBuild ??= handlers.build;
  const build = sstBuild;
  handlers.build = (functionId, mode) => {
    const key = bundleKey(functionId, useFunctions().fromID(functionId)?.handler ?? "");
    const bundle = bundles.get(key) ?? build(functionId, mode);
    bundles.set(key, bundle);
    return bundle;
  };
}

/** What SST writes into the stacks' outputs. */
function sstVersions() {
  const { version, dependencies } = JSON.parse(
    readFileSync(join(ROOT, "node_modules/sst/package.json"), "utf8"),
  );
  return { version, cdkVersion: dependencies["aws-cdk-lib"], constructsVersion: dependencies.constructs };
}
