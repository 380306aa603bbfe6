// A field with what it finds below, over the page: the arrow keys choose, Enter takes, Escape closes.
import { QUERY_MAX } from "@notejam/core/note/limits";
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
} from "solid-js";
import { CancelButton } from "../ui/cancel-button.tsx";
import { t } from "../words/palette.ts";
import "../notes/list/list.css";
import "./palette.css";

export interface Option {
  title: JSX.Element;
  aside?: JSX.Element;
  text?: JSX.Element;
  act: () => void;
}

export interface Group {
  title: string;
  options: readonly Option[];
}

export function Combobox(props: {
  label: string;
  placeholder: string;
  /** What stands before the field. */
  within?: JSX.Element;
  groups: readonly Group[];
  onQuery: (query: string) => void;
  close: () => void;
  /** Gets each key first. @returns whether it used the key */
  onKey?: (event: KeyboardEvent) => boolean;
  /** What is said about the results. */
  state?: JSX.Element;
  /** Which keys there are. */
  keys?: JSX.Element;
}) {
  const [query, setQuery] = createSignal("");
  const [chosen, setChosen] = createSignal(0);
  let dialog!: HTMLDialogElement;
  let results!: HTMLDivElement;

  const groups = createMemo(() => props.groups.filter(({ options }) => options.length > 0));
  const options = createMemo(() => groups().flatMap((group) => group.options));
  createEffect(on(query, () => setChosen(0), { defer: true }));
  createEffect(() => {
    const last = Math.max(0, options().length - 1);
    if (chosen() > last) setChosen(last);
  });
  createEffect(
    on(chosen, () => results?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" })),
  );

  onMount(() => dialog.showModal());
  onCleanup(() => dialog.close());

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (props.onKey?.(event)) event.preventDefault();
    else if (step !== undefined) {
      const count = options().length;
      if (count > 0) setChosen((chosen() + step + count) % count);
      event.preventDefault();
    } else if (event.key === "Enter" && !isButton(event.target)) {
      options()[chosen()]?.act();
      event.preventDefault();
    }
  }

  return (
    <dialog
      class="palette"
      ref={dialog}
      aria-label={props.label}
      onCancel={(event) => {
        event.preventDefault();
        props.close();
      }}
      onClick={(event) => event.target === dialog && props.close()}
      onKeyDown={onKey}
    >
      <label class="palette-input">
        <span class="hush">{props.label}</span>
        <Show when={props.within}>
          <span class="in-pad" dir="auto">
            {props.within}
          </span>
        </Show>
        <input
          type="text"
          role="combobox"
          autofocus
          aria-expanded="true"
          aria-controls="palette-results"
          aria-activedescendant={options().length > 0 ? `palette-${chosen()}` : undefined}
          placeholder={props.placeholder}
          maxLength={QUERY_MAX}
          autocomplete="off"
          spellcheck={false}
          dir="auto"
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            props.onQuery(event.currentTarget.value);
          }}
        />
        <CancelButton act={props.close} />
      </label>
      <div class="scroll" id="palette-results" role="listbox" aria-label={t("palette.results")} ref={results}>
        <For each={groups()}>
          {(group) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
            <div role="group" aria-label={group.title}>
              <h2 role="presentation">{group.title}</h2>
              <For each={group.options}>
                {(option) => {
                  const index = () => options().indexOf(option);
                  return (
                    // The input keeps the focus, and has the keys.
                    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: see above
                    <div
                      class="note"
                      role="option"
                      id={`palette-${index()}`}
                      aria-selected={index() === chosen()}
                      onPointerMove={() => setChosen(index())}
                      onClick={() => option.act()}
                    >
                      <b class="clip" dir="auto">
                        {option.title}
                      </b>
                      <span class="aside">{option.aside}</span>
                      <Show when={option.text}>
                        <p dir="auto">{option.text}</p>
                      </Show>
                    </div>
                  );
                }}
              </For>
            </div>
          )}
        </For>
      </div>
      <p class="hint" role="status">
        {props.state}
      </p>
      <Show when={props.keys}>
        <p class="palette-keys hint broad-only">{props.keys}</p>
      </Show>
    </dialog>
  );
}

/** A button takes Enter itself. */
function isButton(target: EventTarget | null): boolean {
  return target instanceof HTMLButtonElement;
}
