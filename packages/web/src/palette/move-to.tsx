// Chooses the pad into which notes are moved.
import type { NoteSummary } from "@notejam/core/note/schema";
import { createSignal } from "solid-js";
import { newId } from "../data/id.ts";
import { moveAll } from "../notes/acts.ts";
import { pads } from "../pads/pads.ts";
import { createPad } from "../pads/writing.ts";
import { sayProblem } from "../ui/dock.tsx";
import { Marked, rangesOf } from "../ui/marked.tsx";
import { t } from "../words/palette.ts";
import { Combobox, type Option } from "./combobox.tsx";

export default function MoveTo(props: {
  notes: readonly NoteSummary[];
  /** Called when they are moved. */
  done: (() => void) | undefined;
  close: () => void;
}) {
  const [query, setQuery] = createSignal("");
  const typed = () => query().trim();

  async function move(padId: string | null): Promise<void> {
    // Closing removes the component with its properties.
    const { notes, done } = props;
    props.close();
    if (await moveAll(notes, padId)) done?.();
  }
  async function create(name: string): Promise<void> {
    const { notes, done } = props;
    const id = newId();
    props.close();
    const act = async () => {
      await createPad({ id, name });
      if (await moveAll(notes, id)) done?.();
    };
    await act().catch((thrown) => sayProblem(thrown, act));
  }
  /** A pad that has all of them is no choice. */
  const isElsewhere = (padId: string | null) => props.notes.some((note) => note.padId !== padId);
  const options = (): Option[] => {
    const all = pads.all() ?? [];
    return [
      ...all
        .filter((pad) => isElsewhere(pad.id) && (typed() === "" || rangesOf(pad.name, typed()).length > 0))
        .map((pad) => ({
          title: <Marked text={pad.name} ranges={rangesOf(pad.name, typed())} />,
          aside: t("list.notes", pad.noteCount),
          act: () => void move(pad.id),
        })),
      ...(typed() === "" && isElsewhere(null) ? [{ title: t("pad.none"), act: () => void move(null) }] : []),
      ...(typed() !== "" && !all.some((pad) => pad.name === typed())
        ? [{ title: t("move.newPad", { name: typed() }), act: () => void create(typed()) }]
        : []),
    ];
  };
  return (
    <Combobox
      label={t("move.label")}
      placeholder={t("move.placeholder")}
      groups={[{ title: t("move.to", { what: t("list.notes", props.notes.length) }), options: options() }]}
      onQuery={setQuery}
      close={props.close}
    />
  );
}
