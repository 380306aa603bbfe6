// What comes from elsewhere (names of files, mails, logged errors) on its way to a terminal.

/** A text from a file system, a user or a service, fit to be printed: what moves the cursor or turns the text is shown, not obeyed. */
export function printable(name: string): string {
  return name.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
