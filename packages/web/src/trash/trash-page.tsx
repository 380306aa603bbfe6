// The trash: notes and pads that were deleted, until when each can be restored, and the ways back.
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, Match, onCleanup, Show, Suspense, Switch } from "solid-js";
import { asProblem, explain, mayRepeat } from "../data/problem.ts";
import { plainExcerpt } from "../notes/excerpt.ts";
import { summaryOf } from "../notes/list/note-list.ts";
import { SearchBox } from "../notes/list/search-box.tsx";
import { deleteNotes } from "../notes/notes.ts";
import { deletePad, restorePad } from "../pads/writing.ts";
import { FullPage } from "../page/full-page.tsx";
import { useKeys } from "../page/keys.ts";
import { lazily } from "../page/lazily.ts";
import { places } from "../places/places.ts";
import { Bones } from "../ui/bones.tsx";
import { say, sayProblem } from "../ui/dock.tsx";
import { formatDay } from "../ui/long-dates.ts";
import { LongRows } from "../ui/long-rows.tsx";
import { Menu } from "../ui/menu.tsx";
import { MoreFailed } from "../ui/more-failed.tsx";
import { locale, Time } from "../ui/time.tsx";
import { withElements } from "../words/index.ts";
import { t } from "../words/trash.ts";
import { MissingPad } from "./missing-pad.tsx";
import { backupsUntil, padNameOf, restoreNote, type Trashed, trashedPad, trashOf } from "./trash.ts";
import "./trash.css";

const DeleteForeverDialog = lazily(() => import("./delete-forever.tsx"));

type TrashedNote = Trashed & { kind: "note" };

export default function TrashPage() {
  const navigate = useNavigate();
  const [query] = useSearchParams<{ q?: string; pad?: string }>();
  const q = () => query.q || undefined;
  const padId = () => query.pad || undefined;
  const isAll = () => q() === undefined && padId() === undefined;
  const list = createMemo(() => trashOf({ q: q(), pad: padId() }));
  createEffect(() => {
    const shown = list();
    void shown.loadMore();
    const again = () => shown.problem && void shown.loadMore();
    window.addEventListener("online", again);
    onCleanup(() => {
      window.removeEventListener("online", again);
      shown.giveUp();
    });
  });

  /** The row that is asked about. */
  const [dying, setDying] = createSignal<Trashed>();
  const [padless, setPadless] = createSignal<TrashedNote>();

  // --- what is done with a row ---

  let frame!: HTMLDivElement;
  const rowButtons = () => [...frame.querySelectorAll<HTMLElement>(".trashed [data-key=restore]")];

  /** Shows a row no longer. The focus goes to the row that takes its place. */
  function leave(item: Trashed): void {
    const at = Math.max(
      0,
      rowButtons().findIndex((button) => button.dataset.id === item.id),
    );
    list().remove(item);
    queueMicrotask(() => {
      const all = rowButtons();
      const heading = frame.closest("main")?.querySelector("h1");
      (all[at] ?? all.at(-1) ?? heading)?.focus();
    });
  }

  async function restore(item: Trashed): Promise<void> {
    try {
      await (item.kind === "pad" ? restoreWithNotes(item) : restoreOne(item));
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.code === "conflict" && item.kind === "note") setPadless(item);
      else if (problem.code === "not_found") {
        leave(item);
        say(t("trash.gone"));
      } else sayProblem(problem, () => restore(item));
    }
  }
  async function restoreWithNotes(pad: Trashed & { kind: "pad" }): Promise<void> {
    const shown = list();
    await restorePad(pad.id);
    leave(pad);
    say(t("trash.restoredPad", pad.name, pad.noteCount), async () => {
      await deletePad(pad.id);
      await shown.reload();
    });
  }
  /** The pad whose notes are listed. */
  async function restoreThis(id: string): Promise<void> {
    try {
      const pad = await restorePad(id);
      navigate(`/pads/${id}`);
      say(t("trash.restoredPad", pad.name, pad.noteCount), async () => {
        await deletePad(id);
        navigate(`/trash?pad=${id}`);
      });
    } catch (thrown) {
      sayProblem(thrown, () => restoreThis(id));
    }
  }
  async function restoreOne(item: TrashedNote, padId?: null): Promise<void> {
    const shown = list();
    const note = await restoreNote(item.id, padId === undefined ? {} : { padId });
    leave(item);
    say(t("trash.restored", { name: note.name }), async () => {
      await deleteNotes([{ ...item, ...summaryOf(note) }]);
      await shown.reload();
    });
  }
  /** A note that was deleted by itself does not come back with its pad. */
  async function restoreWithPad(item: TrashedNote): Promise<void> {
    const shown = list();
    const pad = await restorePad(item.padId ?? "");
    const note = await restoreNote(item.id);
    await shown.reload();
    say(t("trash.restored", { name: note.name }), async () => {
      await deleteNotes([{ ...item, ...summaryOf(note) }]);
      await deletePad(pad.id);
      await shown.reload();
    });
  }

  /** Moves the focus from row to row. */
  function step(by: number): boolean {
    const all = rowButtons();
    const from = all.findIndex((button) => button.closest("li")?.contains(document.activeElement));
    const next = from < 0 ? all[0] : all[from + by];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    return next !== undefined;
  }
  const inRow = (by: number) => () => frame.contains(document.activeElement) && step(by);
  useKeys({ j: () => step(1), k: () => step(-1), arrowdown: inRow(1), arrowup: inRow(-1) }, true);

  const title = () => (padId() ? (trashedPad(padId())?.name ?? t("trash.padTitle")) : t("list.trash"));
  return (
    <FullPage title={title()} count={list().total ?? (isAll() ? places.all()?.trash : undefined)}>
      <div ref={frame}>
        <Switch>
          <Match when={!list().isOpen && list().problem?.code === "not_found"}>
            <div class="none" role="alert">
              <h2>{t("trash.noSuchPad")}</h2>
              <p>{t("trash.noSuchPadHint")}</p>
              <a class="button" href="/trash">
                {t("trash.clear")}
              </a>
            </div>
          </Match>
          <Match when={!list().isOpen && list().problem}>
            {(problem) => (
              <div class="none" role="alert">
                <h2>{t("trash.failed")}</h2>
                <p>{explain(problem())}</p>
                <Show when={mayRepeat(problem())}>
                  <button type="button" class="main-act" onClick={() => list().loadMore()}>
                    {t("app.tryAgain")}
                  </button>
                </Show>
              </div>
            )}
          </Match>
          <Match when={true}>
            <LongRows
              rows={list().rows}
              as="ul"
              onEnd={() => !list().problem && void list().loadMore()}
              above={
                <>
                  <Show when={padId()} fallback={<Lead q={q()} />}>
                    {(id) => <PadLead restore={() => restoreThis(id())} />}
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
              {(item) => <Row item={item} restore={restore} forever={setDying} />}
            </LongRows>
            <MoreFailed list={list()} words={t("trash.moreFailed")} class="trash-hint" />
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
        <Show when={padless()} keyed>
          {(item) => (
            <MissingPad
              name={item.name}
              withPad={() => restoreWithPad(item)}
              withoutPad={() => restoreOne(item, null)}
              close={() => setPadless(undefined)}
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

function Row(props: {
  item: Trashed;
  restore: (item: Trashed) => Promise<void>;
  forever: (item: Trashed) => void;
}) {
  const name = () => props.item.name;
  const forever = () => props.forever(props.item);
  return (
    <div class="trashed">
      <div class="what">
        <Show
          when={props.item.kind === "pad" && props.item}
          fallback={
            <b class="clip" dir="auto">
              {name()}
            </b>
          }
        >
          {(pad) => (
            <a class="clip" dir="auto" href={`/trash?pad=${pad().id}`}>
              {name()}
            </a>
          )}
        </Show>
        <About item={props.item} />
      </div>
      <p class="when">{withElements(t("trash.deleted"), { time: <Time time={props.item.deletedAt} /> })}</p>
      <p>
        {withElements(t("trash.until"), {
          day: (
            <time datetime={props.item.recoverableUntil}>
              {formatDay(new Date(props.item.recoverableUntil), locale)}
            </time>
          ),
        })}
      </p>
      <div class="acts">
        <button
          type="button"
          data-key="restore"
          data-id={props.item.id}
          aria-label={t("trash.restoreOne", { name: name() })}
          onClick={() => props.restore(props.item)}
        >
          {t("trash.restore")}
        </button>
        <button
          type="button"
          class="quiet late broad-only"
          aria-label={t("trash.foreverOne", { name: name() })}
          onClick={forever}
        >
          {t("trash.forever")}
        </button>
        <span class="narrow-only">
          <Menu label={t("app.more")} items={[{ label: t("trash.forever"), act: forever }]} />
        </span>
      </div>
    </div>
  );
}

/** What a note begins with, or how many notes a pad has. */
function About(props: { item: Trashed }) {
  return (
    <p class="clip" dir="auto">
      <Show
        when={props.item.kind === "note" && props.item}
        fallback={props.item.kind === "pad" && <span>{t("trash.padOf", props.item.noteCount)}</span>}
      >
        {(note) => (
          <>
            <Show when={padNameOf(note())}>
              {(pad) => (
                <span>
                  <bdi>{pad()}</bdi>:{" "}
                </span>
              )}
            </Show>
            {plainExcerpt(note().excerpt)}
          </>
        )}
      </Show>
    </p>
  );
}
