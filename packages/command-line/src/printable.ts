// Makes text from elsewhere (names of files, mails, logged errors) safe to print on a terminal.

/** The text with characters that would move the cursor or reverse the text written as escapes. */
export function printable(name: string): string {
  return name.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
