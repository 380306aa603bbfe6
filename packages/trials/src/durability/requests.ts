// Compares requests and answers with the states of notes: whether a request can have made a state, and whether an answer is true.
import type { Note } from "@notejam/core/note/schema";
import type { Revision } from "@notejam/core/revision/schema";
import type { History } from "./account.ts";
import type { Moment } from "./device.ts";
import type { Delivery } from "./network.ts";

/** Something that does not hold, in words. */
export interface Finding {
  /** The note, if it is about one. */
  note?: string | undefined;
  problem: string;
}

type States = History["states"];
type Content = Pick<Note, "name" | "named" | "padId" | "text">;

export function contentIn({ name, named, padId, text }: Content): Content {
  return { name, named, padId, text };
}

/** Whether a state has this content; what is undefined is left open. */
export function hasContent(state: Content | undefined, content: Partial<Content>): boolean {
  if (!state) return false;
  return (["name", "named", "padId", "text"] as const).every(
    (key) => content[key] === undefined || content[key] === state[key],
  );
}

const NOTE = /^\/api\/(?:trash\/)?notes\/([0-9a-f-]{36})/;
const REVISION_RESTORED = /\/revisions\/(\d+)\/restore$/;

/** Whether a request is about a note, and may change it. */
export function isAbout({ method, path, body }: Delivery, id: string): boolean {
  if (method === "GET") return false;
  if (path === "/api/notes") return body.id === id;
  const named = body?.ids ?? body?.notes?.map((one) => one.id);
  return named ? named.includes(id) : NOTE.exec(path)?.[1] === id;
}

/** Whether nothing was done. A save that the database repeated after another save was refused, and was done all the same. */
export function isRefused({ status, mayBeRepeated }: Delivery): boolean {
  return status >= 400 && status < 500 && !mayBeRepeated;
}

function isDone({ status }: Delivery): boolean {
  return status >= 200 && status < 300;
}

/** The version of a note that an answer tells; undefined if it does not. */
function answeredVersion(delivery: Delivery, id: string): number | undefined {
  const { answer } = delivery;
  if (!isDone(delivery)) return undefined;
  return (answer?.note ?? answer?.notes?.find((one) => one.id === id))?.version;
}

// --- what a request can have made -----------------------------------------------------------------------------------------

/** Whether a request can have made a state, by what it asked for and what was answered. */
export function mayHaveMade(
  delivery: Delivery,
  { id, states }: History,
  state: Revision,
  moments: readonly Moment[],
): boolean {
  const answered = answeredVersion(delivery, id);
  const isItsAnswer = answered === undefined || answered === state.version;
  if (!isItsAnswer && !(delivery.mayBeRepeated && answered > state.version)) return false;
  const before = states.get(state.version - 1);
  const { method, path, base, body } = delivery;
  if (method === "POST" && path === "/api/notes")
    return state.version === 1 && state.kind === "create" && hasContent(state, body);
  if (!before || (method === "PATCH" && base !== before.version)) return false;
  const change = changeOf(delivery, id, before, states, moments);
  return change?.kind === state.kind && hasContent(state, { ...contentIn(before), ...change.content });
}

/** The state that a request makes from the one before. */
function changeOf(
  { method, path, body }: Delivery,
  id: string,
  before: Revision,
  states: States,
  moments: readonly Moment[],
): { kind: Revision["kind"]; content?: Partial<Content> } | undefined {
  if (method === "PATCH") return { kind: body.kind ?? "save", content: sentIn(body) };
  const version = REVISION_RESTORED.exec(path)?.[1];
  if (version !== undefined) {
    const then = states.get(Number(version));
    return then && { kind: "revert", content: { ...contentIn(then), padId: before.padId } };
  }
  if (path === "/api/history/restore") {
    const then = stoodAt(body.at, moments).get(id);
    // Its pad may be gone, and the one where it is now, too: then it is in none.
    return then && { kind: "revert", content: { ...contentIn(then), padId: undefined } };
  }
  if (path === "/api/notes/move") {
    const padId = body.notes.find((one) => one.id === id)?.padId;
    return { kind: "save", content: { padId } };
  }
  if (method === "DELETE" || path === "/api/notes/delete") return { kind: "delete" };
  return { kind: "restore", content: body?.padId === undefined ? {} : { padId: body.padId } };
}

/** The content of a save, without what tells how it came about. */
function sentIn({ kind: _, words: __, ...content }: Record<string, unknown>): Partial<Content> {
  return content;
}

function stoodAt(at: string, moments: readonly Moment[]): Moment["notes"] {
  return moments.find((moment) => moment.at === at)?.notes ?? new Map();
}

// --- what was answered ----------------------------------------------------------------------------------------------------

/** What is untrue in an answer. Each note in it must be a state, and must have what was asked for. */
export function answerFindings(
  delivery: Delivery,
  histories: ReadonlyMap<string, History>,
  moments: readonly Moment[],
): Finding[] {
  const { method, path, status } = delivery;
  if (status === 500) return [{ problem: `${method} ${path} answered 500` }];
  const untrue = [
    ...toldFindings(delivery, histories),
    ...(method !== "GET" && isDone(delivery) ? doneFindings(delivery, histories, moments) : []),
  ];
  return untrue.map(({ note, problem }) => ({
    note,
    problem: `${method} ${path} answered ${status}, but ${problem}`,
  }));
}

/** Each note and revision that was answered, also beside a refusal, is a state. */
function toldFindings({ path, answer }: Delivery, histories: ReadonlyMap<string, History>): Finding[] {
  // The time machine is looked at by itself.
  if (path.startsWith("/api/history")) return [];
  const revision = answer?.revision && { ...answer.revision, id: NOTE.exec(path)?.[1] ?? "" };
  return [answer?.note, answer?.current, revision].flatMap((told) => {
    if (!told || !("text" in told)) return [];
    if (hasContent(histories.get(told.id)?.states.get(told.version), told)) return [];
    return [{ note: told.id, problem: `version ${told.version} differs` }];
  });
}

/** What was asked for, and was not done. */
function doneFindings(
  delivery: Delivery,
  histories: ReadonlyMap<string, History>,
  moments: readonly Moment[],
): Finding[] {
  const { method, path, base = 0, body, answer, mayBeRepeated } = delivery;
  const statesOf = (id: string): States => histories.get(id)?.states ?? new Map();
  const id = NOTE.exec(path)?.[1] ?? "";
  if (path === "/api/notes")
    return failing(hasContent(statesOf(body.id).get(1), body), body.id, "its first state differs");
  if (method === "PATCH" && id !== "") {
    const { note } = answer;
    return [
      ...failing(hasContent(note, sentIn(body)), id, "its note has not what was sent"),
      ...failing(
        [base, base + 1].includes(note.version),
        id,
        `version ${note.version} is not based on ${base}`,
      ),
    ];
  }
  const version = REVISION_RESTORED.exec(path)?.[1];
  if (version !== undefined) {
    const isThere = isBack(delivery, answer.note.version, statesOf(id), statesOf(id).get(Number(version)));
    return failing(isThere, id, `version ${answer.note.version} is not version ${version}`);
  }
  if (path === "/api/history/restore") {
    const then = stoodAt(body.at, moments);
    const expected = body.ids.filter((one) => then.has(one));
    const all = failing(
      String(idsIn(answer)) === String(expected.sort()),
      expected[0] ?? "",
      `${expected} stood then`,
    );
    const each = answer.notes.flatMap((one) => {
      const isThere = isBack(delivery, one.version, statesOf(one.id), then.get(one.id));
      return failing(isThere, one.id, `version ${one.version} is not what stood then`);
    });
    return [...all, ...each];
  }
  // Another device may have changed it before the repetition.
  if (mayBeRepeated) return [];
  const deletes = path === "/api/notes/delete";
  if (!deletes && !path.endsWith("/restore")) return [];
  return (answer.notes ?? [answer.note ?? []]).flat().flatMap((one) => {
    const state = statesOf(one.id).get(one.version);
    // With its pad, a note is in the trash in any state.
    const isSo = state && (state.kind === "delete") === deletes;
    return failing(
      isSo || (deletes && state?.padId !== null),
      one.id,
      `version ${one.version} is ${state?.kind}`,
    );
  });
}

function failing(holds: boolean | undefined, note: string, problem: string): Finding[] {
  return holds ? [] : [{ note, problem }];
}

function idsIn({ notes }: { notes: { id: string }[] }): string[] {
  return notes.map(({ id }) => id).sort();
}

/** Whether the answered version has the content of an earlier state, or, if the database repeated it, one before it has. */
function isBack(
  { mayBeRepeated }: Delivery,
  version: number,
  states: States,
  then: Content | undefined,
): boolean {
  if (!then) return false;
  const content = { ...contentIn(then), padId: undefined };
  if (hasContent(states.get(version), content)) return true;
  return (
    mayBeRepeated && [...states.values()].some((one) => one.version < version && hasContent(one, content))
  );
}

/** A request and its answer, as far as it is about a note, in one line. */
export function lineOf(delivery: Delivery, id: string): string {
  const { method, path, base, body, status, mayBeRepeated } = delivery;
  const sent = JSON.stringify(body)?.slice(0, 160) ?? "";
  const on = base === undefined ? "" : ` on ${base}`;
  const version = answeredVersion(delivery, id) ?? "";
  return `${method} ${path}${on} ${sent} → ${status} ${version}${mayBeRepeated ? ", perhaps repeated" : ""}`;
}
