// The job that empties the trash: notes with all their states, and pads, whose three years there are over.
import { type Expired, expireNotes, expirePads } from "@notejam/core/trash/expire";
import { STEP_ROWS, STEPS_MAX, scheduledJob } from "./job.ts";

export const handler = scheduledJob("expire", async (now) => {
  const counts = { taken: 0, notes: 0, pads: 0 };
  let steps = 0;
  /** Repeats a step until it takes nothing. @returns how many things went */
  async function allOf(step: (now: Date, rows: number) => Promise<Expired>): Promise<number> {
    let gone = 0;
    while (steps < STEPS_MAX) {
      steps++;
      const { taken, things } = await step(now, STEP_ROWS);
      counts.taken += taken;
      gone += things;
      if (taken === 0) break;
    }
    return gone;
  }

  // Pads without notes go, and then the next pads' notes can be found.
  for (let pads = 1; pads > 0; counts.pads += pads) {
    counts.notes += await allOf(expireNotes);
    pads = await allOf(expirePads);
  }
  return counts;
});
