// Runs a scheduled job of a service on this machine.
import * as z from "zod/mini";
import { NotNotejam } from "./connection.ts";

/** The job did not run, or failed; the message is a sentence for the user. */
export class JobFailed extends Error {
  override name = "JobFailed";
}

const Ran = z.object({ counts: z.record(z.string(), z.number()) });
const Unknown = z.object({ jobs: z.array(z.string()) });
const Refused = z.object({ detail: z.string() });

/**
 * @param origin such as `http://localhost:3000`
 * @returns what it counted
 * @throws JobFailed, NotNotejam
 */
export async function runJob(origin: string, name: string): Promise<Record<string, number>> {
  const answer = await fetch(`${origin}/_jobs/${encodeURIComponent(name)}`, {
    method: "POST",
    redirect: "manual",
  }).catch((error: Error) => {
    throw new JobFailed(`Notejam does not answer at ${origin} (${error.message}). Start it with npm start.`);
  });
  const body: unknown = await answer.json().catch(() => undefined);
  const [ran, unknown, refused] = [Ran.safeParse(body), Unknown.safeParse(body), Refused.safeParse(body)];
  if (answer.ok && ran.success) return ran.data.counts;
  if (unknown.success)
    throw new JobFailed(`No job is called "${name}". The jobs are ${unknown.data.jobs.join(", ")}.`);
  if (refused.success) throw new JobFailed(`The job failed: ${refused.data.detail}`);
  throw new NotNotejam(`The server at ${origin} runs no jobs.`);
}
