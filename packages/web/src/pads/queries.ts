// What the pages read about pads (how queries work: notes/queries.ts).
import { query } from "@solidjs/router";
import { api } from "../data/api.ts";
import { parseId } from "../data/id.ts";

/** The user's pads, by name. */
export const getPads = query(async () => (await (await api.pads.$get()).json()).pads, "pad:all");

export const getPad = query(async (id: string) => {
  const response = await api.pads[":id"].$get({ param: { id: parseId(id) } });
  return (await response.json()).pad;
}, "pad:one");
