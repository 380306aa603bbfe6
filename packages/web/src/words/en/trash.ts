// What the trash says.
import { counted, en as first } from "../en.ts";

export const en = {
  trash: {
    lead: "What you delete stays here for three years, and can be searched and restored. A pad brings back the notes that went with it. To see all of it as it was:",
    asOf: "notes as of …",
    search: "Search the trash",
    deleted: "Deleted {{ time }}",
    until: "Recoverable until {{ day }}",
    restore: "Restore",
    restoreOne: "Restore “{{ name }}”",
    forever: "Delete forever",
    foreverOne: "Delete forever “{{ name }}”",
    hint: "To delete forever asks for your password. Backups hold it until {{ day }}.",
    padOf: (n: number) => `Pad with ${first.list.notes(n)}`,
    restored: "Restored “{{ name }}”.",
    restoredPad: (name: string, n: number) =>
      n === 0 ? `Restored ${name}.` : `Restored ${name} and its ${first.list.notes(n)}.`,
    gone: "It is not in the trash any more.",
    empty: "The trash is empty",
    emptyHint: "Notes and pads that you delete are here for three years.",
    noMatch: "Nothing in the trash matches “{{ q }}”",
    clear: "All of the trash",
    failed: "The trash could not be loaded",
    moreFailed: "The rest of the trash could not be loaded.",
    padTitle: "A pad in the trash",
    padLead: "These notes come back with their pad. One that is restored without it is in no pad.",
    padEmpty: "No notes went with this pad",
    restorePad: "Restore the pad",
    noSuchPad: "This pad is not in the trash",
    noSuchPadHint: "It may have been restored or deleted forever, or the address is wrong.",
  },
  missingPad: {
    title: "Its pad is in the trash too",
    text: "“{{ name }}” was in a pad that was deleted.",
    isGone: "Its pad is not there any more.",
    withPad: "Restore the pad too",
    withoutPad: "Restore without a pad",
  },
  forever: {
    title: "Delete “{{ name }}” forever?",
    note: "All its versions go too, and nobody can bring them back here.",
    pad: (n: number) =>
      n === 0
        ? "Nobody can bring it back here."
        : `Its ${first.list.notes(n)} and all their versions go too, and nobody can bring them back here.`,
    backups: "Backups hold it until {{ day }}.",
    remaining: (n: number) =>
      counted(n, { one: "# note is left to delete", other: "# notes are left to delete" }),
    done: "Deleted “{{ name }}” forever.",
  },
} as const;
