// The job that measures how much text each account has, earlier states included, for the account's quota. A run measures an
// account completely or not at all, so a run that dies leaves nothing half done.
import { keepSize, LENGTHS_MAX, lengthsAfter, unmeasured, writtenBy } from "@notejam/core/account/size";
import { scheduledJob } from "./job.ts";

/** After this many statements a run begins no other account. The next run begins with those that have waited longest. */
const STATEMENTS_MAX = 1000;
/**
 * The most statements for one account. They read ten million texts (each reads `LENGTHS_MAX`). If an account has more texts, the
 * rest is not counted, so that the other accounts get their turn.
 */
const STATEMENTS_OF_ONE_MAX = 1000;
/** How many accounts one run can begin, since each takes four statements at least. */
const ACCOUNTS_MAX = Math.ceil(STATEMENTS_MAX / 4);

export const handler = scheduledJob("measure", async (now) => {
  const counts = { accounts: 0, lengths: 0, cut: 0 };
  let statements = 1;
  for (const id of await unmeasured(now, ACCOUNTS_MAX)) {
    if (statements >= STATEMENTS_MAX) break;
    const written = await writtenBy(id);
    const size = await sizeOf(id);
    await keepSize(id, size.bytes, written, now);
    statements += size.statements + 2;
    counts.accounts++;
    counts.lengths += size.lengths;
    if (size.isCut) counts.cut++;
  }
  return counts;
});

/** Reads the lengths of an account's notes, and then of their earlier states. */
async function sizeOf(id: string) {
  const size = { bytes: 0, lengths: 0, statements: 0, isCut: false };
  for (const table of ["note", "revision"] as const) {
    for (let after: Awaited<ReturnType<typeof lengthsAfter>>["last"]; ; ) {
      if (size.statements === STATEMENTS_OF_ONE_MAX) return { ...size, isCut: true };
      const read = await lengthsAfter(id, table, after);
      size.statements++;
      size.bytes += read.bytes;
      size.lengths += read.lengths;
      if (read.lengths < LENGTHS_MAX) break;
      after = read.last;
    }
  }
  return size;
}
