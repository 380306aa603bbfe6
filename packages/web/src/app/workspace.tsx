// The list and the note beside it. The list stays when a note is opened.
import { type RouteSectionProps, useLocation, useMatch } from "@solidjs/router";
import { createMemo, Show } from "solid-js";
import { filterOf } from "../notes/list/filter.ts";
import { ListPane } from "../notes/list/list-pane.tsx";
import { listOf } from "../notes/list/lists.ts";
import { useReturn } from "../page/focus.ts";

export function Workspace(props: RouteSectionProps) {
  const location = useLocation();
  const opened = useMatch(() => "/notes/:id/*rest");
  const openId = () => (opened()?.params.id === "create" ? undefined : opened()?.params.id?.toLowerCase());
  const filter = createMemo(() => filterOf(location), undefined, {
    equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  });

  useReturn(openId);
  return (
    <main class="both">
      <Show when={listOf(filter())}>{(list) => <ListPane list={list()} openId={openId()} />}</Show>
      {props.children}
    </main>
  );
}
