// What is said of notes, where one is open or changed.
import { counted } from "../en.ts";

export const en = {
  note: {
    label: "Note",
    unnamed: "Unnamed",
    back: "‹ Notes",
    edit: "Edit",
    pin: "Pin",
    unpin: "Unpin",
    archive: "Archive",
    unarchive: "Take out of the archive",
    archived: "Archived {{ what }}.",
    unarchived: "Took {{ what }} out of the archive.",
    move: "Move",
    movedTo: "Moved {{ what }} to {{ pad }}.",
    linkedFrom: "Linked from",
    task: "Task",
    done: "Done",
    toDo: "To do",
    contents: "In this note",
    notTicked: "This task can’t be ticked here. Edit the note.",
    changedElsewhere: "This note was changed elsewhere. It is shown as it is now.",
    delete: "Delete",
    changedBefore: "Changed",
    words: (n: number) => counted(n, { one: "# word", other: "# words" }),
    failed: "This note could not be loaded",
    notFound: "This note is not here",
    notFoundHint: "It may have been deleted, or the address is wrong.",
    deleted: "Deleted {{ what }}.",
    plain: "This note can't be shown as Markdown, so you see its plain text. Nothing is missing.",
  },
} as const;
