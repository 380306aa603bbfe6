// Many rows, below something else in the same pane. Only the rows in view are in the document.
import { createEffect, createSignal, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { Virtualizer, type VirtualizerHandle } from "virtua/solid";

/** How many rows before the end of what is loaded the next page is read. */
const READ_AHEAD = 30;

interface LongRowsProps<Row> {
  /** What scrolls away above the rows. */
  above: JSX.Element;
  rows: readonly Row[];
  children: (row: Row) => JSX.Element;
  /** Makes them a list: the rows are then in `li` elements. */
  as?: "ul";
  /** The last rows are in view. */
  onEnd?: () => void;
  /** Gets the handle that scrolls to a row. */
  ref?: (handle: VirtualizerHandle) => void;
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
    if (last >= props.rows.length - READ_AHEAD) props.onEnd?.();
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
            onScroll={readAhead}
          >
            {props.children}
          </Virtualizer>
        )}
      </Show>
    </>
  );
}
