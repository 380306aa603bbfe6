// A version of a note, compared with another one: as it reads block by block, or its Markdown line by line. What was added is
// underlined on grey, what was removed is red and struck out, and screen readers are told both.
import type { Revision } from "@notejam/core/revision/schema";
import { createMemo, createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { isHere, type Made, nameOfOther } from "../../account/device.ts";
import { createLatest } from "../../data/latest.ts";
import { Bones } from "../../ui/bones.tsx";
import { Failed } from "../../ui/failed.tsx";
import { LongRows } from "../../ui/long-rows.tsx";
import { Time } from "../../ui/time.tsx";
import { t } from "../../words/history.ts";
import { withElements } from "../../words/index.ts";
import { fieldChanges } from "../field-words.ts";
import { compare } from "./compare.ts";
import { compareRendered } from "./compare-rendered.ts";
import { type Face, face } from "./face.tsx";
import { cut, folded, type Item, linesOf, type Part, wordsChanged } from "./parts.ts";
import type { Block } from "./rendered-difference.ts";
import { readState } from "./states.ts";

export type Against = "now" | "before";

interface Compared {
  state: Revision;
  /** Null if there is none. */
  other: Revision | null;
  against: Against;
  face: Face;
  parts: Part[];
  /** The blocks of the page; undefined where Markdown is compared. */
  blocks: Block[] | undefined;
}

export function Comparison(props: {
  noteId: string;
  /** Undefined until it is known. */
  version: number | undefined;
  /** Null if there is none, undefined until it is known. */
  other: number | null | undefined;
  against: Against;
  /** Undefined where there is no choice. */
  setAgainst: ((against: Against) => void) | undefined;
  here: Made | undefined;
  onName: (name: string) => void;
  /** The address of all versions. */
  all: string;
}) {
  const [compared, setCompared] = createSignal<Compared>();
  const wanted = createMemo(
    () => {
      const { version, other, against } = props;
      return version === undefined || other === undefined
        ? undefined
        : { version, other, against, face: face() };
    },
    undefined,
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  const { problem, again } = createLatest(wanted, load, (read) => {
    setCompared(read);
    props.onName(read.state.name);
  });

  async function load(
    { version, other, ...chosen }: NonNullable<ReturnType<typeof wanted>>,
    signal: AbortSignal,
  ): Promise<Compared> {
    const read = (one: number) => readState(props.noteId, one, signal);
    const [state, beside] = await Promise.all([read(version), other === null ? null : read(other)]);
    const [before, after] = inOrder(state, beside, chosen.against);
    const last = after ?? state;
    const rendered =
      chosen.face === "read" ? await compareRendered(before?.text, last.text, signal) : undefined;
    const parts: Part[] = rendered
      ? rendered.parts
      : before
        ? await compare({ before: before.text, after: last.text }, signal)
        : [{ kind: "kept", text: last.text }];
    return { state, other: beside, ...chosen, parts, blocks: rendered?.blocks };
  }
  return (
    <div class="scroll">
      <Switch>
        <Match when={problem()}>
          {(problem) => (
            <Failed
              problem={problem()}
              again={again}
              title={t("history.versionFailed")}
              gone={{
                title: t("history.noVersion"),
                hint: t("history.noVersionHint"),
                link: { href: props.all, words: t("history.allUncounted") },
              }}
              isMain
            />
          )}
        </Match>
        <Match when={compared()} keyed>
          {(compared) => <Shown {...props} compared={compared} />}
        </Match>
        <Match when={true}>
          <Bones />
        </Match>
      </Switch>
    </div>
  );
}

function Shown(props: {
  compared: Compared;
  setAgainst: ((against: Against) => void) | undefined;
  here: Made | undefined;
}) {
  const { parts, blocks } = props.compared;
  const [opened, setOpened] = createSignal<ReadonlySet<number>>(new Set());
  let frame!: HTMLElement;

  function unfold(from: number): void {
    setOpened((all) => new Set([...all, from]));
    frame.focus({ preventScroll: true });
  }
  const above = <Above {...props} />;
  return (
    <article class="page compared changes" ref={frame} tabindex="-1">
      <Show
        when={blocks}
        fallback={<MarkdownLines above={above} parts={parts} opened={opened()} unfold={unfold} />}
      >
        {(blocks) => (
          <>
            {above}
            <RenderedBlocks blocks={blocks()} opened={opened()} unfold={unfold} />
          </>
        )}
      </Show>
      <p class="back">{t("history.restoring")}</p>
    </article>
  );
}

/** What is above the text: the name and other fields, what is compared, and how much changed. */
function Above(props: {
  compared: Compared;
  setAgainst: ((against: Against) => void) | undefined;
  here: Made | undefined;
}) {
  const { state, other, against, parts, face, blocks } = props.compared;
  const changes = fieldChanges(...inOrder(state, other ?? state, against));
  const where = () => {
    const time = <Time time={state.changedAt} />;
    if (isHere(state, props.here)) return withElements(t("history.onThis"), { time });
    const name = nameOfOther(state, props.here);
    if (!name && state.device) return time;
    return withElements(t(name ? "history.on" : "history.onUnknown"), { time, device: <bdi>{name}</bdi> });
  };
  return (
    <>
      <Name state={state} other={other} against={against} />
      <For each={changes}>
        {({ label, from, to }) => (
          <p class="line" dir="auto">
            {label}: <Marked part={{ kind: "removed", text: from }} />{" "}
            <Marked part={{ kind: "added", text: to }} />
          </p>
        )}
      </For>
      <p class="meta">
        <span>{where()}</span>
        <Show when={props.setAgainst}>
          {(setAgainst) => (
            <button
              type="button"
              class="link"
              onClick={() => setAgainst()(against === "now" ? "before" : "now")}
            >
              {t(against === "now" ? "history.againstNow" : "history.againstBefore")}
            </button>
          )}
        </Show>
        <span>
          <Summary compared={props.compared} />
        </span>
      </p>
      <Show when={face === "read" && !blocks && parts.length > 0}>
        <p class="hint">{t("history.onlyMarkdown")}</p>
      </Show>
    </>
  );
}

interface Folding {
  /** Where stretches begin that are shown all the same. */
  opened: ReadonlySet<number>;
  unfold: (from: number) => void;
}

function MarkdownLines(props: Folding & { above: JSX.Element; parts: readonly Part[] }) {
  const lines = linesOf(props.parts);
  const items = createMemo(() =>
    folded(lines, props.opened).flatMap((item): Item[] =>
      "row" in item ? cut(item.row).map((row) => ({ row })) : [item],
    ),
  );
  return (
    <LongRows above={props.above} rows={items()}>
      {(item) =>
        "row" in item ? (
          <p class="line" dir="auto">
            <For each={item.row.parts}>{(part) => <Marked part={part} />}</For>
          </p>
        ) : (
          <Fold words={t("history.unchanged", item.count)} unfold={() => props.unfold(item.from)} />
        )
      }
    </LongRows>
  );
}

/** How many blocks around a change are shown. */
const BLOCKS_AROUND = 1;

function RenderedBlocks(props: Folding & { blocks: readonly Block[] }) {
  return (
    <div class="prose" dir="auto">
      <For each={folded(props.blocks, props.opened, BLOCKS_AROUND)}>
        {(item) =>
          "row" in item ? (
            item.row.node
          ) : (
            <Fold words={t("history.unchangedBlocks", item.count)} unfold={() => props.unfold(item.from)} />
          )
        }
      </For>
    </div>
  );
}

function Fold(props: { words: string; unfold: () => void }) {
  return (
    <button type="button" class="quiet fold" onClick={() => props.unfold()}>
      {props.words}
    </button>
  );
}

/** A version and the one that it is compared with, the older first. */
function inOrder<T>(version: T, other: T, against: Against): [before: T, after: T] {
  return against === "now" ? [version, other] : [other, version];
}

/** The name, and what it was if that differs. */
function Name(props: { state: Revision; other: Revision | null; against: Against }) {
  const parts = (): Part[] => {
    const [mine, theirs] = [props.state.name, props.other?.name ?? props.state.name];
    if (mine === theirs) return [{ kind: "kept", text: mine }];
    const [before, after] = inOrder(mine, theirs, props.against);
    return [
      { kind: "removed", text: before },
      { kind: "kept", text: " " },
      { kind: "added", text: after },
    ];
  };
  return (
    <h1 tabindex="-1" dir="auto">
      <For each={parts()}>{(part) => <Marked part={part} />}</For>
    </h1>
  );
}

function Marked(props: { part: Part }) {
  const { kind, text } = props.part;
  if (kind === "added") {
    return (
      <ins>
        <span class="hush">{t("history.added")} </span>
        {text}
      </ins>
    );
  }
  if (kind === "removed") {
    return (
      <del>
        <span class="hush">{t("history.removed")} </span>
        {text}
      </del>
    );
  }
  return text;
}

/** `27 words added and 11 removed since` */
function Summary(props: { compared: Compared }) {
  const { state, other, against, parts } = props.compared;
  const isNow = against === "now";
  if (other === null) return t("history.first");
  if (state.text === other.text) return t(isNow ? "history.sameAsNow" : "history.sameAsBefore");
  const { added, removed } = wordsChanged(parts);
  if (added + removed === 0) return t("history.onlySigns");
  return withElements(t(isNow ? "history.since" : "history.byThis", added, removed), {
    added: <ins>{t("history.added")}</ins>,
    removed: <del>{t("history.removed")}</del>,
  });
}
