// Every text of the web app, by key. Another language is another file of this shape. A text with values has `{{ name }}`;
// one that depends on a number is a function, since languages differ in their plurals.

const rules = new Intl.PluralRules("en");

/** The form of a text for a number: `counted(1, { one: "# note", other: "# notes" })` is `1 note`. */
function counted(n: number, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }): string {
  return (forms[rules.select(n)] ?? forms.other).replace("#", n.toLocaleString("en"));
}

const notes = (n: number) => counted(n, { one: "# note", other: "# notes" });

function duration(seconds: number): string {
  if (seconds < 60) return counted(seconds, { one: "# second", other: "# seconds" });
  return counted(Math.ceil(seconds / 60), { one: "# minute", other: "# minutes" });
}

export const en = {
  app: {
    home: "Notejam, all notes",
    skip: "To the text",
    places: "Places",
    main: "Main",
    settings: "Settings",
    signOut: "Sign out",
    loading: "Loading",
    more: "More",
    tryAgain: "Try again",
    cancel: "Cancel",
    reload: "Reload",
    undo: "Undo",
  },
  theme: { label: "Theme", auto: "As the system", light: "Light", dark: "Dark" },
  list: {
    label: "List",
    all: "All notes",
    newNote: "New note",
    search: "Search notes",
    pads: "Pads",
    nothing: "Nothing here yet",
    firstHint: "Write something, in Markdown or plain. What is saved is never overwritten by an older text.",
    first: "Write the first note",
    emptyPad: "No notes in this pad",
    noMatch: "No notes match “{{ q }}”",
    noMatchHint: "Names and texts were searched.",
    clear: "All notes",
    failed: "Your notes could not be loaded",
    moreFailed: "The next notes could not be loaded",
    order: "Order",
    byNewest: "Last changed first",
    byOldest: "First changed first",
    byNameUp: "Name, A to Z",
    byNameDown: "Name, Z to A",
    notes,
  },
  days: { today: "Today", yesterday: "Yesterday", lastWeek: "Last week" },
  note: {
    label: "Note",
    back: "‹ Notes",
    edit: "Edit",
    delete: "Delete",
    changedBefore: "Changed",
    words: (n: number) => counted(n, { one: "# word", other: "# words" }),
    noneHint: "Choose a note in the list, or write a new one.",
    failed: "This note could not be loaded",
    notFound: "This note is not here",
    notFoundHint: "It may have been deleted, or the address is wrong.",
    deleted: "Deleted “{{ name }}”.",
    restored: "“{{ name }}” is back.",
    notRestored: "“{{ name }}” could not be brought back. {{ reason }}",
    plain: "This note can’t be shown as Markdown, so you see its plain text. Nothing is missing.",
  },
  pad: {
    mine: "My pads",
    new: "New pad",
    name: "Name of the pad",
    create: "Create",
    rename: "Rename pad",
    save: "Save",
    delete: "Delete pad",
    notFound: "This pad is not here",
    notFoundHint: "It may have been deleted, or the address is wrong.",
    deleted: (name: string, n: number) => (n === 0 ? `Deleted ${name}.` : `Deleted ${name} and ${notes(n)}.`),
    none: "No pad",
    renamedElsewhere: "Renamed to “{{ name }}” elsewhere. Save again to use this name.",
  },
  error: {
    title: "This page could not be shown",
    crashed: "Its code did not load. Notejam may have been updated. Nothing is lost: what you wrote is kept.",
    notFound: "Not found",
    notFoundHint: "This page does not exist. It may have been deleted, or the address is wrong.",
  },
  settings: {
    appearance: "Appearance",
    password: "Password",
    sessions: "Sessions",
    thisBrowser: "This browser",
    since: "since",
    end: "End",
  },
  network: {
    offline: "You are offline. What you write is kept here until it can be saved.",
    busy: "The service is busy. Trying again",
    in: "in {{ seconds }} s",
    now: "Try now",
  },
  problem: {
    offline: "You are offline.",
    unreachable: "The service does not answer.",
    busy: "The service is busy.",
    signedOut: "You are signed out.",
    internal: "Something went wrong in the service.",
    internalAs: "Something went wrong in the service. If it lasts, tell us {{ id }}.",
    tooMany: (seconds: number) => `Too many attempts. Try again in ${duration(seconds)}.`,
  },
} as const;
