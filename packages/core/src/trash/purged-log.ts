// What was deleted for ever, as the lines of the log have it: a database that is restored from a backup deletes it again.
import * as z from "zod/mini";
import type { Purged } from "../db/calls.ts";
import { Id, Time } from "../field/schema.ts";

/** What was deleted for ever, and when. */
export interface PurgedThen extends Purged {
  at: Date;
}

const thing = { user: Id, kind: z.enum(["note", "pad"]), id: Id };
const Line = z.object({ time: Time, purged: z.array(z.object(thing)) });

/** The same, as JSON: what a database that was restored is given. */
export const PurgedList = z.array(z.strictObject({ ...thing, at: Time }));

/**
 * Reads what was deleted for ever from lines of the log.
 * @param lines JSON objects; those without `purged` are passed over, and so are incomplete ones
 */
export function purgedIn(lines: Iterable<string>): PurgedThen[] {
  const found: PurgedThen[] = [];
  for (const line of lines) {
    if (!line.includes('"purged"')) continue;
    const { data } = Line.safeParse(parsed(line));
    if (data) found.push(...data.purged.map((one) => ({ ...one, at: new Date(data.time) })));
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
