// A user of the load test: an account with one session, and a pad with its notes. It knows which version of each note the service has
// acknowledged, and what text each version has.
import { randomBytes, randomUUID } from "node:crypto";

/** Notes that a user has when the traffic begins. */
export const NOTES_AT_FIRST = 3;
/** Lines of a note at most; a line has 66 bytes. */
const LINES_MAX = 60;

export interface KeptNote {
  id: string;
  /** A word that each version of its text has, and no other note. */
  word: string;
  lines: number;
  /** The newest version that was sent, and the newest that the service acknowledged; 0: none. */
  sent: number;
  acknowledged: number;
  /** No change of it is under way, or was left without an answer: the next version is known. */
  isFree: boolean;
}

export interface User {
  email: string;
  password: string;
  cookies: Map<string, string>;
  padId: string;
  notes: KeptNote[];
  /** Whether there may be an account, and its pad. */
  hasAccount: boolean;
  hasPad: boolean;
}

/** @param run tells the users of one load test from those of others */
export function newUser(run: string, nth: number): User {
  return {
    // The domain is nobody's (RFC 2606).
    email: `load-${run}-${nth}@example.com`,
    password: randomBytes(16).toString("base64url"),
    cookies: new Map(),
    padId: randomUUID(),
    notes: [],
    hasAccount: false,
    hasPad: false,
  };
}

/** @param pick how long it is, counted around */
export function newNote(pick: number): KeptNote {
  return {
    id: randomUUID(),
    word: `load${randomBytes(6).toString("hex")}`,
    lines: 1 + (pick % LINES_MAX),
    sent: 0,
    acknowledged: 0,
    isFree: false,
  };
}

/** The text that a version of a note has. */
export function textOf({ word, lines }: KeptNote, version: number): string {
  return `${word}, version ${version}\n${"A load test wrote this line: שלום 🙂 你好, and no more.\n".repeat(lines)}`;
}

/** Notes of which the service has a state. */
export function acknowledgedNotes({ notes }: User): KeptNote[] {
  return notes.filter((note) => note.acknowledged > 0);
}

/** Picks one. @throws Error if there is none */
export function one<T>(all: readonly T[], pick: number): T {
  const found = all[pick % all.length];
  if (found === undefined) throw new Error("There is nothing to pick from.");
  return found;
}
