// What must hold of an account after random acts over a bad network: nothing that was acknowledged is lost, and nothing is there
// that was not asked for. It compares what the service answered, what the devices told their users, and what the account has.
import { createHash } from "node:crypto";
import type { Revision } from "@notejam/core/revision/schema";
import type { History, pastOf, Whereabouts } from "./account.ts";
import type { Moment, Told } from "./device.ts";
import type { Delivery } from "./network.ts";
import {
  answerFindings,
  contentIn,
  type Finding,
  hasContent,
  isAbout,
  isRefused,
  lineOf,
  mayHaveMade,
} from "./requests.ts";
import { wordsOf } from "./texts.ts";

export interface Evidence {
  deliveries: readonly Delivery[];
  histories: readonly History[];
  whereabouts: Whereabouts;
  moments: readonly Moment[];
  told: Told;
  links: readonly { thing: string; version: number; link: string }[];
}

/** @returns what does not hold */
export function judge(evidence: Evidence): Finding[] {
  const histories = new Map(evidence.histories.map((history) => [history.id, history]));
  return [
    ...evidence.histories.flatMap((history) => [
      ...chainFindings(history),
      ...unexplained(history, evidence),
      ...contentFindings(history),
      ...trashFindings(history, evidence.whereabouts),
    ]),
    ...absent(evidence),
    ...evidence.deliveries.flatMap((delivery) => answerFindings(delivery, histories, evidence.moments)),
    ...padFindings(evidence.deliveries),
    ...toldFindings(evidence.told, histories),
    ...mergeFindings(evidence.told, histories),
    ...logFindings(evidence, histories),
  ];
}

// --- what the account has -------------------------------------------------------------------------------------------------

/** Each version is there once, each state is what its hashes say, and each link follows from the one before. */
function chainFindings({ id, note, states, total, verified }: History): Finding[] {
  const findings: Finding[] = [];
  const find = (problem: string) => void findings.push({ note: id, problem });
  if (states.size !== note.version || total !== note.version)
    find(`version ${note.version} has ${states.size} states, ${total} as the service counts them`);
  if (verified.differs) find(`verification: ${JSON.stringify(verified.differs)}`);
  if (verified.states !== note.version || verified.unlinked > 0)
    find(
      `verification of version ${note.version} checked ${verified.states} states, ${verified.unlinked} unlinked`,
    );
  let before = "";
  for (let version = 1; version <= note.version; version++) {
    const state = states.get(version);
    if (!state) {
      find(`version ${version} is missing`);
      continue;
    }
    if (sha256(Buffer.from(state.text)) !== state.hash)
      find(`version ${version} has not the text of its hash`);
    const link = sha256(Buffer.from(before + state.digest, "hex"));
    if (state.link !== link) find(`version ${version} is not linked to the one before`);
    before = state.link ?? "";
  }
  if (verified.newest?.link !== before) find("the newest link is not that of the newest state");
  if (!hasContent(states.get(note.version), note)) find("the newest state is not the note");
  return findings;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Deleting and restoring keep the content. */
function contentFindings({ id, states }: History): Finding[] {
  return [...states.values()].flatMap((state) => {
    const before = states.get(state.version - 1);
    const keeps = state.kind === "delete" || state.kind === "restore";
    const isKept = !keeps || (state.text === before?.text && state.name === before.name);
    return isKept
      ? []
      : [{ note: id, problem: `version ${state.version} (${state.kind}) has another content` }];
  });
}

/** A note that was deleted was in the trash, and one that was not came back with its pad. */
function trashFindings({ id, note, states }: History, { live, trashed }: Whereabouts): Finding[] {
  const kinds = [states.get(note.version - 1)?.kind, states.get(note.version)?.kind];
  const wasDeleted = kinds[1] === "restore" && kinds[0] === "delete";
  if (kinds[1] === "delete") return [{ note: id, problem: "it was deleted, and is live" }];
  if (live.has(id) ? true : wasDeleted && trashed.has(id)) return [];
  return [{ note: id, problem: "it was neither live, nor with its pad, nor in the trash" }];
}

// --- why each state is there ----------------------------------------------------------------------------------------------

/** States that no request made: each request makes one state of a note at most, however often the database carried it out. */
function unexplained(history: History, { deliveries, moments }: Evidence): Finding[] {
  const { id, states } = history;
  const able = deliveries.filter((delivery) => !isRefused(delivery) && isAbout(delivery, id));
  const madeBy = new Map<Delivery, Revision>();
  // A matching of states with requests, grown by augmenting paths.
  const explain = (state: Revision, tried: Set<Delivery>): boolean => {
    for (const delivery of able) {
      if (tried.has(delivery) || !mayHaveMade(delivery, history, state, moments)) continue;
      tried.add(delivery);
      const other = madeBy.get(delivery);
      if (other && !explain(other, tried)) continue;
      madeBy.set(delivery, state);
      return true;
    }
    return false;
  };
  return [...states.values()].flatMap((state) =>
    explain(state, new Set()) ? [] : [{ note: id, problem: `no request made version ${state.version}` }],
  );
}

/** Notes whose creation was acknowledged, and that are not there. */
function absent({ deliveries, histories }: Evidence): Finding[] {
  const there = new Set(histories.map(({ id }) => id));
  const created = deliveries.filter(
    ({ method, path, status }) => method === "POST" && path === "/api/notes" && [200, 201].includes(status),
  );
  return created.flatMap(({ body: { id } }) =>
    there.has(id) ? [] : [{ note: id, problem: "it was created, and is not there" }],
  );
}

// --- what was told, and the log -------------------------------------------------------------------------------------------

/** Every answer has the same name for the same version of a pad. */
function padFindings(deliveries: readonly Delivery[]): Finding[] {
  const names = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { path, answer } of deliveries) {
    if (path.startsWith("/api/history")) continue;
    for (const pad of [answer?.pad, ...(answer?.pads ?? [])]) {
      if (!pad) continue;
      const key = `${pad.id} ${pad.version}`;
      const known = names.get(key) ?? pad.name;
      names.set(key, known);
      if (known !== pad.name) findings.push({ problem: `pad ${key} is called ${known} and ${pad.name}` });
    }
  }
  return findings;
}

/** Every word that a device reported as saved is in a state of the note. */
function toldFindings({ saved, kept }: Told, histories: ReadonlyMap<string, History>): Finding[] {
  const lost = saved.flatMap(({ note, written }): Finding[] => {
    const state = histories.get(note.id)?.states.get(note.version);
    if (hasContent(state, written)) return [];
    return [{ note: note.id, problem: `a device has saved version ${note.version}, which differs` }];
  });
  const words = new Map(
    [...histories].map(([id, { states }]) => [
      id,
      new Set([...states.values()].flatMap(({ text }) => wordsOf(text))),
    ]),
  );
  const gone = kept.flatMap(({ ids, text }): Finding[] => {
    const missing = wordsOf(text).filter((word) => !ids.some((id) => words.get(id)?.has(word)));
    if (missing.length === 0) return [];
    return [{ note: ids.at(-1), problem: `a device has saved ${missing}, which no state has` }];
  });
  return [...lost, ...gone];
}

/** No save removes what its device has not shown, unless its user has decided so: what another device wrote is merged. */
function mergeFindings({ sent }: Told, histories: ReadonlyMap<string, History>): Finding[] {
  return sent.flatMap(({ id, base, text, hadShown }): Finding[] => {
    const states = histories.get(id)?.states;
    if (states?.get(base + 1)?.text !== text) return [];
    const left = new Set(wordsOf(text));
    const removed = wordsOf(states.get(base)?.text ?? "").filter(
      (word) => !left.has(word) && !hadShown(word),
    );
    if (removed.length === 0) return [];
    return [{ note: id, problem: `version ${base + 1} removed ${removed}, which its device never showed` }];
  });
}

/** Each link in the log is the state's, and each state that stood at a moment is there, or one that follows from it. */
function logFindings({ links, moments }: Evidence, histories: ReadonlyMap<string, History>): Finding[] {
  const logged = new Set(links.map(({ thing, version, link }) => `${thing} ${version} ${link}`));
  const others = links.flatMap(({ thing, version, link }): Finding[] => {
    const id = thing.replace("note ", "");
    const history = histories.get(id);
    if (!history || history.states.get(version)?.link === link) return [];
    return [{ note: id, problem: `the log has another link of version ${version}` }];
  });
  const missing = moments.flatMap(({ notes }) =>
    [...notes.values()].flatMap(({ id, version }): Finding[] => {
      const link = histories.get(id)?.states.get(version)?.link;
      if (logged.has(`note ${id} ${version} ${link}`)) return [];
      return [{ note: id, problem: `the log has no link of version ${version}` }];
    }),
  );
  return [...others, ...missing];
}

/** What was deleted for ever is what the log says, by which it is deleted again in a database that was restored. */
export function purgedFindings(
  table: readonly { kind: string; id: string }[],
  log: readonly { kind: string; id: string }[],
): Finding[] {
  const namesOf = (things: typeof table) => new Set(things.map(({ kind, id }) => `${kind} ${id}`));
  const [inTable, inLog] = [namesOf(table), namesOf(log)];
  const without = (some: ReadonlySet<string>, others: ReadonlySet<string>) =>
    [...some].filter((thing) => !others.has(thing));
  return [
    ...without(inTable, inLog).map((thing) => ({
      problem: `${thing} was deleted for ever, and no line of the log says so`,
    })),
    ...without(inLog, inTable).map((thing) => ({
      problem: `the log says that ${thing} was deleted for ever, and it was not`,
    })),
  ];
}

// --- the time machine -----------------------------------------------------------------------------------------------------

/** The time machine has exactly what stood at a moment. */
export function pastFindings(moment: Moment, past: Awaited<ReturnType<typeof pastOf>>): Finding[] {
  const findings: Finding[] = [];
  const find = (note: string, problem: string) =>
    void findings.push({ note, problem: `at ${moment.at} ${problem}` });
  const then = new Map(past.notes.map((note) => [note.id, note]));
  for (const [id, note] of moment.notes) {
    const stood = then.get(id);
    if (!stood) find(id, "it stood, and is not listed");
    else if (stood.version !== note.version || !hasContent(stood, contentIn(note)))
      find(id, `version ${note.version} stood, and ${stood.version} is listed, or with another content`);
  }
  for (const id of then.keys()) if (!moment.notes.has(id)) find(id, "it did not stand, and is listed");
  const names = (pads: Moment["pads"]) => JSON.stringify([...pads].sort());
  if (names(moment.pads) !== names(past.pads))
    findings.push({
      problem: `at ${moment.at} the pads were ${names(moment.pads)}, not ${names(past.pads)}`,
    });
  return findings;
}

// --- in words -------------------------------------------------------------------------------------------------------------

const REPORTED = 10;
const TRACED = 60;

/** The findings, with the states of the first note that has one, and what was sent to it. */
export function inWords(findings: readonly Finding[], { deliveries, histories }: Evidence): string {
  const lines = findings.slice(0, REPORTED).map(({ note, problem }) => `${note ?? "account"}: ${problem}`);
  if (findings.length > REPORTED) lines.push(`… and ${findings.length - REPORTED} more`);
  const id = findings.find(({ note }) => note)?.note;
  if (!id) return lines.join("\n");
  const short = (value: unknown) => JSON.stringify(value)?.slice(0, 160);
  const states = histories.find((one) => one.id === id)?.states.values() ?? [];
  const sent = deliveries.filter((delivery) => isAbout(delivery, id));
  return [
    ...lines,
    `Its states (${id}):`,
    ...[...states]
      .slice(0, TRACED)
      .map(({ version, kind, name, padId, text }) => short({ version, kind, name, padId, text })),
    "What was sent:",
    ...sent.slice(-TRACED).map((delivery) => lineOf(delivery, id)),
  ].join("\n");
}
