// Runs a scheduled job of a service on this machine.
import { Failed } from "@notejam/command-line";
import {
  dataDirectory,
  localServiceAt,
  readLocalService,
  serviceFile,
} from "@notejam/command-line/local-service";
import * as z from "zod/mini";

const Ran = z.object({ counts: z.record(z.string(), z.number()) });
const Unknown = z.object({ jobs: z.array(z.string()) });
const Refused = z.object({ detail: z.string() });

/**
 * @param origin such as `http://localhost:3000`
 * @returns what it counted
 * @throws Failed
 */
export async function runJob(origin: string, name: string): Promise<Record<string, number>> {
  const service = localServiceAt(origin, process.env);
  if (!service) throw new Failed(`${whyNoKey()} ${HOW_TO_NAME_IT}`);
  const answer = await fetch(`${origin}/_jobs/${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { authorization: `Bearer ${service.key}` },
    redirect: "manual",
  }).catch((error: Error) => {
    throw new Failed(`Notejam does not answer at ${origin} (${error.message}). Start it with npm start.`);
  });
  const body: unknown = await answer.json().catch(() => undefined);
  const [ran, unknown, refused] = [Ran.safeParse(body), Unknown.safeParse(body), Refused.safeParse(body)];
  if (answer.ok && ran.success) return ran.data.counts;
  if (unknown.success)
    throw new Failed(`No job is called "${name}". The jobs are ${unknown.data.jobs.join(", ")}.`);
  if (refused.success) throw new Failed(`The job failed: ${refused.data.detail}`);
  throw new Failed(`The server at ${origin} runs no jobs.`);
}

const HOW_TO_NAME_IT = "NOTEJAM_DATA_DIR names the service's folder, NOTEJAM_URL its address.";

/** Only the service's file has the key that its jobs ask for. */
function whyNoKey(): string {
  const dataDir = dataDirectory(process.env);
  const other = readLocalService(dataDir);
  return other
    ? `The service with its data in ${dataDir} is at ${other.origin}.`
    : `No service runs here: ${serviceFile(dataDir)} can't be read. Start it with npm start.`;
}
