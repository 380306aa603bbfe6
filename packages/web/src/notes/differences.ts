// The lines in which one text differs from another, for the comparison of two versions. It is loaded when two are shown.
import { diffLines } from "diff";

export interface Part {
  text: string;
  isDifferent: boolean;
}

/** Lines deleted and inserted. Beyond that, finding the shortest difference takes too long while someone types. */
const EDITS_MAX = 1000;

/** `text` in parts, in order, of which some differ from `other`. If almost everything differs, that is one part. */
export function differences(text: string, other: string): Part[] {
  const changes = diffLines(text, other, { maxEditLength: EDITS_MAX });
  if (!changes) return [{ text, isDifferent: true }];
  return changes
    .filter((change) => !change.added)
    .map((change) => ({ text: change.value, isDifferent: change.removed }));
}
