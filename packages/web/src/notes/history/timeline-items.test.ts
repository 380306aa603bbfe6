import type { RevisionSummary } from "@notejam/core/revision/schema";
import { expect, it } from "vitest";
import { timelineOf } from "./timeline-items.ts";

const around = {
  now: new Date("2026-11-24T15:00:00Z"),
  locale: { language: "en-GB", timeZone: "UTC" },
  here: { device: "Firefox on Linux", deviceId: "mine" },
  padName: (id: string) => (id === "travel" ? "Travel" : undefined),
};

/** The newest first, as they are listed. */
function shown(...states: Partial<RevisionSummary>[]): string[] {
  const whole = states.map((state, i) => ({
    version: states.length - i,
    kind: "save",
    hash: String(i),
    padId: null,
    changedAt: "2026-11-24T14:02:00Z",
    device: "Firefox on Linux",
    deviceId: "mine",
    words: { added: 1, removed: 0 },
    ...state,
  }));
  return timelineOf(whole as RevisionSummary[], around).map((item) =>
    "heading" in item ? item.heading : `${item.row.state.version}: ${item.row.where}; ${item.row.change}`,
  );
}

it("has a heading for each day", () => {
  expect(
    shown(
      {},
      { changedAt: "2026-11-24T00:00:00Z" },
      { changedAt: "2026-11-23T23:59:00Z" },
      { changedAt: "2026-11-18T12:00:00Z" },
      { changedAt: "2025-03-12T12:00:00Z" },
    ),
  ).toEqual([
    "Today",
    "5: Now; +1",
    "4: Here; +1",
    "Yesterday",
    "3: Here; +1",
    "18 November",
    "2: Here; +1",
    "12 March 2025",
    "1: Here; +1",
  ]);
});

it("says where each state was made, and what it changed", () => {
  expect(
    shown(
      { words: { added: 8, removed: 0 } },
      { device: "Chrome on Android", deviceId: "phone", kind: "merge", words: { added: 7, removed: 1 } },
      {
        device: "Chrome on Android",
        deviceId: "phone",
        kind: "conflict",
        words: { added: 0, removed: 1204 },
      },
      { device: null, deviceId: null, words: null },
      { words: { added: 0, removed: 0 } },
      { kind: "restore" },
      { kind: "delete" },
      { kind: "revert" },
      { kind: "import", words: { added: 104, removed: 0 } },
    ),
  ).toEqual([
    "Today",
    "9: Now; +8",
    "8: Chrome on Android, merged; +7 −1",
    "7: Chrome on Android, conflict; −1,204",
    "6: ; ",
    "5: Here; ",
    "4: Here; Restored",
    "3: Here; Deleted",
    "2: Here; Restored earlier version",
    "1: Import; +104",
  ]);
});

it("says which version was restored, by its day or its time", () => {
  const restored = { kind: "revert", hash: "same" } as const;
  expect(shown(restored, restored, {}, { hash: "same", changedAt: "2026-11-24T10:12:00Z" }).slice(1)).toEqual(
    ["4: Now; Restored 10:12", "3: Here; Restored 10:12", "2: Here; +1", "1: Here; +1"],
  );
  expect(shown({}, restored, {}, { hash: "same", changedAt: "2026-07-04T10:12:00Z" })[2]).toBe(
    "3: Here; Restored 4 Jul",
  );
});

it("says to which pad the note was moved", () => {
  expect(
    shown(
      { padId: null },
      { padId: "gone" },
      { padId: "travel" },
      { padId: null, kind: "create", words: null },
    ),
  ).toEqual([
    "Today",
    "4: Now; Moved out of its pad",
    "3: Here; Moved",
    "2: Here; Moved to Travel",
    "1: Here; Created",
  ]);
});

it("tells another browser of the same name from this one, and says nothing where nobody knows", () => {
  expect(
    shown(
      {},
      { deviceId: "another" },
      { device: "Unknown device", deviceId: "another" },
      { device: "Unknown device" },
      { deviceId: null },
      { device: "Chrome on Android", deviceId: null },
    ),
  ).toEqual([
    "Today",
    "6: Now; +1",
    "5: Firefox on Linux; +1",
    "4: ; +1",
    "3: Here; +1",
    "2: ; +1",
    "1: Chrome on Android; +1",
  ]);
});
