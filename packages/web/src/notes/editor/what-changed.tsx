// Says what was changed in two places: where and when, and whether the rest was merged.
import type { JSX } from "solid-js";
import { Time } from "../../ui/time.tsx";
import { t } from "../../words/editor.ts";
import { withElements } from "../../words/index.ts";
import { conflictsOf, isConflict } from "../merge/regions.ts";
import type { SaveState } from "./page.ts";

export type Conflicting = Extract<SaveState, { kind: "conflict" }>;

/** @param device the name of the other device, if it is known */
export function whatChanged({ theirs, merge }: Conflicting, device: string | undefined): JSX.Element {
  const conflicts = conflictsOf(merge.text);
  const [only] = conflicts;
  const isParagraph = only && ![only.mine, only.theirs].some((text) => text.trim().includes("\n"));
  const key = !only ? "whole" : conflicts.length > 1 ? "parts" : isParagraph ? "paragraph" : "part";
  const values = {
    where: device === undefined ? t("editor.elsewhereInText") : t("editor.onDevice", { device }),
    time: <Time time={theirs.updatedAt} />,
    count: conflicts.length,
  };
  const isMerged = merge.text.regions.some((region) => !isConflict(region) && region.merged !== region.mine);
  return (
    <>
      {withElements(t(`editor.alsoChanged.${key}`), values)} {isMerged && t("editor.restMerged")}
    </>
  );
}
