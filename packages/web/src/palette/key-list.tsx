// Which keys there are.
import { For } from "solid-js";
import { MOD } from "../page/keys.ts";
import { Dialog } from "../ui/dialog.tsx";
import { t } from "../words/palette.ts";
import "./palette.css";

const GROUPS = [
  {
    title: "keys.anywhere",
    keys: [
      ["keys.find", [MOD, "K"]],
      ["list.newNote", ["N"]],
      ["list.all", ["G", "A"]],
      ["list.trash", ["G", "T"]],
      ["list.asOf", ["G", "H"]],
      ["app.settings", ["G", "S"]],
      ["keys.these", ["?"]],
    ],
  },
  {
    title: "list.label",
    keys: [
      ["keys.next", ["J"]],
      ["keys.previous", ["K"]],
      ["keys.open", ["Enter"]],
      ["keys.select", ["X"]],
      ["keys.selectTo", ["Shift X"]],
      ["keys.move", ["M"]],
      ["note.pin", ["P"]],
      ["keys.remove", ["#"]],
      ["app.undo", ["Z"]],
    ],
  },
  {
    title: "note.label",
    keys: [
      ["note.edit", ["E"]],
      ["note.history", ["H"]],
      ["keys.move", ["M"]],
      ["note.pin", ["P"]],
      ["keys.remove", ["#"]],
      ["keys.toList", ["Esc"]],
    ],
  },
  {
    title: "keys.writing",
    keys: [
      ["keys.marks", [MOD, "B", "I", "E"]],
      ["keys.lines", ["Ctrl", "Alt", "2", "8", "9"]],
      ["keys.done", ["Esc"]],
    ],
  },
] as const;

export default function KeyList(props: { close: () => void }) {
  return (
    <Dialog title={t("keys.title")} onCancel={props.close}>
      {/* It is read from its beginning. */}
      <p class="hint" tabindex="-1" autofocus>
        {t("keys.hint")}
      </p>
      <div class="key-list">
        <For each={GROUPS}>
          {(group) => (
            <section>
              <h3>{t(group.title)}</h3>
              <dl>
                <For each={group.keys}>
                  {([words, keys]) => (
                    <div>
                      <dt>{t(words)}</dt>
                      <dd>
                        <For each={keys}>{(key) => <kbd>{key}</kbd>}</For>
                      </dd>
                    </div>
                  )}
                </For>
              </dl>
            </section>
          )}
        </For>
      </div>
      <p class="acts">
        <button type="button" onClick={() => props.close()}>
          {t("app.close")}
        </button>
      </p>
    </Dialog>
  );
}
