// Several reads as one, for a page that shows them together. In a transition, Solid does not update a part that reads
// two resources if it read the second one only after that had arrived.

type Loaded<Reads> = { [Name in keyof Reads]: Awaited<Reads[Name]> };

/** All of `reads`, once the last has arrived. @throws the first problem */
export async function loadAll<Reads extends Record<string, Promise<unknown>>>(
  reads: Reads,
): Promise<Loaded<Reads>> {
  const entries = Object.entries(reads).map(async ([name, read]) => [name, await read]);
  return Object.fromEntries(await Promise.all(entries)) as Loaded<Reads>;
}
