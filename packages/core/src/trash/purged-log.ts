// What was deleted for ever, as the lines of the log have it: a database that is restored from a backup deletes it again.
import * as z from "zod/mini";
import { Id, Time } from "../field/schema.ts";

/** What a user deleted for ever, and when. */
export interface PurgedThen {
  user: string;
  kind: "note" | "pad";
  id: string;
  at: Date;
}

/** What a database that was restored is given, as JSON. */
export const PurgedList = z.array(
  z.strictObject({ user: Id, kind: z.enum(["note", "pad"]), id: Id, at: Time }),
);

/** A change's line, in the members that tell of what was deleted for ever. */
const Line = z.object({
  time: Time,
  audit: z.object({
    who: Id,
    things: z.array(z.object({ thing: z.string(), purged: z.optional(z.literal(true)) })),
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
    const { data } = Line.safeParse(parsed(line));
    if (!data) continue;
    const { time, audit } = data;
    for (const { thing, purged } of audit.things) {
      const [, kind, id] = /^(note|pad) ([\da-f-]{36})$/.exec(thing) ?? [];
      if (!purged || !kind || !id) continue;
      found.push({ user: audit.who, kind: kind as PurgedThen["kind"], id, at: new Date(time) });
    }
  }
  return found;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
