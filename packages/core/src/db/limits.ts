// The limit of a change. It needs no database, so a page reads it without loading any.

/** Things in one change: more would make the statement too long, and hold its locks too long. */
export const CHANGED_TOGETHER_MAX = 100;
