// The user's pads, read once and kept right by what this tab writes.
import { ifMatch } from "@notejam/client";
import type { Problem } from "@notejam/client/problem";
import type { CreatePad, Pad, RenamePad } from "@notejam/core/pad/schema";
import { batch, createSignal } from "solid-js";
import { api } from "../data/api.ts";
import type { WithId } from "../data/id.ts";
import { asProblem } from "../data/problem.ts";
import { onOtherUser } from "../data/session.ts";
import { expireLists } from "../notes/list/lists.ts";

const [all, setAll] = createSignal<readonly Pad[]>();
const [problem, setProblem] = createSignal<Problem>();
let loading: Promise<void> | undefined;

onOtherUser(() => {
  loading = undefined;
  setAll(undefined);
});

export const pads = {
  /** By name; undefined until they are loaded. */
  all,
  /** Why they could not be loaded. */
  problem,

  /** Reads them. Resolves when they have arrived or failed. */
  load(): Promise<void> {
    loading ??= (async () => {
      setProblem(undefined);
      try {
        setAll((await (await api.pads.$get()).json()).pads);
      } catch (thrown) {
        setProblem(asProblem(thrown));
      } finally {
        loading = undefined;
      }
    })();
    return loading;
  },

  /** A pad by its id, if it is loaded. */
  byId: (id: string | null | undefined): Pad | undefined => all()?.find((pad) => pad.id === id),

  /** The notes of a pad have become more or fewer. */
  count(id: string | null, change: number): void {
    setAll((pads) =>
      pads?.map((pad) => (pad.id === id ? { ...pad, noteCount: Math.max(0, pad.noteCount + change) } : pad)),
    );
  },

  /** @throws Problem */
  async create(input: WithId<CreatePad>): Promise<Pad> {
    return put((await (await api.pads.$post({ json: input })).json()).pad);
  },

  /** @throws Problem `version_mismatch` with the current pad, `not_found` */
  async rename({ id, version }: Pad, input: RenamePad): Promise<Pad> {
    const response = await api.pads[":id"].$patch({ param: { id }, header: ifMatch(version), json: input });
    return put((await response.json()).pad);
  },

  /** Deletes a pad and its notes. @throws Problem */
  async delete(id: string): Promise<void> {
    await api.pads[":id"].$delete({ param: { id } });
    batch(() => {
      setAll((pads) => pads?.filter((pad) => pad.id !== id));
      expireLists();
    });
  },

  /** Brings back a deleted pad and its notes. @throws Problem */
  async restore(id: string): Promise<Pad> {
    const { pad } = await (await api.trash.pads[":id"].restore.$post({ param: { id } })).json();
    expireLists();
    return put(pad);
  },

  put,
};

const NAMES = new Intl.Collator("und");

function put(pad: Pad): Pad {
  setAll((pads) =>
    [...(pads ?? []).filter(({ id }) => id !== pad.id), pad].sort((a, b) => NAMES.compare(a.name, b.name)),
  );
  return pad;
}
