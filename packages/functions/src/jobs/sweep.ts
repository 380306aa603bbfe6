// The job that deletes what is over and of no more use: sessions, and links to choose a new password.
import { sweepPasswordResets } from "@notejam/core/password-reset/sweep";
import { sweepSessions } from "@notejam/core/session/sweep";
import { inSteps, scheduledJob } from "./job.ts";

export const handler = scheduledJob("sweep", async (now) => ({
  sessions: await inSteps((rows) => sweepSessions(now, rows)),
  passwordResets: await inSteps((rows) => sweepPasswordResets(now, rows)),
}));
