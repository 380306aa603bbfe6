// The drill on AWS: a stage that is made from a snapshot of another stage must have what was written there.
import { randomBytes } from "node:crypto";
import { signIn } from "@notejam/cli/account";
import { openConnection } from "@notejam/cli/connection";
import { listStates } from "@notejam/cli/states";
import type { Rehearsal } from "@notejam/stacks/recovery/rehearsal";
import { compare, type DrillReport } from "./drill.ts";
import { noLoad, statesIn, write } from "./load.ts";
import { stopwatch } from "./stopwatch.ts";

export interface AwsDrillOptions {
  /** How many operations the clients make before the snapshot. */
  operations: number;
  /** Prints what happens. */
  say?: (line: string) => void;
}

/** Rehearses a restore. Whatever happens, the stage that was made and the snapshot are removed. @throws Error if a step fails */
export async function drillOnAws(
  rehearsal: Rehearsal,
  { operations, say = () => undefined }: AwsDrillOptions,
): Promise<DrillReport> {
  const credentials = {
    email: `drill-${randomBytes(8).toString("hex")}@example.com`,
    password: randomBytes(16).toString("hex"),
  };
  const { seconds, step } = stopwatch(say);
  await step("remove what an earlier drill has left", () => rehearsal.clear());
  try {
    const load = noLoad();
    const connection = openConnection(rehearsal.site);
    const { api } = connection;
    const { user } = await signIn(connection, credentials, true);
    const list = await step("write under load", async () => {
      await write(api, load, operations);
      return listStates(api, user.id);
    });
    const { acknowledged } = load;
    const snapshot = await step("take a snapshot", () => rehearsal.snapshot());
    const restored = await step("restore it into another stage", () => rehearsal.restore(snapshot));
    const { same, lost } = await step("compare", async () => {
      const other = openConnection(restored);
      await signIn(other, credentials, false);
      return compare(other.api, list, acknowledged, new Set());
    });
    return {
      engine: "aws",
      at: new Date().toISOString(),
      acknowledged: { before: statesIn(acknowledged), after: 0 },
      notes: acknowledged.size,
      same,
      purged: { notes: 0, pads: 0 },
      purgedStates: 0,
      lost,
      seconds,
    };
  } finally {
    await step("remove the other stage and the snapshot", () => rehearsal.clear());
  }
}
