// Puts the API together: the middleware of every request, in this order, and the routes below /api.
import { AppError } from "@notejam/core/errors";
import { Hono } from "hono";
import { API_HEADERS } from "../web-headers.ts";
import type { ApiEnv } from "./http/context.ts";
import { sameOrigin, throughDistribution } from "./http/distribution.ts";
import { operationsOf, type Route } from "./http/operation.ts";
import { answerProblem, toAppError } from "./http/problem.ts";
import { logged } from "./http/request-log.ts";
import { routes } from "./routes/index.ts";
import { openapi } from "./routes/openapi.ts";
import { OPENAPI_PATH } from "./routes/openapi-operation.ts";

export const app = new Hono<ApiEnv>()
  .use(logged)
  .use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(API_HEADERS)) c.header(name, value);
  })
  .use(throughDistribution)
  .use(sameOrigin)
  .route("/api", routes)
  .route(OPENAPI_PATH, openapi);

/** For Hono's typed client: `hc<AppType>(origin)`. */
export type AppType = typeof app;

app.onError((error, c) => answerProblem(c, toAppError(error)));

// The contract has no 405. A method that a path lacks is not found, and Allow names the methods that the path has.
app.notFound((c) => {
  const methods = methodsOf(c.req.path);
  if (methods.length === 0) throw new AppError("not_found");
  c.header("Allow", methods.join(", "));
  throw new AppError("not_found", { detail: `This path answers ${methods.join(", ")}.` });
});

/** The routes, each with its operation. */
export function operations(): Route[] {
  return operationsOf(app);
}

/** Whether `path` matches a route's pattern, `/api/notes/:id`. */
export function fits(path: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")}$`).test(path);
}

function methodsOf(path: string): string[] {
  const methods = operations().flatMap((one) => (fits(path, one.path) ? [one.method] : []));
  return methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
}
