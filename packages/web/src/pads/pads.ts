// The pads, as they were read with the places. What is written about them is in writing.ts.
import type { Pad } from "@notejam/core/pad/schema";
import { places } from "../places/places.ts";

export const pads = {
  /** By name; undefined until they are loaded. */
  all: (): readonly Pad[] | undefined => places.all()?.pads,

  /** A pad by its id, if it is loaded. */
  byId: (id: string | null | undefined): Pad | undefined => pads.all()?.find((pad) => pad.id === id),

  nameOf: (id: string | null): string | undefined => pads.byId(id)?.name,
};
