// The versions of a note by day, of which only those in view are in the document.

import type { RevisionSummary } from "@notejam/core/revision/schema";
import { createEffect, createMemo, on, Show } from "solid-js";
import type { VirtualizerHandle } from "virtua/solid";
import type { Made } from "../../account/device.ts";
import type { Paged } from "../../data/paged.ts";
import { pads } from "../../pads/pads.ts";
import { Bones } from "../../ui/bones.tsx";
import { LongRows } from "../../ui/long-rows.tsx";
import { Clock, locale, now } from "../../ui/time.tsx";
import { t } from "../../words/history.ts";
import { timelineOf } from "./timeline-items.ts";

export function Timeline(props: {
  states: Paged<RevisionSummary>;
  chosen: number | undefined;
  here: Made | undefined;
  addressOf: (version: number) => string;
}) {
  let rows: VirtualizerHandle | undefined;
  let frame!: HTMLElement;
  const items = createMemo(() =>
    timelineOf(props.states.rows, {
      now: now(),
      locale,
      here: props.here,
      padName: pads.nameOf,
    }),
  );
  const chosenIndex = () =>
    items().findIndex((item) => "row" in item && item.row.state.version === props.chosen);
  const isLoaded = createMemo(() => chosenIndex() >= 0);
  /** The focus follows it, if it is in the timeline. */
  function show(): void {
    if (!isLoaded()) return;
    const hasFocus = frame.contains(document.activeElement);
    rows?.scrollToIndex(chosenIndex(), { align: "nearest" });
    if (hasFocus) queueMicrotask(() => frame.querySelector<HTMLElement>("[aria-current]")?.focus());
  }
  createEffect(on([() => props.chosen, isLoaded], show, { defer: true }));
  return (
    <nav class="scroll timeline" ref={frame} aria-label={t("note.history")}>
      <LongRows
        above={
          <Show when={!props.states.isOpen}>
            <Bones />
          </Show>
        }
        rows={items()}
        list={props.states}
        moreFailed={t("history.moreFailed")}
        ref={(handle) => {
          rows = handle;
          queueMicrotask(show);
        }}
      >
        {(item) =>
          "heading" in item ? (
            <h2>{item.heading}</h2>
          ) : (
            <a
              class="version"
              href={props.addressOf(item.row.state.version)}
              aria-current={item.row.state.version === props.chosen ? "true" : undefined}
            >
              <Clock time={new Date(item.row.state.changedAt)} />
              <span dir="auto">{item.row.where}</span>
              <span class="number clip" dir="auto">
                {item.row.change}
              </span>
            </a>
          )
        }
      </LongRows>
      <Show when={props.states.isOpen && !props.states.hasMore}>
        <p class="hint">{t("history.kept")}</p>
      </Show>
    </nav>
  );
}
