// Finds in the lines of the log what users deleted for ever. After a restore from a backup it is deleted again (apply-purged.ts).
import * as z from "zod/mini";
import { Id, Time } from "../field/schema.ts";
import { parseJson } from "../json.ts";

/** What a user deleted for ever, and when. */
export interface PurgedThen {
  user: string;
  kind: "note" | "pad";
  id: string;
  at: Date;
}

/** The JSON form of what users deleted for ever, for the recover function. */
export const PurgedList = z.array(
  z.strictObject({ user: Id, kind: z.enum(["note", "pad"]), id: Id, at: Time }),
);

/** The members that are read here of a request's line, or of one of the job logPurged. */
const Line = z.object({
  time: Time,
  audit: z.object({
    who: Id,
    things: z.array(
      z.object({ thing: z.string(), purged: z.optional(z.literal(true)), at: z.optional(Time) }),
    ),
  }),
});

/**
 * Reads what was deleted for ever from lines of the log.
 * @param lines JSON objects; those without `"purged"` are passed over, and so are incomplete ones
 */
export function purgedIn(lines: Iterable<string>): PurgedThen[] {
  const found: PurgedThen[] = [];
  for (const line of lines) {
    if (!line.includes('"purged"')) continue;
    const { data } = Line.safeParse(parseJson(line));
    if (!data) continue;
    const { time, audit } = data;
    for (const { thing, purged, at = time } of audit.things) {
      const [, kind, id] = /^(note|pad) ([\da-f-]{36})$/.exec(thing) ?? [];
      if (!purged || !kind || !id) continue;
      found.push({ user: audit.who, kind: kind as PurgedThen["kind"], id, at: new Date(at) });
    }
  }
  return found;
}
