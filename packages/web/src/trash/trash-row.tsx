// A note or a pad in the trash: what it is, until when it can be restored, and the ways back.
import { Show } from "solid-js";
import { InPad } from "../notes/list/note-row.tsx";
import { excerptOf } from "../notes/title-once.ts";
import { formatDay } from "../ui/long-dates.ts";
import { Menu } from "../ui/menu.tsx";
import { locale, Time } from "../ui/time.tsx";
import { withElements } from "../words/index.ts";
import { t } from "../words/trash.ts";
import { padNameOf, type Trashed } from "./trash.ts";

export function TrashRow(props: {
  item: Trashed;
  restore: (item: Trashed) => Promise<void>;
  forever: (item: Trashed) => void;
}) {
  const name = () => props.item.name;
  const forever = () => props.forever(props.item);
  return (
    <div class="trashed" data-id={props.item.id}>
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
            <InPad name={padNameOf(note())} />
            {excerptOf(note())}
          </>
        )}
      </Show>
    </p>
  );
}
