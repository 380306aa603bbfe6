// The trash: notes and pads that were deleted.
import { useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, Match, Show, Suspense, Switch } from "solid-js";
import { useList } from "../data/paged.ts";
import { SearchBox } from "../notes/list/search-box.tsx";
import { FullPage } from "../page/full-page.tsx";
import { lazily } from "../page/lazily.ts";
import { useRowKeys } from "../page/row-keys.ts";
import { places } from "../places/places.ts";
import { Bones } from "../ui/bones.tsx";
import { say } from "../ui/dock.tsx";
import { Failed } from "../ui/failed.tsx";
import { LongRows } from "../ui/long-rows.tsx";
import { withElements } from "../words/index.ts";
import { t } from "../words/trash.ts";
import { MissingPad } from "./missing-pad.tsx";
import { createRestoring } from "./restoring.ts";
import { backupsUntil, type Trashed, trashedPad, trashOf } from "./trash.ts";
import { TrashRow } from "./trash-row.tsx";
import "./trash.css";

const DeleteForeverDialog = lazily(() => import("./delete-forever.tsx"));

export default function TrashPage() {
  const [query] = useSearchParams<{ q?: string; pad?: string }>();
  const q = () => query.q || undefined;
  const padId = () => query.pad || undefined;
  const isAll = () => q() === undefined && padId() === undefined;
  const list = createMemo(() => trashOf({ q: q(), pad: padId() }));
  useList(list);

  let frame!: HTMLDivElement;
  const rowButtons = () => [...frame.querySelectorAll<HTMLElement>(".trashed [data-key=restore]")];
  useRowKeys(() => frame, rowButtons);

  const leave = (item: Trashed) => list().remove(item);
  const restoring = createRestoring(list, leave);
  /** The row that the user may delete forever. */
  const [dying, setDying] = createSignal<Trashed>();

  const count = () => {
    const { total } = list();
    if (q() !== undefined) return total !== undefined ? t("list.found", total) : undefined;
    return total ?? (isAll() ? places.all()?.trash : undefined);
  };
  const title = () => (padId() ? (trashedPad(padId())?.name ?? t("trash.padTitle")) : t("list.trash"));
  return (
    <FullPage title={title()} count={count()}>
      <div ref={frame}>
        <Switch>
          <Match when={!list().isOpen && list().problem}>
            {(problem) => (
              <Failed
                problem={problem()}
                again={() => void list().open()}
                title={t("trash.failed")}
                gone={{
                  title: t("trash.noSuchPad"),
                  hint: t("trash.noSuchPadHint"),
                  link: { href: "/trash", words: t("trash.clear") },
                }}
              />
            )}
          </Match>
          <Match when={true}>
            <LongRows
              rows={list().rows}
              as="ul"
              list={list()}
              moreFailed={t("trash.moreFailed")}
              above={
                <>
                  <Show when={padId()} fallback={<Lead q={q()} />}>
                    {(id) => <PadLead restore={() => restoring.restorePadById(id())} />}
                  </Show>
                  <Show when={!list().isOpen}>
                    <Bones />
                  </Show>
                  <Show when={list().isOpen && list().rows.length === 0}>
                    <Empty q={q()} isPad={padId() !== undefined} />
                  </Show>
                </>
              }
            >
              {(item) => <TrashRow item={item} restore={restoring.restore} forever={setDying} />}
            </LongRows>
            <Show when={list().rows.length > 0}>
              <p class="hint trash-hint">{t("trash.hint", { day: backupsUntil() })}</p>
            </Show>
          </Match>
        </Switch>
      </div>
      <Suspense>
        <Show when={dying()} keyed>
          {(item) => (
            <DeleteForeverDialog
              item={item}
              close={() => setDying(undefined)}
              done={() => {
                setDying(undefined);
                leave(item);
                say(t("forever.done", { name: item.name }));
              }}
            />
          )}
        </Show>
        <Show when={restoring.padless()} keyed>
          {(item) => (
            <MissingPad
              name={item.name}
              withPad={() => restoring.restoreWithPad(item)}
              withoutPad={() => restoring.restoreWithoutPad(item)}
              close={restoring.forgetPadless}
            />
          )}
        </Show>
      </Suspense>
    </FullPage>
  );
}

function Lead(props: { q: string | undefined }) {
  return (
    <>
      <p class="lead">
        {t("trash.lead")} <a href="/past">{t("trash.asOf")}</a>
      </p>
      <SearchBox q={props.q ?? ""} label={t("trash.search")} />
    </>
  );
}

function PadLead(props: { restore: () => void }) {
  return (
    <>
      <p class="lead">{t("trash.padLead")}</p>
      <p class="acts pad-acts">
        <button type="button" onClick={() => props.restore()}>
          {t("trash.restorePad")}
        </button>
        <a class="button quiet" href="/trash">
          {t("trash.clear")}
        </a>
      </p>
    </>
  );
}

function Empty(props: { q: string | undefined; isPad: boolean }) {
  return (
    <div class="none">
      <Switch
        fallback={
          <>
            <h2>{t("trash.empty")}</h2>
            <p>{t("trash.emptyHint")}</p>
          </>
        }
      >
        <Match when={props.isPad}>
          <h2>{t("trash.padEmpty")}</h2>
        </Match>
        <Match when={props.q}>
          {(q) => (
            <>
              <div role="status">
                <h2>{withElements(t("trash.noMatch"), { q: <bdi>{q()}</bdi> })}</h2>
              </div>
              <p>{t("list.noMatchHint")}</p>
              <a class="button" href="/trash">
                {t("trash.clear")}
              </a>
            </>
          )}
        </Match>
      </Switch>
    </div>
  );
}
