// The reader's place while no note is open.
import { t } from "../../words/index.ts";
// Its rules are those of all texts in this place, and small.
import "./note-pane.css";

export default function NoNote() {
  return (
    <section class="pane reader" aria-label={t("noNote.label")}>
      <div class="bar" />
      <p class="none hint">{t("noNote.hint")}</p>
    </section>
  );
}
