// The job that empties earlier states of notes that retention keeps no longer: of many states within a minute, ten minutes or a
// day, the last one stays.
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
