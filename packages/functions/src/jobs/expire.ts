// The job that empties the trash. It deletes for ever the notes and pads that have been there for three years.
import { type Expired, expireNotes, expirePads } from "@notejam/core/trash/expire";
import { STEP_ROWS, STEPS_MAX, scheduledJob } from "./job.ts";

export const handler = scheduledJob("expire", async (now) => {
  const counts = { taken: 0, notes: 0, pads: 0 };
  let steps = 0;
  /** Repeats a step until it finds nothing more. @returns how many things it deleted */
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

  // A step looks at a limited number of pads. Once these are deleted, it finds the notes of the next ones.
  for (let pads = 1; pads > 0; counts.pads += pads) {
    counts.notes += await allOf(expireNotes);
    pads = await allOf(expirePads);
  }
  return counts;
});
