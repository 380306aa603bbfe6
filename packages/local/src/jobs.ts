// Runs a scheduled job when `npm run notes -- job` asks for it, on this machine only: on AWS, who may invoke a function does it.
// Here it is who knows the service's key, which the command reads from a file of the user's.
import type { IncomingMessage } from "node:http";
import type { LambdaFunction } from "./aws/lambda/handler.ts";
import { type HttpResponse, isSecret, jsonText } from "./aws/loopback.ts";
import { scheduledEvent } from "./aws/scheduler.ts";

const JOBS_PATH = "/_jobs/";

/** Whether a path is that of a job: `/_jobs/thin`. */
export function isJob(path: string): boolean {
  return path.startsWith(JOBS_PATH);
}

export class Jobs {
  readonly #jobs: readonly LambdaFunction[];

  readonly #key: string;

  /** @param key what a request must show, as `Authorization: Bearer <key>` */
  constructor(jobs: readonly LambdaFunction[], key: string) {
    this.#jobs = jobs;
    this.#key = key;
  }

  /** Answers a POST with what the job counted, after it has ended. A web page's request is refused. */
  async respond({ method, headers }: IncomingMessage, path: string): Promise<HttpResponse> {
    if (headers.origin !== undefined || headers["sec-fetch-site"] !== undefined)
      return jsonText(403, { detail: "A web page can't run a job." });
    if (!isSecret(headers.authorization, `Bearer ${this.#key}`))
      return jsonText(403, { detail: "Only who started this service can run its jobs." });
    const name = path.slice(JOBS_PATH.length);
    const job = this.#jobs.find((one) => one.name === name);
    if (!job) return jsonText(404, { jobs: this.#jobs.map((one) => one.name) });
    if (method !== "POST") return jsonText(405, { detail: "A job runs by POST." }, { allow: "POST" });
    const outcome = await job.invoke(JSON.stringify(scheduledEvent(name, new Date())));
    if ("payload" in outcome) return jsonText(200, { counts: JSON.parse(outcome.payload) });
    return jsonText(500, { detail: outcome.error.errorMessage });
  }
}
