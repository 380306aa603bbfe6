// Synthesises stages for tests like `sst build`, but in this process: without credentials or a network, and outside the
// project's .sst folder. A test shows that `npm run synth` writes the same.
import { mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENV } from "@notejam/core/config";
import { Aspects } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { App } from "sst/constructs";
import { useFunctions } from "sst/constructs/Function.js";
import { setProject } from "sst/project.js";
import { useRuntimeHandlers } from "sst/runtime/handlers.js";
import { afterAll } from "vitest";
import config from "../../sst.config.ts";
import { SETTINGS } from "../settings.ts";
import { startAccount } from "./aws.ts";
import { ROOT } from "./command.ts";

export const ACCOUNT = "111122223333";
export const SENDER = "Notejam <notejam@example.com>";

/** No test synthesises production there. */
export const FAR_REGION = "sa-east-1";

/** What production can't do without. */
const OF_PRODUCTION = {
  NOTEJAM_PRODUCTION_ACCOUNT: ACCOUNT,
  NOTEJAM_DOMAIN: "notes.example.com",
  NOTEJAM_CERTIFICATE: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/0b5c1e0e-93a5-4c4e-9a0a-5d3f3d7c2b11`,
  NOTEJAM_HOSTED_ZONE: "Z0123456789ABC",
  NOTEJAM_FAR_REGION: FAR_REGION,
  NOTEJAM_BUSINESS_HOURS: "MON-FRI 7-19",
  NOTEJAM_TIME_ZONE: "Europe/Paris",
};

// SST passes on what it deprecates itself; its command line keeps that quiet too.
process.env.JSII_DEPRECATED = "quiet";

/** What is in the account when a stage is synthesised. */
export const account = await startAccount(ACCOUNT);
afterAll(() => account.close());

const OUT = mkdtempSync(join(tmpdir(), "notejam-stacks-"));
afterAll(() => rm(OUT, { recursive: true }));

interface Request {
  stage: string;
  region?: string;
  mode?: "deploy" | "dev" | "remove";
  /** The environment in which SST runs; by default the sender and what production needs are set. */
  environment?: Record<string, string | undefined>;
  /** Whether cdk-nag checks it. */
  nag?: boolean;
  /** Bundles the functions for this stage instead of using another's bundles. */
  ownBundles?: boolean;
}

export interface Synthesised {
  data: Template;
  app: Template;
  /** Of every stack. */
  all: Template[];
  /** The template of another stack. */
  stack(id: string): Template;
  /** What cdk-nag has found, one line each. */
  findings: string[];
}

const made = new Map<string, Promise<Synthesised>>();

/** The templates of a stage; the same request gets the same ones. */
export function templatesOf(request: Request): Promise<Synthesised> {
  const key = JSON.stringify(request);
  // SST handles one project at a time.
  const before = Promise.allSettled(made.values());
  const templates = made.get(key) ?? before.then(() => synthesise(request));
  made.set(key, templates);
  return templates;
}

async function synthesise({
  stage,
  region = "eu-west-1",
  mode = "deploy",
  environment,
  nag,
  ownBundles,
}: Request) {
  const set: Record<string, string | undefined> = {
    // What the shell of whoever runs the tests sets must not matter.
    ...Object.fromEntries([...Object.values(ENV), ...Object.keys(SETTINGS)].map((name) => [name, undefined])),
    ...account.environment,
    [ENV.mailFrom]: SENDER,
    ...(stage === "production" && OF_PRODUCTION),
    ...environment,
  };
  for (const [name, value] of Object.entries(set)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  const options = await config.config({ stage, region });
  setProject({
    ...sstVersions(),
    config: { ...options, stage, ssmPrefix: `/sst/${options.name}/${stage}/` },
    stacks: config.stacks,
    metafile: { inputs: {}, outputs: {} },
    paths: { root: ROOT, config: join(ROOT, "sst.config.ts"), out: OUT, artifacts: join(OUT, "artifacts") },
  });
  bundleOnce();
  if (ownBundles) bundles.clear();
  const app = new App(
    { name: options.name, account: ACCOUNT, stage, region, mode },
    { outdir: mkdtempSync(join(OUT, "assembly-")), context: { "aws:cdk:enable-path-metadata": false } },
  );
  if (nag) Aspects.of(app).add(new AwsSolutionsChecks());
  await config.stacks(app);
  await app.finish();
  const { stacks } = app.synth();
  const template = (id: string) => {
    const stack = stacks.find(({ stackName }) => stackName === `${stage}-notejam-${id}`);
    if (!stack) throw new Error(`${stage} has no stack "${id}".`);
    return Template.fromJSON(stack.template);
  };
  return {
    get data() {
      return template("data");
    },
    get app() {
      return template("app");
    },
    all: stacks.map((stack) => Template.fromJSON(stack.template)),
    stack: template,
    findings: stacks.flatMap(({ messages }) => messages.map(({ id, entry }) => `${id} ${entry.data}`)),
  };
}

type Build = ReturnType<typeof useRuntimeHandlers>["build"];

let sstBuild: Build | undefined;
const bundles = new Map<string, ReturnType<Build>>();

/** Has SST bundle each function once instead of once a stage. The stages' bundles differ only in the name in SST's package-lock.json. */
function bundleOnce(): void {
  const handlers = useRuntimeHandlers();
  sstBuild ??= handlers.build;
  const build = sstBuild;
  handlers.build = (functionId, mode) => {
    const source = useFunctions().fromID(functionId)?.handler ?? "";
    const bundle = bundles.get(source) ?? build(functionId, mode);
    bundles.set(source, bundle);
    return bundle;
  };
}

function sstVersions() {
  const { version, dependencies } = JSON.parse(
    readFileSync(join(ROOT, "node_modules/sst/package.json"), "utf8"),
  );
  return {
    version,
    cdkVersion: dependencies["aws-cdk-lib"],
    constructsVersion: dependencies.constructs,
  };
}
