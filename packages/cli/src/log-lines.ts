// Reads what the service's log says of notes: the newest link of each (core's chain.ts), and what was deleted for ever.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type PurgedThen, purgedIn } from "@notejam/core/trash/purged-log";
import * as z from "zod/mini";

const Line = z.object({
  audit: z.object({
    things: z.array(
      z.object({ thing: z.string(), version: z.optional(z.int()), link: z.optional(z.string()) }),
    ),
  }),
});

/** What the log has of a note's newest state. */
export interface LoggedState {
  version: number;
  /** More than one if requests found different ones: then it was changed in place. */
  links: string[];
}

export interface Logged {
  /** By a note's id. */
  links: Map<string, LoggedState>;
  purged: PurgedThen[];
}

/**
 * @param path of a file with a JSON object a line, in the order of time; other lines are passed over
 * @throws the system's error if it can't be read
 */
export async function readLog(path: string): Promise<Logged> {
  const logged: Logged = { links: new Map(), purged: [] };
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    logged.purged.push(...purgedIn([line]));
    for (const { thing, version, link } of thingsIn(line)) {
      const id = /^note (.+)$/.exec(thing)?.[1];
      if (id && version && link) add(logged.links, id, version, link);
    }
  }
  return logged;
}

function add(all: Logged["links"], id: string, version: number, link: string): void {
  const known = all.get(id);
  if (!known || version > known.version) all.set(id, { version, links: [link] });
  else if (version === known.version && !known.links.includes(link)) known.links.push(link);
}

function thingsIn(line: string): z.infer<typeof Line>["audit"]["things"] {
  if (!line.includes('"link"')) return [];
  try {
    return Line.safeParse(JSON.parse(line)).data?.audit.things ?? [];
  } catch {
    return [];
  }
}
