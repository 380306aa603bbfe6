// Clients that write an account at the same time, on the same notes, and keep what the service acknowledged.
import { createHash, randomUUID } from "node:crypto";
import { each } from "@notejam/cli/each";
import { type Api, ifMatch } from "@notejam/client";
import { isProblem } from "@notejam/client/problem";
import type { Note } from "@notejam/core/note/schema";

/** What the service acknowledged: by a note's id, the hash of its text by version. */
export type Acknowledged = Map<string, Map<number, string>>;

export interface Load {
  acknowledged: Acknowledged;
  /** Notes that are in the trash, as far as its clients know. */
  deleted: Set<string>;
}

export function noLoad(): Load {
  return { acknowledged: new Map(), deleted: new Set() };
}

/** How many states there are. */
export function statesIn(acknowledged: Acknowledged): number {
  return [...acknowledged.values()].reduce((sum, states) => sum + states.size, 0);
}

/** Makes random operations, a few at a time: creates, saves (also on one version at once), moves, deletes and restores. */
export async function write(api: Api, load: Load, operations: number): Promise<void> {
  await each(Array(operations).keys(), () => operate(api, load));
}

async function operate(api: Api, load: Load): Promise<void> {
  const ids = [...load.acknowledged.keys()];
  const id = ids[Math.floor(Math.random() * ids.length)];
  const dice = Math.random();
  try {
    if (!id || dice < 0.25) return await create(api, load);
    if (dice < 0.85) return await save(api, load, id);
    const param = { id };
    if (dice < 0.93) {
      await api.notes[":id"].$delete({ param });
      load.deleted.add(id);
      return;
    }
    const { note } = await (
      await api.trash.notes[":id"].restore.$post({ param, json: { padId: null } })
    ).json();
    load.deleted.delete(id);
    keep(load, note);
  } catch (error) {
    // Another client was first: nothing was acknowledged.
    if (!isProblem(error, "version_mismatch", "not_found", "conflict")) throw error;
  }
}

async function create(api: Api, load: Load): Promise<void> {
  const { pads } = await (await api.pads.$get()).json();
  const padId = pads.length > 0 && Math.random() < 0.5 ? pads[0]?.id : null;
  if (pads.length < 3) await api.pads.$post({ json: { name: `Pad ${pads.length}` } });
  const json = { name: "Drill", text: newText(), padId };
  keep(load, (await (await api.notes.$post({ json })).json()).note);
}

async function save(api: Api, load: Load, id: string): Promise<void> {
  const base = Math.max(...(load.acknowledged.get(id)?.keys() ?? []), 1);
  const answer = await api.notes[":id"].$patch({
    param: { id },
    header: ifMatch(base),
    json: { text: newText() },
  });
  keep(load, (await answer.json()).note);
}

/** Texts from a line to some pages. */
function newText(): string {
  return `${randomUUID()} 🙂\n`.repeat(Math.ceil(Math.random() ** 4 * 400));
}

function keep({ acknowledged }: Load, { id, version, text }: Note): void {
  const states = acknowledged.get(id) ?? new Map<number, string>();
  states.set(version, createHash("sha256").update(text).digest("hex"));
  acknowledged.set(id, states);
}
