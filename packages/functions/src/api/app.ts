// The API, put together: what every request passes, in this order, and the router of each resource below /api.
import { AppError } from "@notejam/core/errors";
import { Hono } from "hono";
import { logged } from "../log.ts";
import { API_HEADERS } from "../web-headers.ts";
import type { ApiEnv } from "./http/context.ts";
import { sameOrigin, throughDistribution } from "./http/distribution.ts";
import { OPERATION, type Operation } from "./http/operation.ts";
import { answerProblem, outcomeOf } from "./http/problem.ts";
import { health } from "./routes/health.ts";
import { notes } from "./routes/notes.ts";
import { openapi } from "./routes/openapi.ts";
import { pads } from "./routes/pads.ts";
import { passwordResets } from "./routes/password-resets.ts";
import { revisions } from "./routes/revisions.ts";
import { session } from "./routes/session.ts";
import { sessions } from "./routes/sessions.ts";
import { trash } from "./routes/trash.ts";
import { user, users } from "./routes/users.ts";

export const app = new Hono<ApiEnv>()
  .use(logged)
  .use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(API_HEADERS)) c.header(name, value);
  })
  .use(throughDistribution)
  .use(sameOrigin)
  .route("/api/users", users)
  .route("/api/user", user)
  .route("/api/session", session)
  .route("/api/sessions", sessions)
  .route("/api/password-resets", passwordResets)
  .route("/api/pads", pads)
  .route("/api/notes", notes)
  .route("/api/notes", revisions)
  .route("/api/trash", trash)
  .route("/api/health", health)
  .route("/api/openapi.json", openapi);

/** For Hono's typed client: `hc<AppType>(origin)`. */
export type AppType = typeof app;

app.onError((error, c) => answerProblem(c, outcomeOf(error)));

// The contract knows no 405: what has no such method is not found, and Allow names the methods that it has.
app.notFound((c) => {
  const methods = methodsOf(c.req.path);
  if (methods.length === 0) throw new AppError("not_found");
  c.header("Allow", methods.join(", "));
  throw new AppError("not_found", { detail: `This path answers ${methods.join(", ")}.` });
});

/** The routes, with what each takes and answers. */
export function operations(): { method: string; path: string; operation: Operation }[] {
  return app.routes.flatMap(({ method, path, handler }) =>
    OPERATION in handler ? [{ method, path, operation: handler[OPERATION] as Operation }] : [],
  );
}

/** Whether `path` is one that a route's pattern, `/api/notes/:id`, stands for. */
export function fits(path: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll(/:\w+/g, "[^/]+")}$`).test(path);
}

function methodsOf(path: string): string[] {
  const methods = operations().flatMap((one) => (fits(path, one.path) ? [one.method] : []));
  return methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
}
