/** What is typed into the palette. */
export interface Typed {
  isEmpty: boolean;
  /** After `>`, actions are found. */
  isAction: boolean;
  /** While a tag is typed, tags are found; with a word after it, the notes that have it. */
  isTag: boolean;
  /** What is searched for in notes. */
  words: string;
  /** What is typed of a name. */
  name: string;
}

export function readTyped(query: string): Typed {
  const isAction = query.startsWith(">");
  const isTag = /^#\S*$/.test(query);
  return {
    isEmpty: query.trim() === "",
    isAction,
    isTag,
    words: isAction || isTag ? "" : query.trim(),
    name: query.replace(/^[>#]/, "").trim(),
  };
}
