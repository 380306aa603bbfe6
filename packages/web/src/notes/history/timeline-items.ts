// The timeline of a note: its states by day, each with where it was made and what it changed.
import { differing, type FieldName, type FieldValue, valuesOf } from "@notejam/core/note/fields";
import type { RevisionSummary } from "@notejam/core/revision/schema";
import { isHere, type Made, nameOfOther } from "../../account/device.ts";
import { type DateLocale, daysBetween, formatShort } from "../../ui/dates.ts";
import { formatDayHeading } from "../../ui/long-dates.ts";
import { t } from "../../words/history.ts";
import { FIELD_WORDS } from "../field-words.ts";
import { type Item, withHeadings } from "../list/headings.ts";

export interface TimelineRow {
  state: RevisionSummary;
  where: string;
  change: string;
}

interface Around {
  now: Date;
  locale: DateLocale;
  /** The device that this is, once it is known. */
  here: Made | undefined;
  padName: (id: string) => string | undefined;
}

/** `states`: the newest first. */
export function timelineOf(states: readonly RevisionSummary[], around: Around): Item<TimelineRow>[] {
  const rows = states.map((state, i) => ({
    state,
    where: i === 0 ? t("history.now") : whereOf(state, around.here),
    change: changeOf(states, i, around),
  }));
  return withHeadings(rows, ({ state }) => dayOf(new Date(state.changedAt), around));
}

function dayOf(time: Date, { now, locale }: Around): string {
  const days = daysBetween(time, now, locale);
  // The user's clock may be slow.
  if (days <= 0) return t("days.today");
  return days === 1 ? t("days.yesterday") : formatDayHeading(time, now, locale);
}

function whereOf(state: RevisionSummary, here: Made | undefined): string {
  const { kind } = state;
  if (kind === "import") return t("history.import");
  const name = isHere(state, here) ? t("history.here") : nameOfOther(state, here);
  if (kind === "merge") return t("history.merged", { device: name ?? t("history.unknownDevice") });
  if (kind === "conflict") return t("history.conflict", { device: name ?? t("history.unknownDevice") });
  return name ?? "";
}

function changeOf(states: readonly RevisionSummary[], i: number, around: Around): string {
  const [state, before] = states.slice(i, i + 2) as [RevisionSummary, RevisionSummary | undefined];
  if (state.kind === "delete") return t("history.deleted");
  if (state.kind === "restore") return t("history.broughtBack");
  if (state.kind === "revert") return restored(state, states.slice(i + 2), around);
  // A new name is the heading of the version beside the timeline.
  const [changed] = differing(state, before ?? state).filter((name) => name !== "name");
  if (changed) return fieldChange(changed, valuesOf(state)[changed], around);
  if (state.kind === "create" && !state.words) return t("history.created");
  const { added = 0, removed = 0 } = state.words ?? {};
  return [added > 0 && `+${added.toLocaleString()}`, removed > 0 && `−${removed.toLocaleString()}`]
    .filter(Boolean)
    .join(" ");
}

/** Says which version it was, if that is loaded: the last one with this text. */
function restored(state: RevisionSummary, earlier: readonly RevisionSummary[], { locale }: Around): string {
  const same = earlier.find(({ hash, name }) => hash === state.hash && name === state.name);
  if (!same) return t("history.wentBack");
  const time = formatShort(new Date(same.changedAt), new Date(state.changedAt), locale);
  return t("history.wentBackTo", { time });
}

function fieldChange(name: FieldName, value: FieldValue, { padName }: Around): string {
  if (name !== "padId") return `${FIELD_WORDS[name].label}: ${FIELD_WORDS[name].value(value)}`;
  if (value === null) return t("history.movedOut");
  const pad = padName(value);
  return pad === undefined ? t("history.movedAway") : t("history.movedTo", { pad });
}
