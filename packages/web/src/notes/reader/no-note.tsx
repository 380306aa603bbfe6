// The reader's place while no note is open.
import { t } from "../../words/index.ts";

export default function NoNote() {
  return (
    <section class="pane reader" aria-label={t("noNote.label")}>
      <div class="bar" />
      <p class="none hint">{t("noNote.hint")}</p>
    </section>
  );
}
