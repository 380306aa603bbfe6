// The note was saved or deleted elsewhere while it was written: at the foot, where it moves nothing, with both texts.
import type { Note } from "@notejam/core/note/schema";
import { Show } from "solid-js";
import { pads } from "../../pads/pads.ts";
import { t } from "../../words/editor.ts";
import { Theirs } from "../theirs.tsx";
import type { SaveState } from "./saver.ts";

export function Conflict(props: {
  state: SaveState;
  mine: () => string;
  keepMine: (theirs: Note) => void;
  takeTheirs: (theirs: Note) => void;
  keepBoth: (theirs: Note) => void;
  createAgain: () => void;
}) {
  const theirs = () => (props.state.kind === "conflict" ? props.state.theirs : undefined);
  return (
    <>
      <Show when={theirs()}>
        {(theirs) => (
          <section class="dock in-pane decides" role="alertdialog" aria-label={t("editor.conflict")}>
            <p>
              <b>{t("editor.conflict")}</b>
            </p>
            <Theirs note={theirs()} mine={props.mine()} pads={pads.all() ?? []} />
            <div class="acts">
              <button type="button" class="main-act" onClick={() => props.keepMine(theirs())}>
                {t("editor.keepMine")}
              </button>
              <button type="button" onClick={() => props.takeTheirs(theirs())}>
                {t("editor.keepTheirs")}
              </button>
              <button type="button" class="quiet" onClick={() => props.keepBoth(theirs())}>
                {t("editor.keepBoth")}
              </button>
            </div>
          </section>
        )}
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
