// Reads the earlier state of a note that a draft or a save began from.
import type { Revision } from "@notejam/core/revision/schema";
import { quietApi } from "../../data/api.ts";
import { asProblem } from "../../data/problem.ts";

/** A note's content at an earlier version; undefined if it is gone. @throws Problem */
export async function readState(id: string, version: number): Promise<Revision | undefined> {
  try {
    const param = { id, version: String(version) };
    const response = await quietApi.notes[":id"].revisions[":version"].$get({ param });
    return (await response.json()).revision;
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (problem.code === "not_found") return undefined;
    throw problem;
  }
}
