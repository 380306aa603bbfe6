// A database of the server, as operations and transactions know it.
import type { Engine } from "../engine/engine.ts";
import type { TypeCatalog } from "../results/types.ts";

export interface Database {
  /** As requests name it. */
  name: string;
  engine: Engine;
  /** The types that it made. */
  types: TypeCatalog;
}
