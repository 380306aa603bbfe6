// One run of a plan, on an account of its own: its devices act at once, round by round, and then the account is judged.
import { randomUUID } from "node:crypto";
import { verifyStates } from "@notejam/cli/verify";
import { connect } from "@notejam/client";
import { withCookies } from "@notejam/client/cookies";
import type { Retry } from "@notejam/client/retry";
import { purgedOf } from "../../../core/test/database.ts";
import { historiesOf, momentOf, pastOf, restoreEverything } from "./account.ts";
import { Device, PASSWORD, type Shared, type Told } from "./device.ts";
import { type Evidence, inWords, judge, pastFindings, purgedFindings } from "./judge.ts";
import { type Delivery, Network } from "./network.ts";
import type { Plan } from "./plan.ts";
import { isAbout } from "./requests.ts";
import type { Site } from "./site.ts";

/** How often something happened, by its name. */
export type Counts = Record<string, number>;

export interface RunOptions {
  /** What happens in each round, in which the devices act until it is over. By default the database loses answers. */
  meanwhile?: () => Promise<void>;
  /** When a device waits and sends a request again; by default it does so at once. */
  retry?: Retry;
  /** Looks at what was delivered, after the last round. @throws Error */
  look?: (deliveries: readonly Delivery[]) => void;
}

/** @throws Error with what does not hold */
export async function run(
  site: Site,
  { devices: plans, faultSeed }: Plan,
  { meanwhile, retry, look }: RunOptions = {},
): Promise<Counts> {
  const { origin } = site;
  const { faults, calls } = site.dataApi;
  const struckBefore = sum(calls.counts.faults);
  const network = new Network(() => sum(calls.counts.faults));
  const json = { email: `${randomUUID()}@example.com`, password: PASSWORD };
  const api = connect({ origin, fetch: withCookies(network.through([])) });
  await api.users.$post({ json });
  const shared: Shared = { notes: [], pads: [], moments: [] };
  const told: Told = { saved: [], kept: [], sent: [], acts: 0, merges: 0, conflicts: 0, left: 0 };
  const devices = await Promise.all(
    plans.map(async ({ fates, rounds }, i) => {
      const api = connect({ origin, fetch: withCookies(network.through(fates)), ...(retry && { retry }) });
      await api.session.$post({ json });
      return { device: new Device(String.fromCharCode(97 + i), api, shared, told), rounds };
    }),
  );
  for (const name of ["Home", "Work"]) {
    shared.pads.push((await (await api.pads.$post({ json: { name } })).json()).pad.id);
  }
  for (const padId of [null, ...shared.pads]) {
    const json = { id: randomUUID(), name: "Shared", text: "One.\nTwo.\nThree.\nFour.\nFive.", padId };
    shared.notes.push((await (await api.notes.$post({ json })).json()).note.id);
  }
  shared.moments.push(await momentOf(api));

  faults.setSeed(faultSeed);
  for (const round of plans[0]?.rounds.keys() ?? []) {
    let isOver = !meanwhile;
    if (!meanwhile) disturb(faults);
    network.isCalm = false;
    const happening = meanwhile?.().finally(() => {
      isOver = true;
    });
    await Promise.all([
      happening,
      ...devices.map(async ({ device, rounds }) => {
        do for (const { act, choice } of rounds[round] ?? []) await device.do(act, choice);
        while (!isOver);
      }),
    ]);
    await network.quiet();
    faults.clear();
    for (const { device } of devices) await device.finish({ keep: "theirs", createsAgain: true });
    shared.moments.push(await momentOf(api));
  }

  const { user } = await (await api.session.$get()).json();
  const purged = await purgedOf(user.id);
  const whereabouts = await restoreEverything(api);
  const histories = await historiesOf(api);
  const evidence: Evidence = {
    // What was deleted for ever has no states that its requests could be compared with.
    deliveries: network.deliveries.filter((one) => !purged.some(({ id }) => isAbout(one, id))),
    whereabouts,
    histories,
    moments: shared.moments,
    told,
    links: site.links,
  };
  const findings = judge(evidence);
  for (const moment of shared.moments) findings.push(...pastFindings(moment, await pastOf(api, moment.at)));
  findings.push(
    ...purgedFindings(
      purged,
      site.purged.filter((one) => one.user === user.id),
    ),
  );
  const { differs } = await verifyStates(api, undefined);
  if (differs) findings.push({ problem: `the account's chain: ${JSON.stringify(differs)}` });
  if (findings.length > 0) throw new Error(inWords(findings, evidence));
  look?.(network.deliveries);
  const { acts, merges, conflicts, left } = told;
  const states = evidence.histories.reduce((all, { note }) => all + note.version, 0);
  return {
    acts,
    merges,
    conflicts,
    left,
    states,
    purged: purged.length,
    faults: sum(calls.counts.faults) - struckBefore,
    ...network.counts,
  };
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}

/** The database loses answers, most of them to what it has done. */
function disturb(faults: Site["dataApi"]["faults"]): void {
  const writes = { matching: /\b(insert into|update) /, times: "always" } as const;
  faults.plan({
    kind: "drop",
    when: "after",
    probability: 0.3,
    matching: /insert into purged/,
    times: "always",
  });
  faults.plan({ kind: "drop", when: "after", probability: 0.06, ...writes });
  faults.plan({ kind: "status", status: 500, when: "after", probability: 0.02, ...writes });
  faults.plan({ kind: "status", status: 503, when: "before", probability: 0.01, ...writes });
  faults.plan({ kind: "statement-timeout", when: "after", probability: 0.01, ...writes });
  // The connection is lost, and the call waits for another.
  faults.plan({ kind: "sql-state", sqlState: "57P01", when: "after", probability: 0.005, ...writes });
}
