// Instead of a note that can't be shown: why, and what can be done.
import type { Problem } from "@notejam/client/problem";
import { Failed } from "../../ui/failed.tsx";
import { t } from "../../words/note.ts";

export function NoteFailed(props: { problem: Problem; again: () => void }) {
  return (
    <Failed
      problem={props.problem}
      again={props.again}
      title={t("note.failed")}
      gone={{ title: t("note.notFound"), hint: t("note.notFoundHint") }}
      isMain
    />
  );
}
