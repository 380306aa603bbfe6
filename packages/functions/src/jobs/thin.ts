// The job that empties the earlier states of notes that retention no longer keeps. Of the states within a minute, ten minutes or
// a day, depending on their age, only the last one keeps its content.
import { thin } from "@notejam/core/retention/index";
import { inSteps, scheduledJob } from "./job.ts";

export const handler = scheduledJob("thin", async (now) => {
  let thinned = 0;
  const taken = await inSteps(async (rows) => {
    const step = await thin(now, rows);
    thinned += step.thinned;
    return step.taken;
  });
  return { taken, thinned };
});
