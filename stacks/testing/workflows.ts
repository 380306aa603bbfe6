// Reads the workflows of .github/workflows, as far as tests look at them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "./command.ts";

export interface Step {
  id?: string;
  uses?: string;
  with?: Record<string, string | number | boolean>;
  run?: string;
  env?: Record<string, string>;
}

interface Concurrency {
  group: string;
  queue?: string;
  "cancel-in-progress": boolean | string;
}

export interface Job {
  if?: string;
  needs?: string | string[];
  environment?: string;
  concurrency?: Concurrency;
  permissions?: Record<string, string>;
  "runs-on": string;
  "timeout-minutes"?: number;
  steps: Step[];
}

export interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  concurrency?: Concurrency;
  env?: Record<string, string>;
  jobs: Record<string, Job>;
}

const FOLDER = join(ROOT, ".github/workflows");

/** By their names. */
export const workflowTexts: Record<string, string> = Object.fromEntries(
  readdirSync(FOLDER).map((file) => [file.replace(/\.yml$/, ""), readFileSync(join(FOLDER, file), "utf8")]),
);

/** @throws Error if there is none of that name */
export function workflow(name: string): Workflow {
  const text = workflowTexts[name];
  if (text === undefined) throw new Error(`There is no workflow ${name}.`);
  return parse(text);
}

/** Every job, with its workflow's name and its own. */
export function allJobs(): { workflow: string; name: string; job: Job }[] {
  return Object.keys(workflowTexts).flatMap((one) =>
    Object.entries(workflow(one).jobs).map(([name, job]) => ({ workflow: one, name, job })),
  );
}

/** The npm script that a step runs, and its arguments as they stand; undefined for another command. */
export function scriptOf(run: string): string | undefined {
  if (/^npm test( |$)/.test(run)) return "test";
  return /^npm run ([\w:-]+)(?: -- [^\n]+)?$/.exec(run)?.[1];
}

/** What a job waits for. */
export function needsOf({ needs = [] }: Job): string[] {
  return [needs].flat();
}
