// Stands in the reader's pane while no note is open.
import { t } from "../../words/index.ts";
// Its rules are for all texts in this pane, and small.
import "./note-pane.css";

export default function NoNote() {
  return (
    <section class="pane reader" aria-label={t("noNote.label")}>
      <div class="bar" />
      <p class="none hint">{t("noNote.hint")}</p>
    </section>
  );
}
