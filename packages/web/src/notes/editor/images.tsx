// Images that are pasted or dropped: a note can't keep them yet, and whoever brings one is told.
import { say } from "../../ui/dock.tsx";
import { t } from "../../words/editor.ts";

/** The names of the images among the files of what is pasted or dropped. */
export function imagesIn(brought: DataTransfer | null): string[] {
  return [...(brought?.files ?? [])].filter(({ type }) => type.startsWith("image/")).map(({ name }) => name);
}

/** Whether files are dragged over the page. */
export function hasFiles(dragged: DataTransfer | null): boolean {
  return dragged?.types.includes("Files") ?? false;
}

/** Says which images were left out. */
export function sayLeftOut(names: readonly string[]): void {
  if (names.length === 0) return;
  say(
    <>
      <b>{t("editor.noImages")}</b> {t("editor.leftOut", names)}
    </>,
  );
}
