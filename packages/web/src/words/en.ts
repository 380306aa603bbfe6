// The texts of the web app that the first page says, by key; those of other parts are in en/, and load with them. A text with
// values has `{{ name }}`; one that depends on a number is a function, since languages differ in their plurals.
import type { Code } from "@notejam/client/problem";

const rules = new Intl.PluralRules("en");

/** The form of a text for a number: `counted(1, { one: "# note", other: "# notes" })` is `1 note`. */
export function counted(
  n: number,
  forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string },
): string {
  return (forms[rules.select(n)] ?? forms.other).replace("#", n.toLocaleString("en"));
}

const notes = (n: number) => counted(n, { one: "# note", other: "# notes" });

function duration(seconds: number): string {
  if (seconds < 60) return counted(seconds, { one: "# second", other: "# seconds" });
  return counted(Math.ceil(seconds / 60), { one: "# minute", other: "# minutes" });
}

/** What this page sent is not what the service takes. */
const outdated = "This page and the service don’t fit together. Reload the page.";

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
    close: "Close",
    find: "Find",
  },
  list: {
    label: "List",
    all: "All notes",
    pinned: "Pinned",
    archive: "Archive",
    trash: "Trash",
    asOf: "Notes as of …",
    tags: "Tags",
    tagsIn: "Tags in {{ name }}",
    newNote: "New note",
    search: "Search notes",
    pads: "Pads",
    nothing: "Nothing here yet",
    firstHint: "Write something, in Markdown or plain. What is saved is never overwritten by an older text.",
    first: "Write the first note",
    emptyPad: "No notes in this pad",
    emptyTag: "No notes with this tag",
    emptyPinned: "No pinned notes",
    emptyPinnedHint: "Pin a note to keep it at the top of its lists.",
    emptyArchive: "No archived notes",
    emptyArchiveHint: "Archive what you want to keep and not see.",
    noMatch: "No notes match “{{ q }}”",
    noMatchHint: "Names and texts were searched.",
    failed: "Your notes could not be loaded",
    moreFailed: "The next notes could not be loaded.",
    quoted: "“{{ name }}”",
    selectOne: "Select “{{ name }}”",
    keptHere: "Kept here",
    notes,
    found: (n: number) => `${n.toLocaleString("en")} found`,
  },
  days: { today: "Today", yesterday: "Yesterday", lastWeek: "Last week" },
  noNote: { label: "Note", hint: "Choose a note in the list, or write a new one." },
  pad: {
    mine: "My pads",
    new: "New pad",
    notFound: "This pad is not here",
    notFoundHint: "It may have been deleted, or the address is wrong.",
    none: "No pad",
  },
  error: {
    title: "This page could not be shown",
    crashed: "Its code did not load. Notejam may have been updated. Nothing is lost: what you wrote is kept.",
    notFound: "Not found",
    notFoundHint: "This page does not exist. It may have been deleted, or the address is wrong.",
  },
  signOut: {
    failed: "Not signed out",
    still: "You are still signed in.",
    unsaved: "Leave without saving?",
    unsavedHint: "Your changes are not saved.",
    leave: "Leave",
    stay: "Stay",
  },
  network: {
    offline: "You are offline. What you write is kept here until it can be saved.",
    busy: "The service is busy. Trying again",
    in: "in {{ seconds }} s",
    now: "Try now",
  },
  offline: "You are offline.",
  internalAs: "Something went wrong in the service. If it lasts, tell us {{ id }}.",
  wroteTooMuch: (seconds: number) =>
    `This account has written as much as it can in an hour. Try again in ${duration(seconds)}.`,
  /** By the code of a problem. */
  problem: {
    malformed: outdated,
    unauthenticated: "You are signed out.",
    wrong_credentials: "Wrong email or password",
    forbidden_origin: outdated,
    not_found: "It is not here. It may have been deleted.",
    conflict: "It was changed or deleted elsewhere.",
    email_taken: "User with this email is already signed up",
    too_many_pads: "An account can have at most {{ limit }} pads, including those in the trash",
    quota_exceeded: "The account has as many notes, or as much text, as it can have, with the trash",
    version_mismatch: "It was changed elsewhere.",
    too_large: "It is too large.",
    unsupported_media_type: outdated,
    invalid_input: "The service does not accept this.",
    version_required: outdated,
    rate_limited: (seconds: number) => `Too many attempts. Try again in ${duration(seconds)}.`,
    internal: "Something went wrong in the service.",
    unavailable: "The service is busy.",
    unreachable: "The service does not answer.",
  } satisfies Record<Code, unknown>,
} as const;
