// Things that were deleted for ever. Each leaves a row that says so, and its id can't be used again.
import { type SQL, sql } from "drizzle-orm";
import { AppError } from "../errors.ts";
import type { Versioned } from "./versioned.ts";
import { viewerId } from "./viewer.ts";

/** Holds if a thing of this kind and id was deleted for ever. */
export function isPurged({ noun }: Versioned, id: SQL): SQL {
  return sql`exists (select 1 from purged g where g.user_id = ${viewerId} and g.kind = ${sql.raw(`'${noun}'`)} and g.id = ${id})`;
}

/** For a thing that can't be brought back. */
export function deletedForEver(noun: string): AppError {
  return new AppError("not_found", { detail: `This ${noun} was deleted for ever.` });
}
