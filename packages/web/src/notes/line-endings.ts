// A textarea has one kind of line ending. A note may have others, for example from a file, and keeps them: saving it
// changes only what was typed.

/** `text` with the line endings of a textarea. */
export function intoTextarea(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** What was typed, with the line endings of `original` if all of its lines end in the same way. */
export function outOfTextarea(typed: string, original: string): string {
  if (typed === intoTextarea(original)) return original;
  const isAllCrLf = /\r\n/.test(original) && !/\r(?!\n)|(?<!\r)\n/.test(original);
  return isAllCrLf ? typed.replaceAll("\n", "\r\n") : typed;
}
