// The job that deletes expired sessions and password reset links.
import * as PasswordReset from "@notejam/core/password-reset/index";
import * as Session from "@notejam/core/session/index";
import { inSteps, scheduledJob } from "./job.ts";

export const handler = scheduledJob("sweep", async (now) => ({
  sessions: await inSteps((rows) => Session.sweep(now, rows)),
  passwordResets: await inSteps((rows) => PasswordReset.sweep(now, rows)),
}));
