// A textarea has one kind of line ending. A note may have others, from a file say, and keeps them: opening and saving
// it changes only what was typed.

/** `text` as a textarea holds it. */
export function intoTextarea(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** What was typed, with the line endings of `original` where all of its lines end alike. */
export function outOfTextarea(typed: string, original: string): string {
  if (typed === intoTextarea(original)) return original;
  const isAllCrLf = /\r\n/.test(original) && !/\r(?!\n)|(?<!\r)\n/.test(original);
  return isAllCrLf ? typed.replaceAll("\n", "\r\n") : typed;
}
