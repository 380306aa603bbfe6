// Several reads as one. A page waits for all that it shows in one place: in a transition, Solid does not wake a reader
// of two resources that looked at the second only after it had come.

type Together<Reads> = { [Name in keyof Reads]: Awaited<Reads[Name]> };

/** All of `reads`, when the last has come; the first problem, where there is one. */
export async function together<Reads extends Record<string, Promise<unknown>>>(
  reads: Reads,
): Promise<Together<Reads>> {
  const entries = Object.entries(reads).map(async ([name, read]) => [name, await read]);
  return Object.fromEntries(await Promise.all(entries)) as Together<Reads>;
}
