// What is written about pads. It loads with the parts that write.
import { ifMatch } from "@notejam/client";
import type { CreatePad, Pad, RenamePad } from "@notejam/core/pad/schema";
import { api } from "../data/api.ts";
import type { WithId } from "../data/id.ts";
import { expireLists } from "../notes/list/lists.ts";
import { places } from "../places/places.ts";

/** @throws Problem */
export async function createPad(input: WithId<CreatePad>): Promise<Pad> {
  return put((await (await api.pads.$post({ json: input })).json()).pad);
}

/** @throws Problem `version_mismatch` with the current pad, `not_found` */
export async function renamePad({ id, version }: Pad, input: RenamePad): Promise<Pad> {
  const response = await api.pads[":id"].$patch({ param: { id }, header: ifMatch(version), json: input });
  return put((await response.json()).pad);
}

/** Deletes a pad and its notes. @throws Problem */
export async function deletePad(id: string): Promise<void> {
  await api.pads[":id"].$delete({ param: { id } });
  places.setPads((pads) => pads.filter((pad) => pad.id !== id));
  places.changed();
  expireLists();
}

/** Brings back a deleted pad and its notes. @throws Problem */
export async function restorePad(id: string): Promise<Pad> {
  const { pad } = await (await api.trash.pads[":id"].restore.$post({ param: { id } })).json();
  places.changed();
  expireLists();
  return put(pad);
}

const NAMES = new Intl.Collator("und");

function put(pad: Pad): Pad {
  places.setPads((pads) =>
    [...pads.filter(({ id }) => id !== pad.id), pad].sort((a, b) => NAMES.compare(a.name, b.name)),
  );
  return pad;
}
