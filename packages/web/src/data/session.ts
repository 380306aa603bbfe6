// Who is signed in, in this tab and in the browser's others. It decides what happens when a session is lost: the page
// stays, the reader signs in again in a dialog, and what was under way goes on; but only as the same account.

import { connect } from "@notejam/client";
import { isProblem, Problem } from "@notejam/client/problem";
import type { User } from "@notejam/core/account/schema";
import type { SignIn } from "@notejam/core/session/schema";
import { query } from "@solidjs/router";
import { createResource, createRoot, createSignal } from "solid-js";
import { forgetDrafts } from "./draft.ts";
import { discardUnsaved, hasUnsaved } from "./unsaved.ts";
import { waitWhileFull } from "./waiting.ts";

const api = connect({ origin: location.origin, retry: waitWhileFull });

/** What the dialog asks (ui/sign-in-again.tsx). */
export interface SignInAgain {
  who: User;
  /** The account that the browser's other tab signed in with, where that is the reason. */
  other: User | undefined;
  /** Ends the asking. */
  done(signedIn: boolean): void;
}

let asking: Promise<User | null>;
let current: User | null | undefined;
/** Another account that another tab signed in with while something here was not saved. */
let other: User | undefined;

const [resource, { mutate, refetch }] = createRoot(() => createResource(ask));

/** Who is signed in: null a visitor, undefined while it is not known. Throws the problem of finding out. */
export const user = resource;
export { refetch as refetchUser };

/** The id of who is signed in, as a reader's page needs it once. */
export function readerId(): string {
  if (!current) throw new Error("Nobody is signed in.");
  return current.id;
}

const [signInAgain, setSignInAgain] = createSignal<SignInAgain>();

export { signInAgain };

function ask(): Promise<User | null> {
  asking = api.session
    .$get()
    .then(async (response) => (await response.json()).user)
    .catch((thrown) => {
      if (isProblem(thrown, "unauthenticated")) return null;
      throw thrown;
    })
    .then((found) => {
      current = found;
      return found;
    });
  return asking;
}

// --- signing in and out ---------------------------------------------------------------------------------------------

/** @throws Problem `wrong_credentials`, `rate_limited`. */
export async function signIn(input: SignIn): Promise<void> {
  const response = await api.session.$post({ json: input });
  const { user } = await response.json();
  if (current && current.id !== user.id) {
    // Nothing of one account may be seen or saved by another: the page starts afresh.
    discardUnsaved();
    forgetDrafts();
    location.assign("/");
  } else {
    other = undefined;
    become(user);
    doneAsking(true);
  }
  channel.postMessage(user);
}

export async function signOut(): Promise<void> {
  await api.session.$delete();
  leave();
  channel.postMessage(null);
}

/** The session is over: nothing of the account stays in this tab. */
export function leave(): void {
  discardUnsaved();
  forgetDrafts();
  become(null);
}

let signedOut = false;

/** Whether the session ended on purpose: the next one need not begin where this one was. */
export function hasSignedOut(): boolean {
  return signedOut;
}

function become(user: User | null): void {
  signedOut = user === null;
  // What was read, or refused, was another's.
  if (current?.id !== user?.id) query.clear();
  current = user;
  mutate(user);
}

// --- a session that is lost -----------------------------------------------------------------------------------------

/** The requests that wait for the reader to have signed in again. */
const waiting: ((signedIn: boolean) => void)[] = [];

/**
 * Has the reader sign in again, once for all requests that wait for it. False: there was no session to lose, or the
 * reader would not.
 */
export async function signedInAgain(): Promise<boolean> {
  await asking.catch(() => null);
  const who = current;
  if (!who) return false;
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (!signInAgain()) setSignInAgain({ who, other, done: doneAsking });
  });
}

function doneAsking(signedIn: boolean): void {
  setSignInAgain(undefined);
  for (const goOn of waiting.splice(0)) goOn(signedIn);
}

/** Keeps one account's text from being sent as another's. @throws Problem `unauthenticated` */
export async function sameAccount(): Promise<void> {
  if (other && !(await signedInAgain())) throw new Problem("unauthenticated");
}

// --- the browser's other tabs, and its memory -----------------------------------------------------------------------

// A page that comes back out of the browser's memory has heard of nothing that happened since.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

const channel = new BroadcastChannel("notejam:session");
channel.onmessage = ({ data: next }: MessageEvent<User | null>) => {
  if (!current) {
    if (next) become(next);
  } else if (next?.id === current.id) {
    other = undefined;
    doneAsking(true);
  } else if (hasUnsaved()) {
    other = next ?? undefined;
  } else if (next) {
    location.reload();
  } else {
    leave();
  }
};
