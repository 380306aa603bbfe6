// What answers at the site's address: the distribution under `npm start`, Vite under `npm run dev`. The service behind it
// does not know which.
import { AppError } from "@notejam/core/errors";
import type { HttpApi } from "./aws/api-gateway/http-api.ts";
import { type HttpResponse, pathOf, plainText } from "./aws/loopback.ts";
import type { Outbox } from "./aws/ses/outbox.ts";
import type { Jobs } from "./jobs.ts";
import { onceFree } from "./once-free.ts";
import { problemResponse } from "./problem.ts";
import { StartFailure } from "./start-failure.ts";

/** What the front passes requests on to. */
export interface Backend {
  api: HttpApi;
  outbox: Outbox;
  jobs: Jobs;
}

export interface Front {
  /**
   * Takes the port, before anything else starts.
   * @param port 0: the system chooses one
   * @throws StartFailure
   */
  take(port: number): Promise<void>;
  /**
   * Makes what it needs; until `open` each request is answered 503 with Retry-After.
   * @param originSecret shows the API that a request came through here
   * @throws StartFailure
   */
  prepare(originSecret: string): Promise<void>;
  /** From now on requests are answered. @returns the site's origin, `http://localhost:3000` */
  open(backend: Backend): string;
  close(): Promise<void>;
}

const STARTING = "Notejam is starting.";

/**
 * The answer to a request that comes before `open`: a problem for the API's clients, and words for people.
 * @param target the request's path and query
 */
export function answerWhileStarting(target: string): HttpResponse {
  return isApi(pathOf(target))
    ? problemResponse(new AppError("unavailable", { detail: STARTING, retryAfterSeconds: 1 }))
    : plainText(503, STARTING, { "retry-after": "1" });
}

/** The answer to a request of the API that would have to wait behind too many others. */
export function answerWhenFull(): HttpResponse {
  const detail = "Too many requests are waiting. Try again in a few seconds.";
  return problemResponse(new AppError("unavailable", { detail, retryAfterSeconds: 2 }));
}

/** Whether a path is the API's. */
export function isApi(path: string): boolean {
  return path.startsWith("/api/");
}

/**
 * Listens at the port, or waits a moment if a service that is ending still has it.
 * @throws StartFailure saying why the port can't be used, and what to do
 */
export async function takePort<T>(port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await onceFree(listen, (error) => codeOf(error) === "EADDRINUSE");
  } catch (error) {
    throw portFailure(port, error);
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function portFailure(port: number, error: unknown): StartFailure {
  const code = codeOf(error);
  const another = `Choose another one, for example PORT=${port >= 1024 && port < 65_535 ? port + 1 : 8080}.`;
  if (code === "EADDRINUSE") return new StartFailure(`Port ${port} is in use by another program. ${another}`);
  if (code === "EACCES") return new StartFailure(`This user may not use port ${port}. ${another}`);
  return new StartFailure(`Port ${port} can't be used: ${(error as Error).message}`);
}
