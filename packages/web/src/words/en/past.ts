// What the time machine says.
import { en as first } from "../en.ts";

const of = (done: number, total: number) => `${done.toLocaleString("en")} of ${first.list.notes(total)}`;

export const en = {
  past: {
    title: (time: string) => `Notes as of ${time}`,
    label: "Time machine",
    asOf: "Notes as of",
    at: "Date and time",
    date: "Date",
    earlier: "A day earlier",
    later: "A day later",
    backToNow: "Back to now",
    pad: "Pad",
    select: "Select",
    reading: "Choose a note in the list to read it as it was.",
    stood: "As it stood {{ time }}",
    restore: "Restore this note",
    restored: "Restored “{{ name }}” as it was.",
    same: "It is the same now.",
    compare: "Compare with now",
    empty: "No notes then",
    emptyPad: "Choose another time.",
    emptyEver: "There is no note yet.",
    firstNote: "Your first note is of {{ day }}.",
    goTo: "Go to {{ day }}",
    failed: "The notes of that time could not be loaded",
    moreFailed: "The rest of them could not be loaded.",
    wrongTime: "There are no notes of this time",
    range: "Choose a time from {{ from }}, when the account was made, until now.",
    noNote: "This note was not there then",
    noNoteHint: "It was written later or was in the trash, or the address is wrong.",
    toNotes: "‹ Notes",
  },
  restoreAll: {
    action: "Restore all …",
    title: (time: string) => `Restore all notes as of ${time}?`,
    text: (total: number | undefined) =>
      total === 1
        ? "If the note has changed since, or was deleted, it gets what it had then as a new version. Nothing is overwritten: what was written since stays in its history."
        : `${total === undefined ? "Those" : `Of the ${first.list.notes(total)}, those`} that have changed since, or were deleted, get what they had then as new versions. Nothing is overwritten: what was written since stays in their histories.`,
    yes: "Restore all",
    reading: "Looking for what differs.",
    going: (done: number, total: number) => `Restored ${of(done, total)}.`,
    stopped: (done: number, total: number) => `Stopped. Restored ${of(done, total)}.`,
    failed: (done: number, total: number) => `Restored ${of(done, total)}, then it ended:`,
    done: (n: number) => (n === 0 ? "All notes are as they were." : `Restored ${first.list.notes(n)}.`),
    stop: "Stop",
    goOn: "Go on",
  },
  restoreSome: {
    action: "Restore …",
    title: (n: number, time: string) => `Restore ${first.list.notes(n)} as of ${time}?`,
    yes: "Restore",
  },
} as const;
