// The pane with the notes of a time: its title, the choice of a pad, and the notes, of which several can be selected.
import type { PastNote } from "@notejam/core/history/schema";
import { useNavigate } from "@solidjs/router";
import { createEffect, on, Show } from "solid-js";
import type { Paged } from "../data/paged.ts";
import { Selection } from "../notes/list/selection.ts";
import { SelectionBar } from "../notes/list/selection-bar.tsx";
import { PadSelect } from "../pads/pad-select.tsx";
import { TitleBar } from "../page/title-bar.tsx";
import { t } from "../words/past.ts";
import type { Empty, PastPad } from "./past.ts";
import { PastRows } from "./past-rows.tsx";

export function PastList(props: {
  list: Paged<PastNote>;
  /** Whether the list still shows the time before, while another one is read. */
  isStale: boolean;
  /** All pads as they stood. */
  pads: readonly PastPad[];
  empty: Empty;
  /** The pad whose notes are listed; undefined for all notes. */
  padId: string | undefined;
  openId: string | undefined;
  /** The query in the address of a pad's list and of its notes. */
  searchOf: (padId: string | undefined) => string;
  /** Resolves to whether the user said yes. */
  restore: (notes: readonly PastNote[]) => Promise<boolean>;
}) {
  const navigate = useNavigate();
  const selection = new Selection();
  const selected = () => selection.of(props.list.rows);
  const search = () => props.searchOf(props.padId);
  const padName = (id: string | null | undefined) => props.pads.find((pad) => pad.id === id)?.name;
  createEffect(on(search, () => selection.close(), { defer: true }));

  async function restoreSelected(): Promise<void> {
    if (await props.restore(selected())) selection.close();
  }
  return (
    <section class="pane list" aria-label={t("list.label")}>
      <Show when={selection.isOpen}>
        <SelectionBar
          count={selected().length}
          acts={[{ words: t("restoreSome.action"), act: restoreSelected }]}
          close={() => selection.close()}
        />
      </Show>
      <TitleBar title={padName(props.padId) ?? t("list.all")} count={props.list.total} />
      <Show when={props.pads.length > 0 || props.list.rows.length > 0}>
        <div class="find choose">
          <Show when={props.pads.length > 0}>
            <PadSelect
              label={t("past.pad")}
              pads={props.pads}
              none={t("list.all")}
              value={props.padId}
              choose={(id) => navigate(`/past${props.searchOf(id ?? undefined)}`)}
            />
          </Show>
          <Show when={props.list.rows.length > 0}>
            <button type="button" class="quiet" onClick={() => selection.open()}>
              {t("past.select")}
            </button>
          </Show>
        </div>
      </Show>
      <PastRows
        list={props.list}
        isStale={props.isStale}
        empty={props.empty}
        openId={props.openId}
        padName={props.padId ? () => undefined : padName}
        search={search()}
        selection={selection}
      />
    </section>
  );
}
