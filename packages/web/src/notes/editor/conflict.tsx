// What is asked at the foot of the editor, where it moves nothing, when the note was saved or deleted elsewhere. What both changed
// is shown from both sides; the rest is merged.
import { createEffect, createSignal, For, type JSX, Show } from "solid-js";
import { otherDevice } from "../../account/this-device.ts";
import { explain } from "../../data/problem.ts";
import { pads } from "../../pads/pads.ts";
import { createKeyboardHeight } from "../../ui/keyboard.ts";
import { Time } from "../../ui/time.tsx";
import { t } from "../../words/editor.ts";
import type { Part } from "../history/parts.ts";
import { conflictsOf, type Keep } from "../merge/regions.ts";
import { sidesOf } from "./conflict-sides.ts";
import type { SaveState } from "./page.ts";
import { type Conflicting, whatChanged } from "./what-changed.tsx";
import "./conflict.css";

export function Conflict(props: {
  state: SaveState;
  resolve: (keep: Keep) => void;
  createAgain: () => void;
}) {
  const conflict = () => (props.state.kind === "conflict" ? props.state : undefined);
  return (
    <>
      <Show when={conflict()}>
        {(conflict) => <Question conflict={conflict()} resolve={props.resolve} />}
      </Show>
      <Show when={props.state.kind === "deleted"}>
        <section class="dock in-pane decides" role="alertdialog" aria-label={t("editor.deleted")}>
          <p>{t("editor.deleted")}</p>
          <div class="acts">
            <button type="button" class="main-act" onClick={() => props.createAgain()}>
              {t("editor.createAgain")}
            </button>
          </div>
        </section>
      </Show>
    </>
  );
}

function Question(props: { conflict: Conflicting; resolve: (keep: Keep) => void }) {
  const keyboard = createKeyboardHeight();
  const [isComparing, setComparing] = createSignal(false);
  createEffect(() => {
    if (keyboard() === 0) setComparing(false);
  });
  const compare = () => {
    setComparing(true);
    // Closes the keyboard.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };
  return (
    <Show
      when={keyboard() === 0 || isComparing()}
      fallback={
        <section
          class="dock one-line decides"
          role="alertdialog"
          aria-label={t("editor.conflict")}
          style={{ "--keyboard": `${keyboard()}px` }}
        >
          <p>
            <b>{t("editor.conflict")}</b>
          </p>
          <button type="button" onClick={compare}>
            {t("editor.compare")}
          </button>
        </section>
      }
    >
      <BothSides conflict={props.conflict} resolve={props.resolve} />
    </Show>
  );
}

function BothSides(props: { conflict: Conflicting; resolve: (keep: Keep) => void }) {
  const [device, setDevice] = createSignal<string>();
  createEffect(() => void otherDevice(props.conflict.theirs).then(setDevice));
  return (
    <section
      class="dock in-pane decides"
      role="alertdialog"
      aria-label={t("editor.conflict")}
      aria-describedby="conflict-what"
    >
      <p id="conflict-what">
        <b>{t("editor.conflict")}</b> {whatChanged(props.conflict, device())}
        <Show when={props.conflict.problem}>
          {(problem) => <span role="alert"> {explain(problem())}</span>}
        </Show>
      </p>
      {/* It scrolls, so it must be reachable with the keyboard. */}
      <section class="conflicts" aria-label={t("editor.bothSides")} tabindex="0">
        <For each={sidesOf(props.conflict.merge, pads.nameOf)}>
          {(sides) => (
            <div class="sides">
              <Side heading={t("editor.here")} label={sides.label} parts={sides.mine} />
              <Side
                heading={
                  <>
                    <bdi>{device() ?? t("editor.elsewhere")}</bdi>,{" "}
                    <Time time={props.conflict.theirs.updatedAt} short />
                  </>
                }
                label={sides.label}
                parts={sides.theirs}
              />
            </div>
          )}
        </For>
        <Show when={more(props.conflict)}>
          {(more) => <p class="hint">{t("editor.moreParts", more())}</p>}
        </Show>
      </section>
      <div class="acts">
        <button type="button" class="main-act" onClick={() => props.resolve("mine")}>
          {t("editor.keepHere")}
        </button>
        <button type="button" onClick={() => props.resolve("theirs")}>
          {t("editor.keepThere", device())}
        </button>
        <button type="button" class="quiet" onClick={() => props.resolve("both")}>
          {t("editor.keepBoth")}
        </button>
        <span class="hint">{t("editor.otherStays")}</span>
      </div>
    </section>
  );
}

function Side(props: { heading: JSX.Element; label: string | undefined; parts: readonly Part[] }) {
  return (
    <div>
      <h2>{props.heading}</h2>
      <p class="changes" dir="auto">
        <Show when={props.label}>{(label) => <span class="hint">{label()} </span>}</Show>
        <For each={props.parts} fallback={<span class="hint">{t("editor.nothing")}</span>}>
          {({ kind, text }) =>
            kind === "kept" ? text : kind === "added" ? <ins>{text}</ins> : <del>{text}</del>
          }
        </For>
      </p>
    </div>
  );
}

/** How many parts are not shown. */
function more({ merge: { text } }: Conflicting): number {
  return conflictsOf(text).length - text.sides.length;
}
