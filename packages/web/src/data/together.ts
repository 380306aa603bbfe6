// Several reads as one. A page waits for all that it shows in one place: in a transition, Solid does not wake a reader
// of two resources that looked at the second only after it had come.

/** All of `reads`, when the last has come; the first problem, where there is one. */
export async function together<Reads extends Record<string, Promise<unknown>>>(
  reads: Reads,
): Promise<{ [Name in keyof Reads]: Awaited<Reads[Name]> }> {
  const names = Object.keys(reads);
  const values = await Promise.all(Object.values(reads));
  return Object.fromEntries(names.map((name, index) => [name, values[index]])) as never;
}
