// Who is signed in, in this tab and in the browser's other tabs. It decides what happens when a session is lost: the page
// stays, the user signs in again in a dialog, and pending calls go on, but only as the same user.
import { connect } from "@notejam/client";
import { isProblem, Problem } from "@notejam/client/problem";
import type { User } from "@notejam/core/account/schema";
import type { SignIn } from "@notejam/core/session/schema";
import { query } from "@solidjs/router";
import { createResource, createRoot, createSignal } from "solid-js";
import { SIGNED_OUT_PAGES } from "./signed-out-pages.ts";
import { store, stored } from "./stored.ts";
import { discardUnsaved, hasUnsaved } from "./unsaved.ts";
import { waitWhileFull } from "./waiting.ts";

const api = connect({ origin: location.origin, retry: waitWhileFull });

/** What the dialog shows (account/sign-in-again.tsx). */
export interface SignInAgain {
  user: User;
  /** The user who signed in from another tab, if that is the reason. */
  other: User | undefined;
  /** Closes the dialog. */
  done(signedIn: boolean): void;
}

/** Remembers that somebody signed in here. */
const REMEMBERED = "notejam:signed-in";

let fetching: Promise<User | null>;
let current: User | null | undefined;
/** The user who signed in from another tab while this one had unsaved text. */
let other: User | undefined;

const [resource, { mutate, refetch }] = createRoot(() => createResource(fetchUser));

/** Who is signed in: null if nobody, undefined while it is not known. @throws Problem if finding out failed */
export const user = resource;
export { refetch as refetchUser };

/** The id of who is signed in, for pages that need a session. */
export function userId(): string {
  if (!current) throw new Error("No user is signed in");
  return current.id;
}

const [signInAgain, setSignInAgain] = createSignal<SignInAgain>();

export { signInAgain };

function fetchUser(): Promise<User | null> {
  fetching = askWho().then((found) => {
    current = found;
    remember(found);
    return found;
  });
  return fetching;
}

async function askWho(): Promise<User | null> {
  if (!mayBeSignedIn()) return null;
  try {
    return (await (await api.session.$get()).json()).user;
  } catch (thrown) {
    if (isProblem(thrown, "unauthenticated")) return null;
    throw thrown;
  }
}

/**
 * A page for users who are signed out asks who is signed in only if somebody has signed in here before. Otherwise the answer would
 * be an error in the console of each visitor.
 */
function mayBeSignedIn(): boolean {
  // Where storage is blocked, each page asks.
  return !SIGNED_OUT_PAGES.includes(location.pathname) || stored(REMEMBERED) !== null;
}

function remember(user: User | null): void {
  store(REMEMBERED, user && "yes");
}

// --- signing in and out ---------------------------------------------------------------------------------------------

/** @throws Problem `wrong_credentials`, `rate_limited`. */
export async function signIn(input: SignIn): Promise<void> {
  const response = await api.session.$post({ json: input });
  signedInAs((await response.json()).user);
}

/** Goes on, in all tabs, as the user for whom a session was opened. */
export function signedInAs(user: User): void {
  if (current && current.id !== user.id) {
    // Another user must not see or save this one's text, so the page starts over. What this one wrote stays kept for them.
    location.assign("/");
  } else {
    other = undefined;
    setUser(user);
    finishSignInAgain(true);
  }
  channel.postMessage(user);
}

export async function signOut(): Promise<void> {
  await api.session.$delete();
  leave();
  channel.postMessage(null);
}

/** Ends the session in this tab, and removes everything of the user from it. */
export function leave(): void {
  discardUnsaved();
  if (current) void removeDrafts(current.id);
  setUser(null);
}

/** Removes what the user wrote and did not save. */
async function removeDrafts(userId: string): Promise<void> {
  const { removeDraftsOf } = await import("./drafts.ts");
  await removeDraftsOf(userId);
}

const forgetting: (() => void)[] = [];

/** Registers a function that forgets a user's answers as soon as somebody else, or nobody, is signed in. */
export function onOtherUser(forget: () => void): void {
  forgetting.push(forget);
}

let signedOut = false;

/** Whether the user signed out: then the next session starts at home, not on this page. */
export function hasSignedOut(): boolean {
  return signedOut;
}

function setUser(user: User | null): void {
  signedOut = user === null;
  // Earlier answers belong to another user.
  if (current?.id !== user?.id) {
    query.clear();
    for (const forget of forgetting) forget();
  }
  current = user;
  remember(user);
  mutate(user);
}

// --- a lost session -------------------------------------------------------------------------------------------------

/** The calls that wait until the user has signed in again. */
const waiting: ((signedIn: boolean) => void)[] = [];

/**
 * Asks the user to sign in again, once for all waiting calls. Resolves to false if there was no session, or the user
 * cancels.
 */
export async function signedInAgain(): Promise<boolean> {
  await fetching.catch(() => null);
  const user = current;
  if (!user) return false;
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (!signInAgain()) setSignInAgain({ user, other, done: finishSignInAgain });
  });
}

function finishSignInAgain(signedIn: boolean): void {
  setSignInAgain(undefined);
  for (const resolve of waiting.splice(0)) resolve(signedIn);
}

/** Prevents that a user's text is sent as another user. @throws Problem `unauthenticated` */
export async function sameAccount(): Promise<void> {
  if (other && !(await signedInAgain())) throw new Problem("unauthenticated");
}

// --- other tabs, and pages from the back/forward cache --------------------------------------------------------------

// A page from the back/forward cache missed what happened since then.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

const channel = new BroadcastChannel("notejam:session");
channel.onmessage = ({ data: next }: MessageEvent<User | null>) => {
  if (!current) {
    if (next) setUser(next);
  } else if (next?.id === current.id) {
    other = undefined;
    finishSignInAgain(true);
  } else if (hasUnsaved()) {
    other = next ?? undefined;
  } else if (next) {
    location.reload();
  } else {
    leave();
  }
};
