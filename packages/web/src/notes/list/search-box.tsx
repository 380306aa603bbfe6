// The search of a list. The query is in the address, without a step in the history for each letter.
import { QUERY_MAX } from "@notejam/core/note/limits";
import { useSearchParams } from "@solidjs/router";
import { createEffect, createUniqueId, onCleanup } from "solid-js";
import { t } from "../../words/index.ts";

/** How long typing must pause before the list follows. */
const DEBOUNCE_MS = 250;

/** `label`: what is searched, if that is not a list of notes. */
export function SearchBox(props: { q: string; label?: string }) {
  const label = () => props.label ?? t("list.search");
  const [, setQuery] = useSearchParams();
  const id = createUniqueId();
  let input!: HTMLInputElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  // The box follows the address, which a link or the back button can change. What the box itself sent may come back
  // late, after more was typed, and must not replace it.
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
    <search class="find">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          search();
        }}
      >
        <label class="hush" for={id}>
          {label()}
        </label>
        <input
          ref={input}
          id={id}
          type="search"
          name="q"
          dir="auto"
          placeholder={label()}
          maxLength={QUERY_MAX}
          autocomplete="off"
          enterkeyhint="search"
          onInput={() => {
            clearTimeout(timer);
            timer = setTimeout(search, DEBOUNCE_MS);
          }}
        />
      </form>
    </search>
  );
}
