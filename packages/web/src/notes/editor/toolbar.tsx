// The formats at the foot of the editor, in reach of a thumb, and the way to find and replace. Tab stops once at the toolbar; arrow keys
// move in it.
import type { EditorView } from "@codemirror/view";
import { createSignal, For } from "solid-js";
import { MOD } from "../../page/keys.ts";
import { t } from "../../words/editor.ts";
import "../../ui/sideways.css";
import { FORMATS, type Format, KEY_OF } from "./format.ts";

const SHOWN = Object.keys(FORMATS) as Format[];

export function Toolbar(props: { view: EditorView; find: () => void }) {
  const [stop, setStop] = createSignal(0);
  let bar!: HTMLDivElement;

  function move(event: KeyboardEvent): void {
    const rtl = getComputedStyle(bar).direction === "rtl" ? -1 : 1;
    const next = {
      ArrowRight: stop() + rtl,
      ArrowLeft: stop() - rtl,
      Home: 0,
      End: SHOWN.length,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const count = bar.children.length;
    setStop((next + count) % count);
    (bar.children[stop()] as HTMLElement).focus();
  }

  return (
    <div class="tools sideways" role="toolbar" aria-label={t("editor.formatting")} ref={bar} onKeyDown={move}>
      <For each={SHOWN}>
        {(format, i) => (
          <button
            type="button"
            data-format={format}
            tabindex={stop() === i() ? 0 : -1}
            title={titleOf(format, KEY_OF[format])}
            // Keeps the selection of the text.
            onMouseDown={(event) => event.preventDefault()}
            onFocus={() => setStop(i())}
            onClick={() => {
              FORMATS[format](props.view);
              props.view.focus();
            }}
          >
            {t(`editor.${format}`)}
          </button>
        )}
      </For>
      <button
        type="button"
        tabindex={stop() === SHOWN.length ? 0 : -1}
        title={titleOf("find", "Mod-f")}
        onFocus={() => setStop(SHOWN.length)}
        onClick={() => props.find()}
      >
        {t("editor.find")}
      </button>
    </div>
  );
}

function titleOf(words: Format | "find", key: string | undefined): string {
  if (!key) return t(`editor.${words}`);
  const keys = key.replace("Mod", MOD).split("-");
  return `${t(`editor.${words}`)} · ${keys.map((one) => (one.length === 1 ? one.toUpperCase() : one)).join(" ")}`;
}
