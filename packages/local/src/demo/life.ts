// The states of a thing by its diary.

import type { BroughtState } from "@notejam/core/administration/bring-in";
import { mentionsIn } from "@notejam/core/note/mentions";
import type { Entry } from "./diary.ts";

/** What a note says, and where it is kept. */
export interface Content {
  name: string;
  text: string;
  /** The name of its pad. */
  pad: string | null;
}

/** A state, with the content that it had. */
export type Lived = Omit<BroughtState, "content"> & { content: Content };

/**
 * @param last what it says in the end
 * @param diary the newest entry first
 * @returns its states, the oldest first
 * @throws Error naming what the diary says wrong
 */
export function statesOf(last: Content, diary: readonly Entry[], now: Date): Lived[] {
  let content = last;
  const states = diary.map((entry, i): Lived => {
    const after = content;
    const { was = [], nameWas = content.name, padWas = content.pad } = entry;
    content = { name: nameWas, pad: padWas, text: was.reduce(before, content.text) };
    const first = i === diary.length - 1;
    const kind = entry.kind ?? (first ? "create" : "save");
    const at = timeOf(entry.when, now);
    const words = was.length > 0 && { wordsAdded: wordsOf(was, 0), wordsRemoved: wordsOf(was, 1) };
    return {
      kind,
      device: entry.on ?? null,
      changedAt: at,
      updatedAt: at,
      deletedAt: kind === "delete" ? at : null,
      content: after,
      described: first ? { wordsAdded: countOf(after.text), wordsRemoved: 0 } : words || {},
    };
  });
  states.reverse();
  for (const [i, state] of states.entries()) {
    const earlier = states[i - 1];
    if (!earlier) continue;
    if (earlier.changedAt >= state.changedAt)
      throw new Error(`${last.name}: ${state.changedAt} is out of order.`);
    const { name, text } = earlier.content;
    if (name === state.content.name && text === state.content.text) state.updatedAt = earlier.updatedAt;
  }
  return states;
}

function before(text: string, [now, was]: readonly [string, string]): string {
  const [head, tail, ...more] = text.split(now);
  if (head === undefined || tail === undefined || more.length > 0)
    throw new Error(`"${now}" stands ${more.length === 0 ? "nowhere" : "more than once"} in:\n${text}`);
  return head + was + tail;
}

function timeOf(when: string, now: Date): Date {
  const [, minutes, days, hour, minute] = /^(?:(\d+)m|(\d+)d (\d\d):(\d\d))$/.exec(when) ?? [];
  if (minutes !== undefined) return new Date(now.getTime() - Number(minutes) * 60_000);
  if (days === undefined) throw new Error(`"${when}" is no time of a diary.`);
  const at = new Date(now);
  at.setDate(at.getDate() - Number(days));
  at.setHours(Number(hour), Number(minute), 0, 0);
  return at;
}

const wordsOf = (was: NonNullable<Entry["was"]>, side: 0 | 1) =>
  was.reduce((sum, pair) => sum + countOf(pair[side]), 0);

const countOf = (text: string) => text.match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0;

/** What the table keeps of a note's content. */
export function contentOf({ name, text }: Content, padId: string | null) {
  return { padId, name, named: true, text, ...mentionsIn(text) };
}
