// The job that measures how much text each account has, with its earlier states: what its quota is compared with. An account is
// measured in one run or not at all, so a run that dies leaves nothing half done.
import { keepSize, LENGTHS_MAX, lengthsAfter, unmeasured } from "@notejam/core/account/size";
import { scheduledJob } from "./job.ts";

/** Statements of a run after which it begins no other account: those that wait longest are the first in the next run. */
const STATEMENTS_MAX = 1000;
/**
 * Statements for one account, for ten million texts (a statement reads `LENGTHS_MAX`). Of an account that has more, these count,
 * so that it delays the others no longer.
 */
const STATEMENTS_OF_ONE_MAX = 1000;
/** Accounts that one run can begin: each takes three statements at least. */
const ACCOUNTS_MAX = Math.ceil(STATEMENTS_MAX / 3);

export const handler = scheduledJob("measure", async (now) => {
  const counts = { accounts: 0, lengths: 0, cut: 0 };
  let statements = 1;
  for (const id of await unmeasured(now, ACCOUNTS_MAX)) {
    if (statements >= STATEMENTS_MAX) break;
    const size = await sizeOf(id);
    await keepSize(id, size.bytes, now);
    statements += size.statements + 1;
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
