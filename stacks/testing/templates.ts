// Synthesises stages for tests like `sst build`, but in this process: without credentials or a network, and outside the
// project's .sst folder. A test shows that `sst build` and `npm run synth` write the same. kept.ts keeps what was made, so that
// no two workers, and no two runs of the same sources, make the same.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENV } from "@notejam/core/config";
import { Template } from "aws-cdk-lib/assertions";
import { BRANCH_VARIABLE, SETTINGS } from "../stage/settings.ts";
import type { Bundles, Mode } from "../synthesis/synthesise.ts";
import { startAccount } from "./aws.ts";
import { kept } from "./kept.ts";

export const ACCOUNT = "111122223333";
const SENDER = "Notejam <notejam@example.com>";

/** No test synthesises production there. */
export const FAR_REGION = "sa-east-1";

/** What production can't do without. */
export const OF_PRODUCTION = {
  [ENV.mailFrom]: SENDER,
  NOTEJAM_PRODUCTION_ACCOUNT: ACCOUNT,
  NOTEJAM_DOMAIN: "notes.example.com",
  NOTEJAM_CERTIFICATE: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/0b5c1e0e-93a5-4c4e-9a0a-5d3f3d7c2b11`,
  NOTEJAM_HOSTED_ZONE: "Z0123456789ABC",
  NOTEJAM_FAR_REGION: FAR_REGION,
  NOTEJAM_BUSINESS_HOURS: "MON-FRI 7-19",
  NOTEJAM_TIME_ZONE: "Europe/Paris",
};

/** What is in the account when a stage is synthesised. */
export const account = await startAccount(ACCOUNT);

// Files of tests share what they synthesise, so it is there until the worker ends.
const OUT = mkdtempSync(join(tmpdir(), "notejam-stacks-"));
process.once("exit", () => rmSync(OUT, { recursive: true, force: true }));

export interface RawTemplate {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
}

export interface Request {
  stage: string;
  region?: string;
  mode?: Mode;
  /** The environment in which SST runs; by default the sender and what production needs are set. */
  environment?: Record<string, string | undefined>;
  /** Whether cdk-nag checks it. */
  nag?: boolean;
  /** Builds the functions and the web app, which takes seconds; without, the resources are the same, but hold nothing. */
  built?: boolean;
  /** Made anew, whatever is kept. */
  anew?: boolean;
}

export interface Synthesised {
  data: Template;
  app: Template;
  /** The template of another stack. */
  stack(id: string): Template;
  /** The templates of all stacks, by the ids that sst.config.ts gives them. */
  stacks: Record<string, RawTemplate>;
  /** What cdk-nag has found, one line each. */
  findings: string[];
}

/** What is made of a request, as far as tests look at it. */
interface Made {
  stacks: { stackName: string; template: RawTemplate }[];
  findings: string[];
}

const made = new Map<string, Promise<Synthesised>>();
/** The last synthesis: SST handles one project at a time. */
let last: Promise<unknown> = Promise.resolve();

/** The templates of a stage; the same request gets the same ones. */
export function templatesOf({ anew = false, ...request }: Request): Promise<Synthesised> {
  const key = keyOf(request);
  const known = anew ? undefined : made.get(key);
  if (known) return known;
  const templates = last
    .then(() => (anew ? make(request) : kept(key, () => make(request))))
    .then((one) => shown(request.stage, one));
  last = templates.catch(() => undefined);
  if (!anew) made.set(key, templates);
  return templates;
}

/** A request, whatever it leaves to the defaults, and what the account has of the stage and its snapshot. */
function keyOf({
  stage,
  region = "eu-west-1",
  mode = "deploy",
  environment = {},
  nag = false,
  built = false,
}: Request): string {
  const isAsked = (name: string) => name.startsWith(`${stage}-`) || name.startsWith("dev-");
  const stacks = Object.entries(account.stacks).filter(([name]) => isAsked(name));
  const snapshot = account.snapshots[environment.NOTEJAM_RESTORE_FROM ?? ""];
  const missing = account.missing.filter(isAsked);
  return JSON.stringify(
    { stage, region, mode, environment, nag, built, stacks, missing, snapshot },
    // A variable that is to be missing is not one that nobody spoke of.
    (_, value: unknown) => (value === undefined ? null : value),
  );
}

/** The stages' bundles are shared: they differ only in the name in SST's package-lock.json. */
const bundles: Bundles = new Map();

async function make({
  stage,
  region = "eu-west-1",
  mode = "deploy",
  environment,
  nag,
  built = false,
}: Request): Promise<Made> {
  // They take a second to load, which a worker that finds everything need not spend.
  const { synthesise } = await import("../synthesis/synthesise.ts");
  const { AwsSolutionsChecks } = await import("cdk-nag");
  const set: Record<string, string | undefined> = {
    // What the shell of whoever runs the tests sets must not matter.
    ...Object.fromEntries(
      [...Object.values(ENV), ...Object.keys(SETTINGS), BRANCH_VARIABLE].map((name) => [name, undefined]),
    ),
    ...account.environment,
    [ENV.mailFrom]: SENDER,
    ...(stage === "production" && OF_PRODUCTION),
    ...environment,
  };
  for (const [name, value] of Object.entries(set)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  // In a test SST leaves out what `sst dev` permits functions, because it would ask AWS for the name of its bucket.
  const { NODE_ENV } = process.env;
  if (mode === "dev") delete process.env.NODE_ENV;
  const { stacks } = await synthesise({
    stage,
    region,
    account: ACCOUNT,
    mode,
    scratch: OUT,
    outdir: mkdtempSync(join(OUT, "assembly-")),
    bundles,
    bundleKey: (_, handler) => handler,
    builds: built,
    aspects: nag ? [new AwsSolutionsChecks()] : [],
  }).finally(() => {
    process.env.NODE_ENV = NODE_ENV;
  });
  return {
    stacks: stacks.map(({ stackName, template }) => ({ stackName, template })),
    findings: stacks.flatMap(({ messages }) => messages.map(({ id, entry }) => `${id} ${entry.data}`)),
  };
}

function shown(stage: string, { stacks, findings }: Made): Synthesised {
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
    stack: template,
    stacks: Object.fromEntries(
      stacks.map(({ stackName, template }) => [stackName.slice(`${stage}-notejam-`.length), template]),
    ),
    findings,
  };
}
