// Runs a workflow as GitHub does, as far as deploy.yml needs it: jobs after those that they need, a job that needs a failed one not
// at all, and each `run` as it stands, by bash. Actions are left out: the environment is what they would have made.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { ROOT } from "./command.ts";
import { type Job, needsOf, type Step, type Workflow } from "./workflows.ts";

type Result = "success" | "failure" | "skipped";

export interface JobRun {
  result: Result;
  /** What its commands printed. */
  log: string;
}

/** @returns its jobs in the order in which they ran */
export async function runWorkflow(
  { jobs }: Workflow,
  environment: Record<string, string | undefined>,
): Promise<Map<string, JobRun>> {
  const done = new Map<string, JobRun>();
  while (done.size < Object.keys(jobs).length) {
    const ready = Object.entries(jobs).find(
      ([name, job]) => !done.has(name) && needsOf(job).every((needed) => done.has(needed)),
    );
    if (!ready) throw new Error("The jobs need each other.");
    const [name, job] = ready;
    if (job.if) throw new Error(`${name} has a condition, which is not understood here.`);
    const isReached = needsOf(job).every((needed) => done.get(needed)?.result === "success");
    done.set(name, isReached ? await runJob(job, environment) : { result: "skipped", log: "" });
  }
  return done;
}

async function runJob(job: Job, environment: Record<string, string | undefined>): Promise<JobRun> {
  const outputs: Record<string, Record<string, string | undefined>> = {};
  let log = "";
  for (const step of job.steps) {
    if (step.run === undefined) continue;
    const { code, said, output } = await runStep(step, outputs, environment);
    log += said;
    if (code !== 0) return { result: "failure", log };
    if (step.id) outputs[step.id] = output;
  }
  return { result: "success", log };
}

async function runStep(
  { run, env = {} }: Step,
  outputs: Record<string, Record<string, string | undefined>>,
  environment: Record<string, string | undefined>,
) {
  const folder = mkdtempSync(join(tmpdir(), "notejam-step-"));
  const GITHUB_OUTPUT = join(folder, "output");
  const given = Object.entries(env).map(([name, value]) => [name, evaluated(value, outputs)]);
  // GitHub's own way to start bash.
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run ?? ""], {
    cwd: ROOT,
    env: { ...process.env, ...environment, ...Object.fromEntries(given), GITHUB_OUTPUT },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  let written = "";
  try {
    written = readFileSync(GITHUB_OUTPUT, "utf8");
  } catch {
    // A step need not write any.
  }
  rmSync(folder, { recursive: true });
  return { code, said, output: parseEnv(written) };
}

/** The value of `${{ steps.<id>.outputs.<name> }}`. GitHub gives nothing for an output that was not written. */
function evaluated(value: string, outputs: Record<string, Record<string, string | undefined>>): string {
  return value.replace(/\$\{\{ *(.*?) *\}\}/g, (_, expression: string) => {
    const [, id, name] = /^steps\.(\w+)\.outputs\.(\w+)$/.exec(expression) ?? [];
    if (id === undefined || name === undefined) throw new Error(`"${expression}" is not understood here.`);
    return outputs[id]?.[name] ?? "";
  });
}
