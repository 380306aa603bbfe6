// Narrows a list by what is typed, in the address, without a step of the way back for each letter.
import { QUERY_MAX } from "@notejam/core/note/schema";
import { useSearchParams } from "@solidjs/router";
import { createEffect, createUniqueId, onCleanup } from "solid-js";

/** Typing rests so long before the list follows. */
const PAUSE_MS = 250;

export function SearchBox(props: { q: string; label: string }) {
  const [, setQuery] = useSearchParams();
  const id = createUniqueId();
  let input!: HTMLInputElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  // The address can change without this box, by a link or the way back, and then the box follows. What it sent itself
  // may come back late, when more is typed already: that changes nothing.
  const sent = new Set<string>();
  createEffect(() => {
    if (!sent.has(props.q)) input.value = props.q;
    if (props.q === input.value) sent.clear();
  });

  function search(): void {
    clearTimeout(timer);
    sent.add(input.value);
    setQuery({ q: input.value }, { replace: true });
  }

  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          search();
        }}
      >
        <label class="visually-hidden" for={id}>
          {props.label}
        </label>
        <input
          ref={input}
          id={id}
          type="search"
          name="q"
          dir="auto"
          placeholder={props.label}
          maxLength={QUERY_MAX}
          autocomplete="off"
          enterkeyhint="search"
          onInput={() => {
            clearTimeout(timer);
            timer = setTimeout(search, PAUSE_MS);
          }}
        />
      </form>
    </search>
  );
}
