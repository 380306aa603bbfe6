// The routes below /api, one router for each resource. The OpenAPI document describes them and has its own route.
import { Hono } from "hono";
import type { ApiEnv } from "../http/context.ts";
import { health } from "./health.ts";
import { history, noteVerification } from "./history.ts";
import { notes } from "./notes.ts";
import { pads } from "./pads.ts";
import { passwordResets } from "./password-resets.ts";
import { places } from "./places.ts";
import { revisions } from "./revisions.ts";
import { search } from "./search.ts";
import { session } from "./session.ts";
import { sessions } from "./sessions.ts";
import { trash } from "./trash.ts";
import { user, users } from "./users.ts";

export const routes = new Hono<ApiEnv>()
  .route("/users", users)
  .route("/user", user)
  .route("/session", session)
  .route("/sessions", sessions)
  .route("/password-resets", passwordResets)
  .route("/pads", pads)
  .route("/notes", notes)
  .route("/notes", revisions)
  .route("/notes", noteVerification)
  .route("/history", history)
  .route("/places", places)
  .route("/search", search)
  .route("/trash", trash)
  .route("/health", health);
