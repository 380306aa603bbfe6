// The steps of the smoke test, in their order: what a user does, and what must come of it.
import { randomBytes, randomUUID } from "node:crypto";
import { ifMatch } from "@notejam/client";
import { API_HEADERS } from "@notejam/functions/web-headers";
import { expectHeaders, expectRefusal, expectThat, Skipped } from "../visitor/expectation.ts";
import type { Visitor } from "../visitor/visitor.ts";
import { tokenMailedTo } from "./mailbox.ts";
import { checkFiles, checkPage } from "./page.ts";

/** One walk through the product: the user, and what the user has made so far. */
export interface Walk {
  visitor: Visitor;
  email: string;
  password: string;
  /** Where mails can be read, or why they can't. */
  mailbox: { url: string } | { missing: string };
  note: { id: string; word: string; written: string; changed: string };
  /** Whether there may be an account, and a note of it. */
  hasAccount: boolean;
  hasNote: boolean;
}

export interface Step {
  /** What a user does, in a few words. */
  name: string;
  /**
   * @param signal ends it
   * @throws Unexpected, Skipped, Problem
   */
  run(walk: Walk, signal: AbortSignal): Promise<void>;
}

/** @param domain of the account's email */
export function newWalk(visitor: Visitor, mailbox: Walk["mailbox"], domain: string): Walk {
  const word = `smoke${randomBytes(6).toString("hex")}`;
  return {
    visitor,
    email: `smoke-${randomBytes(8).toString("hex")}@${domain}`,
    password: randomBytes(16).toString("base64url"),
    mailbox,
    note: {
      id: randomUUID(),
      word,
      written: `A smoke test wrote ${word}: שלום 🙂\n`,
      changed: `A smoke test changed ${word}: 你好 🙃\n`,
    },
    hasAccount: false,
    hasNote: false,
  };
}

export const STEPS: readonly Step[] = [
  { name: "open the page", run: ({ visitor }) => checkPage(visitor) },
  { name: "load its files", run: ({ visitor }) => checkFiles(visitor) },
  { name: "reach the API", run: reachApi },
  { name: "be refused from another site", run: beRefused },
  { name: "sign up", run: signUp },
  { name: "sign in", run: signIn },
  { name: "write", run: write },
  { name: "find", run: find },
  { name: "change", run: change },
  { name: "read the history", run: readHistory },
  { name: "delete", run: remove },
  { name: "restore", run: restore },
  { name: "delete for ever", run: deleteForEver },
  { name: "reset the password", run: resetPassword },
  { name: "sign out", run: signOut },
];

async function reachApi({ visitor }: Walk) {
  const health = await visitor.api.health.$get();
  const { status } = await health.json().catch(() => ({ status: undefined }));
  expectThat(status === "ok", "the API's health to be ok", "something else came");
  expectHeaders(health, API_HEADERS);
  // An error page in place of the API's own answer would come here.
  await expectRefusal("unauthenticated", "nobody to be signed in", () => visitor.api.session.$get());
  const refusal = visitor.last?.requestId;
  expectThat(refusal !== undefined, "the id of the request in x-request-id", "it is missing");
}

async function beRefused({ visitor, email, password }: Walk) {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json", origin: "https://elsewhere.example" },
    body: JSON.stringify({ email, password }),
  };
  const sent = () => visitor.fetch("/api/session", init);
  await expectRefusal("forbidden_origin", "a change from another site's page to be refused", sent);
}

async function signUp(walk: Walk) {
  const { visitor, email, password } = walk;
  walk.hasAccount = true;
  const { user } = await (await visitor.api.users.$post({ json: { email, password } })).json();
  expectThat(user?.email === email, `an account of ${email}`, "another account was answered");
  expectSessionCookie(visitor);
}

async function signIn({ visitor, email, password }: Walk) {
  await visitor.api.session.$post({ json: { email, password } });
  expectSessionCookie(visitor);
  const { user } = await (await visitor.api.session.$get()).json();
  expectThat(user?.email === email, `${email} to be signed in`, "another user is");
}

/** The last answer has opened a session. */
function expectSessionCookie(visitor: Visitor) {
  const isSecure = visitor.origin.startsWith("https:");
  const name = isSecure ? "__Host-notejam" : "notejam";
  const cookie = visitor.last?.cookies.find((line) => line.startsWith(`${name}=`));
  const has = (attribute: string) => new RegExp(`;\\s*${attribute}\\s*(;|$)`, "i").test(cookie ?? "");
  const isKept = has("HttpOnly") && has("SameSite=Lax") && (has("Secure") || !isSecure);
  const attributes = `HttpOnly${isSecure ? ", Secure" : ""} and SameSite=Lax`;
  const got = cookie === undefined ? "no such cookie was set" : "it is not";
  expectThat(isKept, `the cookie ${name} to be ${attributes}`, got);
}

async function write(walk: Walk) {
  const { visitor, note } = walk;
  const { id, written: text } = note;
  walk.hasNote = true;
  await visitor.api.notes.$post({ json: { id, name: "Smoke test", text } });
  await expectNote(walk, 1, text);
}

/** The note is there, in this version and with this text. */
async function expectNote({ visitor, note: { id } }: Walk, version: number, text: string) {
  const { note } = await (await visitor.api.notes[":id"].$get({ param: { id } })).json();
  expectThat(note?.version === version, `version ${version} of the note`, `it is ${note?.version}`);
  expectThat(note.text === text, "the text that was written", "it differs");
}

async function find({ visitor, note: { id, word } }: Walk) {
  const { found } = await (await visitor.api.search.$get({ query: { q: word } })).json();
  const count = found?.length ?? 0;
  const isFound = count === 1 && found[0]?.id === id;
  const got = count === 1 ? "another note was found" : `${count} notes were found`;
  expectThat(isFound, `the note, and no other, among what "${word}" finds`, got);
}

async function change(walk: Walk) {
  const { visitor, note } = walk;
  const save = (text: string) =>
    visitor.api.notes[":id"].$patch({ param: { id: note.id }, header: ifMatch(1), json: { text } });
  await save(note.changed);
  await expectNote(walk, 2, note.changed);
  await expectRefusal("version_mismatch", "a change of a version that is gone to be refused", () =>
    save(note.written),
  );
  await expectNote(walk, 2, note.changed);
}

async function readHistory({ visitor, note }: Walk) {
  const param = { id: note.id };
  const page = await (await visitor.api.notes[":id"].revisions.$get({ param })).json();
  const states = page.revisions?.map(({ version, kind }) => `${version} ${kind}`).join(", ");
  expectThat(states === "2 save, 1 create", "the states 2 save, 1 create", `they are ${states || "none"}`);
  const first = { ...param, version: "1" };
  const state = await visitor.api.notes[":id"].revisions[":version"].$get({ param: first });
  const { revision } = await state.json();
  expectThat(revision?.text === note.written, "the first text in version 1", "it differs");
  const { differs } = await (await visitor.api.notes[":id"].verify.$get({ param })).json();
  expectThat(differs === null, "the states' chain to be whole", "it is not");
}

async function remove(walk: Walk) {
  const { visitor, note } = walk;
  const param = { id: note.id };
  await visitor.api.notes[":id"].$delete({ param });
  await expectRefusal("not_found", "the note to be gone", () => visitor.api.notes[":id"].$get({ param }));
  expectThat((await trashed(walk)).includes(note.id), "the note in the trash", "it is not there");
}

async function trashed({ visitor }: Walk): Promise<string[]> {
  const { notes } = await (await visitor.api.trash.$get()).json();
  return notes?.map(({ id }) => id) ?? [];
}

async function restore(walk: Walk) {
  await walk.visitor.api.trash.notes[":id"].restore.$post({ param: { id: walk.note.id }, json: {} });
  await expectNote(walk, 4, walk.note.changed);
}

/** Also of a note that is in the trash. @throws as a step */
export async function deleteForEver(walk: Walk): Promise<void> {
  const { visitor, password, note } = walk;
  const param = { id: note.id };
  await visitor.api.notes[":id"].$delete({ param });
  await visitor.api.trash.notes[":id"].$delete({ param, json: { password } });
  const isGone = !(await trashed(walk)).includes(note.id);
  expectThat(isGone, "the note to be gone from the trash", "it is there");
  await expectGone(walk);
  walk.hasNote = false;
}

/** No state of the note is there. @throws as a step */
export async function expectGone({ visitor, note: { id } }: Walk): Promise<void> {
  const states = () => visitor.api.notes[":id"].verify.$get({ param: { id } });
  await expectRefusal("not_found", "the note's states to be gone", states);
}

async function resetPassword(walk: Walk, signal: AbortSignal) {
  const { visitor, email, mailbox } = walk;
  if ("missing" in mailbox) throw new Skipped(mailbox.missing);
  await visitor.api["password-resets"].$post({ json: { email } });
  const token = await tokenMailedTo(email, { mailbox: mailbox.url, origin: visitor.origin, signal });
  const password = randomBytes(16).toString("base64url");
  await visitor.api["password-resets"].$put({ json: { token, password } });
  await expectRefusal("unauthenticated", "the session to have ended", () => visitor.api.session.$get());
  await expectRefusal("wrong_credentials", "the old password to be refused", () =>
    visitor.api.session.$post({ json: { email, password: walk.password } }),
  );
  walk.password = password;
  await visitor.api.session.$post({ json: { email, password } });
}

async function signOut({ visitor }: Walk) {
  const { cookies } = visitor;
  await visitor.api.session.$delete();
  // A copy of the cookie does not work any more either.
  visitor.use(cookies);
  await expectRefusal("unauthenticated", "the session to have ended", () => visitor.api.session.$get());
}
