// Says that a note was made for a link to it, and offers to go there.
import { say } from "../../ui/dock.tsx";
import { t } from "../../words/editor.ts";

export function sayNewNote(id: string, name: string): void {
  say(
    <>
      {t("editor.newNoteMade", { name })} <a href={`/notes/${id}/edit`}>{t("editor.writeIt")}</a>
    </>,
  );
}
