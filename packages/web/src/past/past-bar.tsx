// The bar of the time machine, the only part with inverted colours. It sets the time: a day earlier or later, in a field, or with
// a slider over the account's life.
import { createEffect, createMemo, createSignal, For, Show } from "solid-js";
import { isSidebarOpen, setSidebarOpen } from "../page/layout.ts";
import { formatMoment, formatMomentInFull } from "../ui/long-dates.ts";
import { locale } from "../ui/time.tsx";
import { t } from "../words/past.ts";
import { daysLater, fieldValue, type Life, slider, timeInField, yearsOf } from "./times.ts";

export function PastBar(props: {
  /** Undefined if the address has no time in the account's life. */
  at: Date | undefined;
  /** The time that is shown where `at` is undefined. */
  start: Date;
  life: Life;
  go: (to: Date) => void;
  /** The address of the same list in the present. */
  now: string;
  /** Undefined while there is nothing to restore. */
  restoreAll: (() => void) | undefined;
}) {
  let field!: HTMLInputElement;
  const [isWrong, setWrong] = createSignal(false);
  /** The time under the slider's thumb while it is moved. */
  const [moved, setMoved] = createSignal<Date>();
  const shown = () => moved() ?? props.at ?? props.start;
  createEffect(() => {
    field.value = fieldValue(shown());
    setWrong(false);
  });

  /** While a year is typed digit by digit, it is not in the account's life yet. That is wrong only once the field is left. */
  function typed(isDone: boolean): void {
    const time = timeInField(field.value, props.life);
    if (time && (!props.at || fieldValue(time) !== fieldValue(props.at))) props.go(time);
    setWrong(isDone && !time);
  }
  const day = (by: number) => () => props.go(daysLater(props.at ?? props.start, by, props.life));
  const range = createMemo(() => slider(props.life));
  return (
    <section class="past" aria-label={t("past.label")}>
      <span class="say">{t("past.asOf")}</span>
      <div class="when">
        <button type="button" class="quiet" aria-label={t("past.earlier")} onClick={day(-1)}>
          ‹
        </button>
        {/* The field lies over the words, so that a press opens its picker. */}
        <div class="written" classList={{ wrong: isWrong() }}>
          <span aria-hidden="true">{formatMomentInFull(shown(), locale)}</span>
          <input
            ref={field}
            type="datetime-local"
            aria-label={t("past.at")}
            min={fieldValue(props.life.from)}
            max={fieldValue(props.life.to)}
            required
            aria-invalid={isWrong()}
            aria-describedby={isWrong() ? "past-range" : undefined}
            onChange={() => typed(false)}
            onBlur={() => typed(true)}
          />
        </div>
        <button type="button" class="quiet" aria-label={t("past.later")} onClick={day(1)}>
          ›
        </button>
      </div>
      <div class="track">
        <input
          type="range"
          aria-label={t("past.date")}
          aria-valuetext={formatMomentInFull(shown(), locale)}
          min={range().min}
          max={range().max}
          step={range().step}
          value={shown().getTime()}
          onInput={(event) => setMoved(new Date(event.currentTarget.valueAsNumber))}
          onChange={(event) => {
            const to = new Date(event.currentTarget.valueAsNumber);
            setMoved(undefined);
            props.go(to);
          }}
        />
        <For each={yearsOf(props.life)}>
          {({ year, share }) => (
            <span aria-hidden="true" style={{ "inset-inline-start": `${share * 100}%` }}>
              {year}
            </span>
          )}
        </For>
      </div>
      <div class="ends">
        <button
          type="button"
          class="quiet pads"
          aria-expanded={isSidebarOpen()}
          aria-controls="sidebar"
          onClick={() => setSidebarOpen(!isSidebarOpen())}
        >
          {t("list.pads")}
        </button>
        <button type="button" aria-disabled={!props.restoreAll} onClick={() => props.restoreAll?.()}>
          {t("restoreAll.action")}
        </button>
        <a class="button" href={props.now}>
          {t("past.backToNow")}
        </a>
      </div>
      <Show when={isWrong()}>
        <p id="past-range" role="alert">
          {t("past.range", { from: formatMoment(props.life.from, locale) })}
        </p>
      </Show>
    </section>
  );
}
