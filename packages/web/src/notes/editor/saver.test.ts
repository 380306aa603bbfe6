import { Problem } from "@notejam/client/problem";
import { TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { conflictsOf } from "../merge/regions.ts";
import type { Saver } from "./saver.ts";
import { noteService, writing } from "./testing/writing.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00.000Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

const HOUR_MS = 3_600_000;

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

  it("has refused more in this hour: it waits until the next one, and is not said to be away", async () => {
    const { service, write, saver, kind } = writing("before");
    const until = new Date(Date.now() + 2000 + 1_200_000);
    service.fail = new Problem("rate_limited", { retryAfterSeconds: 1200 });
    write("after");
    await vi.advanceTimersByTimeAsync(2000);
    write("after all");
    expect(saver.state).toMatchObject({ kind: "waiting" });
    expect(until.getTime() - (saver.state as { until: Date }).until.getTime()).toBeLessThan(2000);
    service.fail = undefined;
    await vi.advanceTimersByTimeAsync(1_190_000);
    expect(service.note?.text).toBe("before");
    await vi.advanceTimersByTimeAsync(15_000);
    expect([service.note?.text, kind()]).toEqual(["after all", "saved"]);
  });

  it("has refused a save where it does not say what it has, and all that is written is saved later", async () => {
    const { service, write, kind } = writing("before");
    service.fail = new Problem("version_mismatch");
    write("after");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(kind()).toBe("failed");

    service.fail = undefined;
    write("after all");
    await vi.advanceTimersByTimeAsync(10_000);
    expect([service.note?.text, kind()]).toEqual(["after all", "saved"]);
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

  it("and was only moved meanwhile is saved where it is now", async () => {
    const { service, write, kind } = writing("before");
    service.put({ padId: "trips" });
    write("after");
    await vi.advanceTimersByTimeAsync(5000);
    expect([service.note?.text, service.note?.padId, kind()]).toEqual(["after", "trips", "saved"]);
  });

  it("and has what an editor before this one left, whose save came late, has no conflict", async () => {
    const { service, write, kind } = writing("before", { left: "left" });
    service.put({ text: "left" });
    write("left, and more");
    await vi.advanceTimersByTimeAsync(5000);
    expect([service.note?.text, kind()]).toEqual(["left, and more", "saved"]);
  });

  it("and has what was sent before the last time has no conflict, and is not joined with that", async () => {
    const { service, write } = writing("before");
    service.losesAnswers = true;
    write("one");
    await vi.advanceTimersByTimeAsync(1100);
    write("two");
    service.fail = new Problem("unreachable");
    await vi.advanceTimersByTimeAsync(3000);
    service.fail = undefined;
    service.losesAnswers = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([service.note?.text, service.kinds]).toEqual(["two", [undefined, undefined]]);
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

/** Two paragraphs, the first of which was changed elsewhere. */
const BASE = "One.\n\nTwo.";
const THEIRS = "1.\n\nTwo.";

describe("what is written while the note is saved elsewhere", () => {
  it("is joined with that, where each changed something else, and saved as a merge", async () => {
    const { service, write, written, merged, kind } = writing(BASE);
    const theirs = service.put({ text: THEIRS, name: "Their name" });
    write("One.\n\nTwo, and more.");
    await vi.advanceTimersByTimeAsync(2000);
    expect(service.note).toMatchObject({ text: "1.\n\nTwo, and more.", name: "Their name", version: 3 });
    expect([written.text, written.name]).toEqual([service.note?.text, "Their name"]);
    expect([service.kinds, merged, kind()]).toEqual([["merge"], [theirs], "saved"]);
    expect(service.words).toEqual([{ added: 3, removed: 1 }]);
  });

  it("goes on being written while it is joined, and is joined with all of it", async () => {
    const { service, write } = writing(BASE);
    service.put({ text: THEIRS });
    write("One.\n\nTwo, and");
    // The save fails after 50 ms, and joining takes 20 ms more.
    await vi.advanceTimersByTimeAsync(1060);
    write("One.\n\nTwo, and more.");
    await vi.advanceTimersByTimeAsync(5000);
    expect(service.note?.text).toBe("1.\n\nTwo, and more.");
    expect(service.kinds).toEqual(["merge"]);
  });

  it("is asked about where both changed the same, and nothing is sent until the user decides", async () => {
    const { service, write, saver } = writing(BASE);
    const theirs = service.put({ text: THEIRS });
    write("I.\n\nTwo.");
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(saver.state).toMatchObject({ kind: "conflict", theirs });
    expect(service.note).toEqual(theirs);
    expect(conflicts(saver)).toEqual([{ base: "One.\n", mine: "I.\n", theirs: "1.\n" }]);
    write("I, II.\n\nTwo.");
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(conflicts(saver)).toEqual([{ base: "One.\n", mine: "I, II.\n", theirs: "1.\n" }]);
    expect(service.note).toEqual(theirs);
  });

  it("ends the question by becoming equal", async () => {
    const { service, write, kind } = writing(BASE);
    service.put({ text: THEIRS });
    write("I.\n\nTwo.");
    await vi.advanceTimersByTimeAsync(2000);
    expect(kind()).toBe("conflict");
    write("1.\n\nTwo, and more.");
    await vi.advanceTimersByTimeAsync(2000);
    expect([service.note?.text, kind()]).toEqual(["1.\n\nTwo, and more.", "saved"]);
  });

  it.for([
    ["mine", "I.\n\nTwo.\n\nThree.", ["conflict"]],
    ["theirs", "1.\n\nTwo.\n\nThree.", ["conflict", "merge"]],
    ["both", "I.\n1.\n\nTwo.\n\nThree.", ["conflict"]],
  ] as const)("keeps %s if the user says so, and every text is a state", async ([keep, text, kinds]) => {
    const { service, write, saver, written, merged, kind } = writing(BASE);
    service.put({ text: `${THEIRS}\n\nThree.` });
    write("I.\n\nTwo.");
    await vi.advanceTimersByTimeAsync(2000);
    void saver.resolve(keep);
    await vi.advanceTimersByTimeAsync(2000);
    expect([service.note?.text, written.text, kind()]).toEqual([text, text, "saved"]);
    expect(service.kinds).toEqual(kinds);
    expect(merged).toEqual([]);
    const all = [...service.states.values()].map((state) => state.text);
    expect(all).toContain(`${THEIRS}\n\nThree.`);
    expect(all.some((one) => one.includes("I."))).toBe(true);
  });

  it("keeps what is written while the other side is chosen", async () => {
    const { service, write, saver } = writing(BASE);
    service.put({ text: THEIRS });
    write("I.\n\nTwo.");
    await vi.advanceTimersByTimeAsync(2000);
    void saver.resolve("theirs");
    await vi.advanceTimersByTimeAsync(40);
    write("I, and more.\n\nTwo.");
    await vi.advanceTimersByTimeAsync(2000);
    expect(conflicts(saver)).toEqual([{ base: "One.\n", mine: "I, and more.\n", theirs: "1.\n" }]);
    void saver.resolve("theirs");
    await vi.advanceTimersByTimeAsync(2000);
    expect(service.note?.text).toBe(THEIRS);
    const texts = [...service.states.values()].map(({ text }) => text);
    expect(texts).toEqual([BASE, THEIRS, "I.\n\nTwo.", "I, and more.\n\nTwo.", THEIRS]);
  });

  it("is asked about again if what was decided could not be saved, or came second", async () => {
    const { service, write, saver, kind } = writing(BASE);
    service.put({ text: THEIRS });
    write("I.\n\nTwo.");
    await vi.advanceTimersByTimeAsync(2000);
    service.fail = new Problem("unavailable");
    void saver.resolve("theirs");
    await vi.advanceTimersByTimeAsync(2000);
    expect(saver.state).toMatchObject({ kind: "conflict", problem: { code: "unavailable" } });
    service.fail = undefined;
    service.put({ text: "Uno.\n\nTwo." });
    void saver.resolve("theirs");
    await vi.advanceTimersByTimeAsync(2000);
    expect(conflicts(saver)).toEqual([{ base: "One.\n", mine: "I.\n", theirs: "Uno.\n" }]);
    void saver.resolve("mine");
    await vi.advanceTimersByTimeAsync(2000);
    expect([service.note?.text, kind()]).toEqual(["I.\n\nTwo.", "saved"]);
  });

  it("is saved later as was decided, if the service does not answer", async () => {
    const { service, write, saver, kind } = writing(BASE);
    service.put({ text: THEIRS });
    write("I.\n\nTwo.");
    await vi.advanceTimersByTimeAsync(2000);
    service.fail = new Problem("unreachable");
    void saver.resolve("both");
    await vi.advanceTimersByTimeAsync(1000);
    expect(kind()).toBe("offline");
    service.fail = undefined;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([service.note?.text, kind()]).toEqual(["I.\n1.\n\nTwo.", "saved"]);
    expect(service.kinds).toEqual(["conflict"]);
  });

  it("and of which only the version is known is joined by what the service has of that", async () => {
    const { service, write } = writing(BASE, { isUnread: true });
    service.put({ text: THEIRS });
    write("One.\n\nTwo, and more.");
    await vi.advanceTimersByTimeAsync(2000);
    expect(service.note?.text).toBe("1.\n\nTwo, and more.");
  });

  it("and was created by a request without an answer is joined with what was saved since", async () => {
    const service = noteService(undefined);
    service.losesAnswers = true;
    const { write, written, kind } = writing(undefined, { service });
    write(BASE);
    await vi.advanceTimersByTimeAsync(1100);
    expect([service.note?.text, kind()]).toEqual([BASE, "offline"]);
    const theirs = service.put({ text: THEIRS });
    service.losesAnswers = false;
    // A repeated creation is answered with the note as it is now.
    service.create = async () => theirs;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([written.text, service.note?.text, kind()]).toEqual([THEIRS, THEIRS, "saved"]);
    write(`${THEIRS} And more.`);
    await vi.advanceTimersByTimeAsync(2000);
    expect(service.note?.text).toBe(`${THEIRS} And more.`);
  });

  it("and was created by a request without an answer, and deleted since, is asked about", async () => {
    const service = noteService(undefined);
    service.losesAnswers = true;
    const { write, saver, kind } = writing(undefined, { service });
    write("Mine");
    await vi.advanceTimersByTimeAsync(1100);
    service.losesAnswers = false;
    service.fail = new Problem("not_found");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(kind()).toBe("deleted");
    service.fail = undefined;
    void saver.createAgain();
    await vi.advanceTimersByTimeAsync(1100);
    expect([service.note?.text, kind()]).toEqual(["Mine", "saved"]);
  });

  it("and whose beginning is gone is asked about as a whole", async () => {
    const { service, write, saver } = writing(BASE, { isUnread: true });
    service.put({ text: THEIRS });
    service.states.delete(1);
    write("One.\n\nTwo, and more.");
    await vi.advanceTimersByTimeAsync(2000);
    expect(conflicts(saver)).toEqual([
      { base: "", mine: "One.\n\nTwo, and more.\n", theirs: "1.\n\nTwo.\n" },
    ]);
  });

  it("is asked about if it was renamed or moved in two ways", async () => {
    const { service, write, written, saver } = writing(BASE);
    service.put({ name: "Theirs", padId: "theirs" });
    Object.assign(written, { name: "Mine", padId: "mine" });
    write("One.\n\nTwo, and more.");
    await vi.advanceTimersByTimeAsync(2000);
    expect(saver.state).toMatchObject({
      kind: "conflict",
      merge: {
        fields: { name: { mine: "Mine", theirs: "Theirs" }, padId: { mine: "mine", theirs: "theirs" } },
      },
    });
    void saver.resolve("theirs");
    await vi.advanceTimersByTimeAsync(2000);
    expect(service.note).toMatchObject({ name: "Theirs", padId: "theirs", text: "One.\n\nTwo, and more." });
  });
});

describe("in any order of writing on two devices, failures and decisions", () => {
  const device = fc.nat(1);
  const keep = fc.constantFrom("mine", "theirs", "both");
  const step = fc.oneof(
    fc.record({ do: fc.constant("write" as const), device, paragraph: fc.nat(3) }),
    fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 5000 }) }),
    fc.record({ do: fc.constant("decide" as const), device, keep }),
    fc.record({ do: fc.constant("fail" as const), code: fc.constantFrom("unreachable", undefined) }),
    fc.record({ do: fc.constant("lose" as const), answers: fc.boolean() }),
  );

  it("every word that was written is in a state of the note", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), keep, async (steps, lastly) => {
        const text = ["One.", "Two.", "Three.", "Four."].join("\n\n");
        const service = noteService(text);
        const devices = [writing(text, { service }), writing(text, { service })];
        const words: string[] = [];
        for (const one of steps) {
          const { saver, written, write } = devices["device" in one ? one.device : 0] as (typeof devices)[0];
          if (one.do === "write") {
            words.push(`word${words.length}.`);
            const paragraphs = written.text.split("\n\n");
            paragraphs[Math.min(one.paragraph, paragraphs.length - 1)] += ` ${words.at(-1)}`;
            write(paragraphs.join("\n\n"));
          }
          if (one.do === "wait") await vi.advanceTimersByTimeAsync(one.ms);
          if (one.do === "decide") void saver.resolve(one.keep);
          if (one.do === "fail") service.fail = one.code && new Problem(one.code);
          if (one.do === "lose") service.losesAnswers = one.answers;
        }
        service.fail = undefined;
        service.losesAnswers = false;
        await vi.advanceTimersByTimeAsync(10 * 60_000);
        for (const { saver } of [...devices, ...devices]) {
          void saver.resolve(lastly);
          await vi.advanceTimersByTimeAsync(10_000);
        }
        const states = [...service.states.values()].map((state) => state.text).join("\n");
        expect(words.filter((word) => !states.includes(word))).toEqual([]);
        expect(devices.map(({ kind }) => kind())).toEqual(["saved", "saved"]);
        for (const { saver } of devices) saver.close();
      }),
    );
  });
});

/** The parts of the text that are asked about. */
function conflicts({ state }: Saver) {
  return state.kind === "conflict" ? conflictsOf(state.merge.text) : [];
}

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
