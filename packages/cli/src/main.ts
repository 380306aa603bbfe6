// `npm run notes`: moves folders of text files into an account and out of it, and checks that an account is whole, through the
// HTTP API like any other client. It decides what is printed, and the exit code.
import type { Api } from "@notejam/client";
import { Problem } from "@notejam/client/problem";
import { Failed, Misused, run } from "@notejam/command-line";
import { printable } from "@notejam/command-line/printable";
import type { User } from "@notejam/core/account/schema";
import { signIn, signOut } from "./account.ts";
import { EXIT, isHere, notesCommand, serviceOrigin } from "./command-line.ts";
import { type Connection, explain, openConnection } from "./connection.ts";
import { exportFolder } from "./export.ts";
import { importFolder } from "./import.ts";
import { runJob } from "./job.ts";
import { type Logged, readLog } from "./log-lines.ts";
import { unlessMissing } from "./missing.ts";
import { compareStates, listStates, readStates, writeStates } from "./states.ts";
import { askPassword, PASSWORD_VARIABLE, Progress, stopOnSignals } from "./terminal.ts";
import { compareWithLog, verifyStates } from "./verify.ts";

/** Why calls fail after Ctrl-C. */
class Stopped extends Error {
  override name = "Stopped";
}

const say = (line: string) => process.stdout.write(`${line}\n`);

interface Session {
  connection: Connection;
  user: User;
  progress: Progress;
}

/**
 * Signs in, does something with the account, and signs out.
 * @param create whether a missing account is created
 * @returns the exit code
 */
async function inAccount(
  email: string,
  act: (session: Session) => Promise<number>,
  create = false,
): Promise<number> {
  const origin = serviceOrigin(process.env);
  const password = await askPassword(email);
  if (password === null) return EXIT.stopped;
  if (password === undefined) {
    throw new Misused(
      `Set ${PASSWORD_VARIABLE} to the password, or run this in a terminal, which asks for it.`,
    );
  }
  const progress = new Progress();
  const connection = openConnection(origin, {
    stop: stopOnSignals(new Stopped("Stopped."), EXIT.stopped),
    onWait: (seconds) => progress.waiting(seconds),
  });
  try {
    const { user, created } = await signIn(connection, { email, password }, create);
    if (created) say(`Created the account ${email}.`);
    try {
      return await act({ connection, user, progress });
    } catch (error) {
      throw error instanceof Problem ? new Failed(explain(error, connection)) : error;
    } finally {
      progress.clear();
      await signOut(connection);
    }
  } catch (error) {
    if (error instanceof Stopped) return EXIT.stopped;
    throw error;
  }
}

/** What Lambda takes as the event of a call that waits for the answer, with some room. */
const EVENT_BYTES_MAX = 5_500_000;

async function performPurged(file: string) {
  // A thing is logged by its request and by a job, and again at each repetition.
  const things = new Map(
    (await readLog(file)).purged.map((one) => [`${one.user} ${one.kind} ${one.id}`, one]),
  );
  const event = JSON.stringify({ purged: [...things.values()] });
  if (event.length > EVENT_BYTES_MAX)
    throw new Failed("This is too much for one call of the function recover: split the file by its lines.");
  say(event);
  return EXIT.done;
}

async function performJob(name: string) {
  const origin = serviceOrigin(process.env);
  if (!isHere(origin))
    throw new Misused("A job runs on this machine only. On AWS, invoke its function in the console.");
  const counts = await runJob(origin, name);
  say(
    `${name}: ${Object.entries(counts)
      .map(([what, n]) => `${n} ${what}`)
      .join(", ")}.`,
  );
  return EXIT.done;
}

async function performVerify(
  { connection: { api }, progress }: Session,
  note: string | undefined,
  log: string | undefined,
) {
  const logged = log && (await readLog(log));
  const checked = await unlessMissing(verifyStates(api, note, progress.counting("states")));
  if (!checked) throw new Failed("The account has no note of this id.");
  progress.clear();
  const { states, thinned, unlinked, differs, newest } = checked;
  say(`${states} states checked: ${thinned} thinned, ${unlinked} from before the chain.`);
  if (newest) say(`The newest state is version ${newest.version}, with the link ${newest.link}.`);
  if (differs)
    say(
      `The first that differs: ${differs.kind} ${differs.id}, version ${differs.version} (${PROBLEMS[differs.problem]}).`,
    );
  const logDiffers = logged ? await performLogComparison(api, logged, note, progress) : false;
  return differs || logDiffers ? EXIT.failed : EXIT.done;
}

const PROBLEMS = {
  missing: "it is missing",
  content: "its content was changed",
  link: "it does not follow the state before",
  unlinked: "it has no place in the chain",
};

/** @returns whether something is not as the log has it */
async function performLogComparison(api: Api, logged: Logged, note: string | undefined, progress: Progress) {
  const found = await compareWithLog(api, logged, note, progress.counting("notes of the log"));
  progress.clear();
  const { same, later, absent, differs } = found;
  say(
    `${same} notes are as in the log, ${later} were changed after its last line, ${differs.length} differ.`,
  );
  if (absent.length > 0)
    say(`${absent.length} notes of the log are not in this account: another's, or removed without a trace.`);
  for (const { note, problem } of differs) say(`  note ${note}: ${problem}`);
  return differs.length > 0;
}

async function performManifest({ connection: { api }, user, progress }: Session, file: string) {
  const list = await listStates(api, user.id, progress.counting("notes"));
  progress.clear();
  await writeStates(file, list);
  say(`${printable(file)} lists ${list.notes.length} notes.`);
  return EXIT.done;
}

async function performCompare(
  { connection: { api }, user, progress }: Session,
  file: string,
  log: string | undefined,
) {
  const list = await readStates(file);
  if (list.account !== user.id) throw new Failed("The list is of another account.");
  const purged = log ? (await readLog(log)).purged : [];
  const gone = new Set(purged.map(({ id }) => id));
  const found = await compareStates(api, list, gone, progress.counting("notes"));
  progress.clear();
  say(
    `${found.notes} notes compared: ${found.same} states are as they were, ${found.thinned} were thinned since, ${found.unread} are in the trash.`,
  );
  say(
    `${found.later} notes have later states, ${found.purged} were deleted for ever, ${found.lost.length} differ.`,
  );
  for (const { note, problem } of found.lost) say(`  note ${note}: ${problem}`);
  return found.lost.length > 0 ? EXIT.failed : EXIT.done;
}

async function performImport(
  { connection, user, progress }: Session,
  folder: string,
  pattern: string | undefined,
) {
  const onProgress = progress.counting("files");
  const report = await importFolder(connection, user.id, folder, { pattern, onProgress });
  progress.clear();
  const { created, there, changed, refused, links, total } = report;
  say(
    `${created} created, ${there} already there, ${changed.length} changed since, ${refused.length} refused.`,
  );
  if (links > 0) say(`${links} symbolic links were not followed.`);
  if (total === 0) say(`${printable(folder)} has no files to import.`);
  if (changed.length > 0) say("\nChanged since (their notes were left as they are):");
  for (const path of changed.sort()) say(`  ${printable(path)}`);
  sayRefused(refused);
  if (report.ended) return sayEnded(report.ended, report.done, total, connection);
  return changed.length + refused.length === 0 ? EXIT.done : EXIT.refused;
}

async function performExport({ connection, user, progress }: Session, folder: string) {
  const report = await exportFolder(connection.api, user.id, folder, progress.counting("notes"));
  progress.clear();
  const { written, there, refused, total } = report;
  say(`${written} written, ${there} already there, ${refused.length} refused.`);
  sayRefused(refused);
  if (report.ended) return sayEnded(report.ended, report.done, total, connection);
  return refused.length === 0 ? EXIT.done : EXIT.refused;
}

function sayRefused(refused: { path: string; reason: string }[]) {
  if (refused.length > 0) say("\nRefused:");
  refused.sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, reason } of refused) say(`  ${printable(path)}: ${printable(reason)}`);
}

function sayEnded(error: Error, done: number, total: number, connection: Connection) {
  const stopped = error instanceof Stopped;
  if (!stopped) {
    const failed = error instanceof Problem ? new Failed(explain(error, connection)) : error;
    process.stderr.write(`${inOneLine(failed) ?? error.stack}\n`);
  }
  say(`\n${stopped ? "Stopped" : "Ended"} after ${done} of ${total}. Run it again to continue.`);
  return stopped ? EXIT.stopped : EXIT.failed;
}

/** The line for an error that the user can do something about; undefined for a bug. */
function inOneLine(error: unknown): string | undefined {
  const isExpected = error instanceof Error && (error instanceof Failed || "syscall" in error);
  return isExpected ? printable(error.message) : undefined;
}

await run(
  notesCommand({
    import: (folder, { email, match }) =>
      inAccount(email, (session) => performImport(session, folder, match), true),
    export: (folder, { email }) => inAccount(email, (session) => performExport(session, folder)),
    verify: ({ email, note, log }) => inAccount(email, (session) => performVerify(session, note, log)),
    manifest: (file, { email }) => inAccount(email, (session) => performManifest(session, file)),
    compare: (file, { email, log }) => inAccount(email, (session) => performCompare(session, file, log)),
    purged: performPurged,
    job: performJob,
  }),
  inOneLine,
);
