// Reads what the service's log says of notes: the newest link of each (core's chain.ts), and what was deleted for ever.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type PurgedThen, purgedIn } from "@notejam/core/trash/purged-log";
import * as z from "zod/mini";

const Line = z.object({
  links: z.array(z.object({ thing: z.string(), version: z.int(), link: z.string() })),
});

export interface Logged {
  /** By a note's id. */
  links: Map<string, { version: number; link: string }>;
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
    for (const { thing, version, link } of linksIn(line)) {
      const id = /^note (.+)$/.exec(thing)?.[1];
      if (id && version >= (logged.links.get(id)?.version ?? 0)) logged.links.set(id, { version, link });
    }
  }
  return logged;
}

function linksIn(line: string): z.infer<typeof Line>["links"] {
  if (!line.includes('"links"')) return [];
  try {
    return Line.safeParse(JSON.parse(line)).data?.links ?? [];
  } catch {
    return [];
  }
}
