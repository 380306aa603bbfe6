import { Problem } from "@notejam/client/problem";
import { TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import type { Note } from "@notejam/core/note/schema";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Saver, type SaveState, type Written } from "./saver.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00.000Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

const EMPTY: Written = { name: "A note", named: true, padId: null, text: "" };
const HOUR_MS = 3_600_000;

/** A service with one note, that fails as it is told. */
function noteService(text: string | undefined) {
  let note: Note | undefined;
  const sizes: number[] = [];
  let running = 0;
  const service = {
    fail: undefined as Problem | undefined,
    /** Whether the note is saved, but the answer is lost. */
    losesAnswers: false,
    latencyMs: 50,
    get note() {
      return note;
    },
    sizes,
    put(content: Partial<Written>): Note {
      const before = note ?? ({ id: "n", version: 0, ...EMPTY } as unknown as Note);
      note = { ...before, ...content, version: before.version + 1, updatedAt: new Date().toISOString() };
      return note;
    },
    async write(content: Partial<Written>, base: number | undefined): Promise<Note> {
      expect(++running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, service.latencyMs));
      running--;
      if (service.fail) throw service.fail;
      const isRepeated = note?.version === (base ?? 0) + 1 && isIn(content, note);
      if (!isRepeated && note?.version !== base) {
        throw new Problem("version_mismatch", { current: note });
      }
      if (!isRepeated) sizes.push(content.text?.length ?? 0);
      const saved = isRepeated && note ? note : service.put(content);
      if (service.losesAnswers) throw new Problem("unreachable");
      return saved;
    },
    /** Over what an earlier request without an answer has made. */
    create: (content: Written) => service.write(content, note?.version),
    save: (base: number, content: Partial<Written>) => service.write(content, base),
  };
  if (text !== undefined) service.put({ text });
  return service;
}

function isIn(content: object, note: object): boolean {
  return Object.entries(content).every(([key, value]) => (note as Record<string, unknown>)[key] === value);
}

/** An editor whose text the test writes. */
function writing(text: string | undefined, left?: string) {
  const service = noteService(text);
  const written = { ...EMPTY, text: text ?? "" };
  const states: SaveState[] = [];
  const saver = new Saver({
    saved: service.note,
    service,
    written: () => ({ ...written }),
    length: () => written.text.length,
    onState: (state) => states.push(state),
    onSaved: () => {},
    wasLeft: (theirs) => theirs.text === left,
    onMoved: (note) => {
      written.padId = note.padId;
    },
  });
  const write = (next: string) => {
    written.text = next;
    saver.changed();
  };
  return { saver, service, states, write, kind: () => saver.state.kind };
}

describe("what is written", () => {
  it("is saved after a pause, and not before", async () => {
    const { service, write, kind } = writing("before");
    for (const text of ["b", "be", "bef"]) {
      write(text);
      await vi.advanceTimersByTimeAsync(900);
    }
    expect(service.sizes).toEqual([]);
    expect(kind()).toBe("saving");
    await vi.advanceTimersByTimeAsync(300);
    expect(service.note?.text).toBe("bef");
    expect(kind()).toBe("saved");
  });

  it("is saved at last while there is no pause", async () => {
    const { service, write } = writing("");
    for (let second = 0; second < 30; second++) {
      write("x".repeat(second));
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(service.sizes.length).toBeGreaterThanOrEqual(1);
  });

  it("makes a note from its first character, and none of an empty text", async () => {
    const { service, write, kind } = writing(undefined);
    write("");
    await vi.advanceTimersByTimeAsync(5000);
    expect([service.note, kind()]).toEqual([undefined, "new"]);
    write("a");
    await vi.advanceTimersByTimeAsync(5000);
    expect(service.note?.text).toBe("a");
  });

  it("costs less than 100 times its size in an hour of typing in the largest note", async () => {
    const { service, write, saver } = writing("x".repeat(TEXT_MAX_BYTES));
    for (let ms = 0; ms < HOUR_MS; ms += 3000) {
      write("x".repeat(TEXT_MAX_BYTES - 10) + String(ms).padStart(10, "0"));
      await vi.advanceTimersByTimeAsync(3000);
    }
    const flushed = saver.flush();
    await vi.advanceTimersByTimeAsync(100);
    await flushed;
    const stored = service.sizes.reduce((sum, size) => sum + size, 0);
    expect(stored).toBeLessThan(100 * TEXT_MAX_BYTES);
    expect(stored).toBeGreaterThan(20 * TEXT_MAX_BYTES);
  });

  it("is saved at once on leaving", async () => {
    const { service, write, saver } = writing("before");
    write("after");
    const flushed = saver.flush();
    await vi.advanceTimersByTimeAsync(100);
    await flushed;
    expect(service.note?.text).toBe("after");
    expect(saver.isUnsaved).toBe(false);
  });
});

describe("a service that does not take it", () => {
  it("is asked again, ever later, and as late as it says", async () => {
    const { service, write, kind } = writing("before");
    service.fail = new Problem("unavailable", { retryAfterSeconds: 30 });
    write("after");
    await vi.advanceTimersByTimeAsync(2000);
    expect(kind()).toBe("offline");
    service.fail = undefined;
    await vi.advanceTimersByTimeAsync(28_000);
    expect(kind()).toBe("offline");
    await vi.advanceTimersByTimeAsync(2000);
    expect([service.note?.text, kind()]).toEqual(["after", "saved"]);
  });

  it("is not asked again about what it refuses, until that changes", async () => {
    const { service, write, kind } = writing("before");
    service.fail = new Problem("invalid_input", { fields: { text: ["Text is too long"] } });
    write("after");
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(kind()).toBe("failed");
    service.fail = undefined;
    write("after all");
    await vi.advanceTimersByTimeAsync(2000);
    expect(service.note?.text).toBe("after all");
  });

  it("and has another text shows both, and nothing is sent until the user decides", async () => {
    const { service, write, saver, kind } = writing("before");
    const theirs = service.put({ text: "theirs" });
    write("mine");
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(saver.state).toEqual({ kind: "conflict", theirs });
    write("mine, and more");
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(service.note?.text).toBe("theirs");
    void saver.overwrite(theirs);
    await vi.advanceTimersByTimeAsync(2000);
    expect([service.note?.text, kind()]).toEqual(["mine, and more", "saved"]);
  });

  it("and was only moved meanwhile is saved where it is now", async () => {
    const { service, write, kind } = writing("before");
    service.put({ padId: "trips" });
    write("after");
    await vi.advanceTimersByTimeAsync(5000);
    expect([service.note?.text, service.note?.padId, kind()]).toEqual(["after", "trips", "saved"]);
  });

  it("and has what an editor before this one left, whose save came late, has no conflict", async () => {
    const { service, write, kind } = writing("before", "left");
    service.put({ text: "left" });
    write("left, and more");
    await vi.advanceTimersByTimeAsync(5000);
    expect([service.note?.text, kind()]).toEqual(["left, and more", "saved"]);
  });

  it("and has this same text already has no conflict", async () => {
    const { service, write, kind } = writing("before");
    service.put({ text: "between" });
    service.put({ text: "mine" });
    write("mine");
    await vi.advanceTimersByTimeAsync(2000);
    expect(kind()).toBe("saved");
  });
});

describe("in any order of keys, pauses and failures", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("write" as const), text: fc.string({ maxLength: 5 }) }),
    fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 20_000 }) }),
    fc.record({
      do: fc.constant("fail" as const),
      code: fc.constantFrom("unreachable", "unavailable", undefined),
    }),
    fc.record({ do: fc.constant("lose" as const), answers: fc.boolean() }),
    fc.record({ do: fc.constant("flush" as const) }),
  );

  it("the service has what was written last when it answers again, without a conflict", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("before", undefined),
        fc.array(step, { maxLength: 30 }),
        async (text, steps) => {
          const { service, write, saver } = writing(text);
          let last = text ?? "";
          for (const one of steps) {
            if (one.do === "write") {
              last = `${one.text}.`;
              write(last);
            }
            if (one.do === "wait") await vi.advanceTimersByTimeAsync(one.ms);
            if (one.do === "fail") service.fail = one.code && new Problem(one.code);
            if (one.do === "lose") service.losesAnswers = one.answers;
            if (one.do === "flush") void saver.flush();
          }
          service.fail = undefined;
          service.losesAnswers = false;
          await vi.advanceTimersByTimeAsync(10 * 60_000);
          expect(service.note?.text ?? "").toBe(last);
          expect(saver.isUnsaved).toBe(false);
          saver.close();
        },
      ),
    );
  });
});
