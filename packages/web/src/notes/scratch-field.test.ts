// No field of a note can be forgotten: what handles fields takes them from the table. So it does with a field that is added here.
import {
  byField,
  FIELD_NAMES,
  FIELDS,
  type FieldName,
  fieldsOf,
  type Written,
} from "@notejam/core/note/fields";
import type { RevisionSummary } from "@notejam/core/revision/schema";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DraftChange } from "../data/drafts.ts";
import { sidesOf } from "./editor/conflict-sides.ts";
import { restore } from "./editor/restore.ts";
import { noteService, writing } from "./editor/testing/writing.ts";
import { FIELD_WORDS, factsOf, fieldChanges } from "./field-words.ts";
import { timelineOf } from "./history/timeline-items.ts";

/** A field that notes do not have. */
interface WithScratch {
  scratch?: string | null;
}
Object.assign(FIELDS, {
  scratch: {
    read: (fields: WithScratch) => fields.scratch,
    write: (scratch: string | null) => ({ scratch }),
  },
});
FIELD_NAMES.push("scratch" as FieldName);
Object.assign(FIELD_WORDS, {
  scratch: { label: "Scratch", value: (scratch: string | null) => scratch ?? "none" },
});

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00.000Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

const BASE = "One.\n\nTwo.";
const MINE = "One.\n\nTwo, and more.";

/** A note with the field, and an editor that has opened it. */
function writingScratch() {
  const service = noteService(BASE);
  service.put(withScratch("en"));
  const editor = writing(BASE, { service });
  const written = editor.written as Written & WithScratch;
  return { ...editor, written, saved: () => service.note as (Written & WithScratch) | undefined };
}

function withScratch(scratch: string | null): Partial<Written> & WithScratch {
  return { scratch };
}

describe("a field that is changed on another device", () => {
  it("stays as it is there when only the text is written here", async () => {
    const { service, write, written, saved, kind } = writingScratch();
    service.put(withScratch("de"));
    write(MINE);
    await vi.advanceTimersByTimeAsync(5000);
    expect(saved()).toMatchObject({ text: MINE, scratch: "de" });
    expect([written.scratch, kind(), service.kinds]).toEqual(["de", "saved", ["merge"]]);
  });

  it("stays as it is there when the text was changed there too, and is merged", async () => {
    const { service, write, written, saved } = writingScratch();
    service.put({ ...withScratch("de"), text: "1.\n\nTwo." });
    write(MINE);
    await vi.advanceTimersByTimeAsync(5000);
    expect(saved()).toMatchObject({ text: "1.\n\nTwo, and more.", scratch: "de" });
    expect(written.scratch).toBe("de");
  });

  it.for([
    ["mine", "fr"],
    ["theirs", "de"],
    ["both", "fr"],
  ] as const)("is asked about if it was changed here too, and %s is kept", async ([keep, scratch]) => {
    const { service, saver, write, written, saved } = writingScratch();
    service.put(withScratch("de"));
    written.scratch = "fr";
    write(MINE);
    await vi.advanceTimersByTimeAsync(5000);
    if (saver.state.kind !== "conflict") throw new Error(`It is ${saver.state.kind}`);
    expect(saver.state.merge.fields).toMatchObject({ scratch: { mine: "fr", theirs: "de" } });
    expect(sidesOf(saver.state.merge, () => undefined)).toEqual([
      { label: "Scratch", mine: [{ text: "fr", kind: "added" }], theirs: [{ text: "de", kind: "added" }] },
    ]);
    void saver.resolve(keep);
    await vi.advanceTimersByTimeAsync(5000);
    expect(saved()).toMatchObject({ text: MINE, scratch });
  });

  it("stays as it is there when an editor goes on that was closed before there was this field", async () => {
    const { service, write, written, saved } = writingScratch();
    delete written.scratch;
    write(MINE);
    await vi.advanceTimersByTimeAsync(5000);
    expect(saved()).toMatchObject({ text: MINE, scratch: "en" });
    service.put({ ...withScratch("de"), name: "Their name" });
    write(`${MINE} And more.`);
    await vi.advanceTimersByTimeAsync(5000);
    expect(saved()).toMatchObject({ text: `${MINE} And more.`, name: "Their name", scratch: "de" });
  });
});

describe("a field that is changed here", () => {
  it("is saved, and where another device has moved the note meanwhile, it stays there", async () => {
    const { service, saver, written, saved, kind } = writingScratch();
    service.put({ padId: "trips" });
    written.scratch = "fr";
    saver.changed();
    await vi.advanceTimersByTimeAsync(5000);
    expect(saved()).toMatchObject({ scratch: "fr", padId: "trips" });
    expect([kind(), service.kinds]).toEqual(["saved", [undefined]]);
  });

  it("is in the draft, which was saved only if the service has the field too", () => {
    const fields = { ...fieldsOf({ ...byField(() => null), name: "A note" }), scratch: "en" };
    const changes: DraftChange[] = [{ fields: { ...fields, ...withScratch("fr") } }];
    const draft = { id: "d", userId: "u", noteId: "n", version: 1, at: 0, text: BASE, fields };
    const wasSaved = (scratch: string) =>
      restore({ draft, changes }, { ...fields, text: BASE, scratch } as Written).wasSaved;
    expect(restore({ draft, changes }).written).toMatchObject({ scratch: "fr", text: BASE });
    expect(["en", "fr", "de"].map(wasSaved)).toEqual([true, true, false]);
  });
});

describe("a field of an earlier state", () => {
  const state = (scratch: string | null, name = "A note") =>
    ({ name, named: true, padId: null, scratch }) as unknown as RevisionSummary;

  it("is compared with what it is now", () => {
    expect(fieldChanges(state("en"), state(null, "Renamed"))).toEqual([
      { label: "Scratch", from: "en", to: "none" },
    ]);
    expect(fieldChanges(state("en"), { ...state("en"), padId: "trips" })).toEqual([]);
  });

  it("is what the timeline says of the state that changed it", () => {
    const states = [state("de"), state("en")].map((one, i) => ({
      ...one,
      version: 2 - i,
      kind: "save" as const,
      device: null,
      changedAt: "2026-01-01T00:00:00.000Z",
    }));
    const around = {
      now: new Date("2026-01-01T00:00:00.000Z"),
      locale: { language: "en-GB", timeZone: "UTC" },
      here: undefined,
      padName: () => undefined,
    };
    const [, newest] = timelineOf(states, around);
    expect(newest).toMatchObject({ row: { change: "Scratch: de" } });
  });

  it("is shown below the name", () => {
    expect(factsOf(state("en"))).toEqual(["en"]);
    expect(factsOf(state(null))).toEqual([]);
  });
});
