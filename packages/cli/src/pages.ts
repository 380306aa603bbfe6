// Lists of the API come in pages.

interface Page {
  nextCursor: string | null;
}

/**
 * The pages of a list, one after the other.
 * @param read asks for the page at a cursor, or for the first one
 */
export async function* pages<Read extends Page>(
  read: (cursor: string | undefined) => Promise<{ json(): Promise<Read> }>,
): AsyncGenerator<Read> {
  let cursor: string | undefined;
  do {
    const page = await (await read(cursor)).json();
    yield page;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
