// What a note's history says.
import { counted } from "../en.ts";

const words = (n: number) => counted(n, { one: "# word", other: "# words" });
/** Numbers of words that were added and removed. */
const changed = (added: number, removed: number) =>
  removed === 0
    ? `${words(added)} {{ added }}`
    : added === 0
      ? `${words(removed)} {{ removed }}`
      : `${words(added)} {{ added }} and ${removed.toLocaleString("en")} {{ removed }}`;

export const en = {
  history: {
    title: (name: string) => `History: ${name}`,
    versions: (n: number) => counted(n, { one: "# version", other: "# versions" }),
    all: (n: number) => counted(n, { one: "The only version", other: "All # versions" }),
    allUncounted: "All versions",
    toNote: "‹ Note",
    older: "‹ Older",
    newer: "Newer ›",
    restore: "Restore this version",
    restoring: "Restoring makes a new version. Nothing is overwritten.",
    restored: "Restored the version of {{ time }}.",
    same: "The note is already like this version.",
    now: "Now",
    here: "Here",
    merged: "{{ device }}, merged",
    conflict: "{{ device }}, conflict",
    unknownDevice: "Elsewhere",
    import: "Import",
    created: "Created",
    deleted: "Deleted",
    broughtBack: "Restored",
    wentBack: "Restored earlier version",
    wentBackTo: "Restored {{ time }}",
    movedTo: "Moved to {{ pad }}",
    movedAway: "Moved",
    movedOut: "Moved out of its pad",
    kept: "Every version of the last hour; then one a minute for a day, one per ten minutes for 30 days, one a day for three years.",
    on: "{{ time }}, on {{ device }}",
    onUnknown: "{{ time }}, no device known",
    onThis: "{{ time }}, here",
    againstNow: "against now",
    againstBefore: "against the version before",
    since: (added: number, removed: number) => `${changed(added, removed)} since`,
    byThis: (added: number, removed: number) => `${changed(added, removed)} by this version`,
    sameAsNow: "The text is the same now",
    sameAsBefore: "The text is the same as before",
    onlySigns: "Only signs differ",
    first: "This is the first version that is kept.",
    added: "added",
    removed: "removed",
    done: "done",
    unchanged: (n: number) => counted(n, { one: "# line unchanged", other: "# lines unchanged" }),
    unchangedBlocks: (n: number) =>
      counted(n, { one: "# paragraph unchanged", other: "# paragraphs unchanged" }),
    face: "Compare",
    read: "As read",
    markdown: "Markdown",
    onlyMarkdown: "This text can’t be compared as it reads, so its Markdown is.",
    failed: "The history could not be loaded",
    moreFailed: "The older versions could not be loaded.",
    notFound: "This note has no history here",
    notFoundHint:
      "It may be in the trash: the history of what is restored from there is here again. Or the address is wrong.",
    versionFailed: "This version could not be loaded",
    noVersion: "This version is not here",
    noVersionHint:
      "With time, fewer versions are kept. This one may be one that is not, or the address is wrong.",
  },
} as const;
