// The pane with the notes of a time: its title, the choice of a pad, and the notes, of which several can be selected.
import type { PastNote } from "@notejam/core/history/schema";
import { useNavigate } from "@solidjs/router";
import { createEffect, For, on, Show } from "solid-js";
import type { Paged } from "../data/paged.ts";
import { Selection } from "../notes/list/selection.ts";
import { SelectionBar } from "../notes/list/selection-bar.tsx";
import { ThumbBar } from "../page/thumb-bar.tsx";
import { Wordmark } from "../page/wordmark.tsx";
import { t } from "../words/past.ts";
import type { PastPad } from "./past.ts";
import { PastRows } from "./past-rows.tsx";

export function PastList(props: {
  list: Paged<PastNote>;
  /** Whether the list still shows the time before, while another one is read. */
  isStale: boolean;
  /** All pads as they stood. */
  pads: readonly PastPad[];
  /** The pad whose notes are listed; undefined for all notes. */
  padId: string | undefined;
  openId: string | undefined;
  /** The query in the address of a pad's list and of its notes. */
  searchOf: (padId: string | undefined) => string;
  /** Resolves to whether the user said yes. */
  restore: (notes: readonly PastNote[]) => Promise<boolean>;
}) {
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
      <div class="bar">
        <Wordmark />
        <h1 tabindex="-1" dir="auto">
          {padName(props.padId) ?? t("list.all")}
        </h1>
        <Show when={props.list.total !== undefined}>
          <span class="count number">{props.list.total?.toLocaleString()}</span>
        </Show>
      </div>
      <Show when={props.pads.length > 0 || props.list.rows.length > 0}>
        <div class="find choose">
          <Show when={props.pads.length > 0}>
            <PadChoice pads={props.pads} padId={props.padId} searchOf={props.searchOf} />
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
        openId={props.openId}
        padName={props.padId ? () => undefined : padName}
        search={search()}
        selection={selection}
      />
      <ThumbBar />
    </section>
  );
}

function PadChoice(props: {
  pads: readonly PastPad[];
  padId: string | undefined;
  searchOf: (padId: string | undefined) => string;
}) {
  const navigate = useNavigate();
  return (
    <select
      aria-label={t("past.pad")}
      onChange={(event) => navigate(`/past${props.searchOf(event.currentTarget.value || undefined)}`)}
    >
      <option value="">{t("list.all")}</option>
      <For each={props.pads}>
        {(pad) => (
          <option value={pad.id} selected={pad.id === props.padId}>
            {pad.name}
          </option>
        )}
      </For>
    </select>
  );
}
