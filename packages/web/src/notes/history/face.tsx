// The two faces of a comparison: as the note reads, or as its Markdown is written. This browser remembers the choice.
import { createSignal, For } from "solid-js";
import { store, stored } from "../../data/stored.ts";
import { t } from "../../words/history.ts";
import "../../ui/choice.css";

const FACES = ["read", "markdown"] as const;
export type Face = (typeof FACES)[number];

const STORED = "notejam:history-face";

const [face, setFace] = createSignal<Face>(stored(STORED) === "markdown" ? "markdown" : "read");

export { face };

export function FaceChoice() {
  function choose(face: Face): void {
    setFace(face);
    store(STORED, face === "read" ? null : face);
  }
  return (
    <fieldset class="choice" aria-label={t("history.face")}>
      <For each={FACES}>
        {(one) => (
          <button type="button" aria-pressed={face() === one} onClick={() => choose(one)}>
            {t(`history.${one}`)}
          </button>
        )}
      </For>
    </fieldset>
  );
}
