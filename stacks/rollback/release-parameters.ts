// Where a fixed stage records its releases: two parameters of SSM, which keeps the last 100 values of each, with their times.
// app/release-record.ts writes them, `npm run rollback` reads them.
import type { AnyStage } from "../stage/stage.ts";

/** Whether its releases are recorded: it is fixed, and has a service. */
export function isRecorded(stage: AnyStage): boolean {
  return stage.fixed && stage.kind !== "vault";
}

/** The names of a stage's parameters, in its region. Their values are commits. */
export function releaseParameters(stage: string) {
  return {
    /** The commit whose deployment is complete. */
    released: `/notejam/${stage}/release`,
    /** The commit whose migrations have run, also if its deployment failed afterwards. */
    migrated: `/notejam/${stage}/migrated`,
  };
}

/** What a template says that was made without a commit, as by `npm run synth`. */
export const NO_COMMIT = "unknown";
