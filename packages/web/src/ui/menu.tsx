// A button that opens a menu. Arrow keys move in it, Escape closes it and gives the focus back. No kept menu component for
// Solid is small enough for the first page (Kobalte's is 15 KB), so this one has just what is used here.
import { createSignal, createUniqueId, For, Show } from "solid-js";
import { listen } from "../data/listen.ts";
import "./menu.css";

export interface MenuItem {
  label: string;
  act: () => void;
  /** Whether it is the chosen one of several choices; undefined if it is no choice. */
  isChosen?: boolean;
  /** On a wide page it has a button of its own. */
  isNarrowOnly?: boolean;
}

export function Menu(props: { label: string; items: readonly MenuItem[] }) {
  const id = createUniqueId();
  const [isOpen, setOpen] = createSignal(false);
  let frame!: HTMLSpanElement;
  let button!: HTMLButtonElement;
  const entries = () =>
    [...frame.querySelectorAll<HTMLElement>('[role^="menuitem"]')].filter((entry) => entry.checkVisibility());

  function open(at: number): void {
    setOpen(true);
    entries().at(at)?.focus();
  }
  function close(): void {
    if (!isOpen()) return;
    const hadFocus = frame.contains(document.activeElement);
    setOpen(false);
    if (hadFocus) button.focus();
  }
  function onKey(event: KeyboardEvent): void {
    if (!isOpen()) {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      open(event.key === "ArrowDown" ? 0 : -1);
      return;
    }
    const all = entries();
    const here = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: (here + 1) % all.length, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
    if (next !== undefined) all.at(next)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
  }
  listen(document, "pointerdown", (event) => !frame.contains(event.target as Node) && setOpen(false));

  return (
    <span class="menu" ref={frame}>
      <button
        type="button"
        ref={button}
        class="quiet"
        aria-haspopup="menu"
        aria-expanded={isOpen()}
        aria-controls={id}
        onClick={() => (isOpen() ? close() : open(0))}
        onKeyDown={onKey}
      >
        {props.label}
      </button>
      <Show when={isOpen()}>
        <div class="menu-items" role="menu" id={id} aria-label={props.label} tabindex="-1" onKeyDown={onKey}>
          <For each={props.items}>{(item) => <Entry item={item} close={close} />}</For>
        </div>
      </Show>
    </span>
  );
}

function Entry(props: { item: MenuItem; close: () => void }) {
  const role = () =>
    props.item.isChosen === undefined
      ? { role: "menuitem" as const }
      : { role: "menuitemradio" as const, "aria-checked": props.item.isChosen };
  return (
    <button
      type="button"
      class="quiet"
      classList={{ "narrow-only": props.item.isNarrowOnly }}
      tabindex="-1"
      {...role()}
      onClick={() => {
        props.close();
        props.item.act();
      }}
    >
      {props.item.label}
    </button>
  );
}
