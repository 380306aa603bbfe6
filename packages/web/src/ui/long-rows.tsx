// Many rows, below something else in the same pane. Only the rows in view are in the document, and a list that has more is read on.
import { createEffect, createSignal, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { Virtualizer, type VirtualizerHandle } from "virtua/solid";
import type { Paged } from "../data/paged.ts";
import { explain } from "../data/problem.ts";
import { t } from "../words/index.ts";

/** How many rows before the end of what is loaded the next page is read. */
const READ_AHEAD = 30;

interface LongRowsProps<Row> {
  /** What scrolls away above the rows. */
  above?: JSX.Element;
  rows: readonly Row[];
  children: (row: Row) => JSX.Element;
  /** Makes them a list: the rows are then in `li` elements. */
  as?: "ul";
  /** The list of the rows, which is read on before its last rows are in view, and what is said if that fails. */
  list?: Pick<Paged<unknown>, "isOpen" | "problem" | "loadMore">;
  moreFailed?: string;
  onScroll?: () => void;
  /** Gets the handle that knows where rows are, and scrolls to one. */
  ref?: (handle: VirtualizerHandle) => void;
  /** The heights of the rows, as a handle gave them before. */
  heights?: VirtualizerHandle["cache"] | undefined;
}

/** Belongs into the `.scroll` of a pane. */
export function LongRows<Row>(props: LongRowsProps<Row>) {
  let above!: HTMLDivElement;
  const [scroll, setScroll] = createSignal<HTMLElement>();
  const [margin, setMargin] = createSignal(0);
  let handle: VirtualizerHandle | undefined;

  onMount(() => {
    const pane = above.closest<HTMLElement>(".scroll");
    if (!pane) return;
    const measure = () => {
      const end = above.getBoundingClientRect().bottom - pane.getBoundingClientRect().top;
      setMargin(Math.round(end + pane.scrollTop));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(above);
    onCleanup(() => observer.disconnect());
    measure();
    setScroll(pane);
  });

  function readAhead(): void {
    if (!handle) return;
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize);
    if (last >= props.rows.length - READ_AHEAD && !props.list?.problem) void props.list?.loadMore();
  }
  createEffect(on(() => props.rows.length, readAhead, { defer: true }));

  return (
    <>
      <div ref={above}>{props.above}</div>
      <Show when={scroll()}>
        {(scroll) => (
          <Virtualizer
            ref={(created) => {
              handle = created ?? handle;
              if (created) props.ref?.(created);
            }}
            data={props.rows}
            scrollRef={scroll()}
            startMargin={margin()}
            {...(props.as && { as: props.as, item: "li" })}
            {...(props.heights && { cache: props.heights })}
            onScroll={() => {
              readAhead();
              props.onScroll?.();
            }}
          >
            {props.children}
          </Virtualizer>
        )}
      </Show>
      <Show when={props.list?.isOpen && props.list.problem}>
        {(problem) => (
          <p class="more-failed hint" role="alert">
            {props.moreFailed} {explain(problem())}{" "}
            <button type="button" class="link" onClick={() => props.list?.loadMore()}>
              {t("app.tryAgain")}
            </button>
          </p>
        )}
      </Show>
    </>
  );
}
