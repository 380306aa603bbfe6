// Where the time of a call goes, from the times that the server measured itself.
import type { Call } from "@notejam/data-api";
import { median } from "../statistics.ts";
import type { Phase } from "./figures.ts";

/**
 * Medians; the first is what is left of the whole call, so that all but the last add up to it.
 * @param wholeMs the whole call as the client saw it
 * @param resetMs a reset by itself
 */
export function phasesOf(calls: readonly Call[], wholeMs: number, resetMs: number): Phase[] {
  const serverMs = median(calls.map(({ ms }) => ms));
  const waitMs = median(calls.map((call) => call.waitMs));
  const databaseMs = median(calls.map((call) => call.databaseMs));
  const phase = (name: string, ms: number): Phase => ({ name, us: Math.round(ms * 1000) });
  return [
    phase("client and transport", wholeMs - serverMs),
    phase("reading and checking the request, writing the answer", serverMs - waitMs - databaseMs),
    phase("waiting for a session", waitMs),
    phase("database", databaseMs),
    phase("reset, after the answer (alone)", resetMs),
  ];
}
