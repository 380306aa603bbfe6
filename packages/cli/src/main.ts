// `npm run notes -- import` and `npm run notes -- export`: moves folders of text files into an account and out of it,
// through the HTTP API like any other client. It decides what is printed, and the exit code.
import { Problem } from "@notejam/client/problem";
import type { User } from "@notejam/core/account/schema";
import { NotSignedIn, signIn, signOut } from "./account.ts";
import { EXIT, Misused, type Order, read, serviceOrigin } from "./command-line.ts";
import { type Connection, explain, NotNotejam, openConnection } from "./connection.ts";
import { exportFolder } from "./export.ts";
import { importFolder } from "./import.ts";
import { FolderUnfit } from "./manifest.ts";
import { printable } from "./printable.ts";
import { askPassword, PASSWORD_VARIABLE, Progress } from "./terminal.ts";

/** Why calls fail after Ctrl-C. */
class Stopped extends Error {
  override name = "Stopped";
}

const say = (line: string) => process.stdout.write(`${line}\n`);

async function perform(order: Order): Promise<number> {
  const origin = serviceOrigin();
  const password = await askPassword(order.email);
  if (password === null) return EXIT.stopped;
  if (password === undefined) {
    throw new Misused(
      `Set ${PASSWORD_VARIABLE} to the password, or run this in a terminal, which asks for it.`,
    );
  }
  const progress = new Progress();
  const connection = openConnection(origin, {
    stop: stopOnSignals(),
    onWait: (seconds) => progress.waiting(seconds),
  });
  const credentials = { email: order.email, password };
  const { user, created } = await signIn(connection, credentials, order.command === "import");
  if (created) say(`Created the account ${order.email}.`);
  try {
    return order.command === "import"
      ? await performImport(connection, user, order, progress)
      : await performExport(connection, user, order, progress);
  } finally {
    progress.clear();
    await signOut(connection);
  }
}

async function performImport(connection: Connection, user: User, order: Order, progress: Progress) {
  const report = await importFolder(connection, user.id, order.folder, {
    pattern: order.pattern,
    onProgress: (done, total) => progress.update(done, total, "files"),
  });
  progress.clear();
  const { created, there, changed, refused, links, total } = report;
  say(
    `${created} created, ${there} already there, ${changed.length} changed since, ${refused.length} refused.`,
  );
  if (links > 0) say(`${links} symbolic links were not followed.`);
  if (total === 0) say(`${printable(order.folder)} has no files to import.`);
  if (changed.length > 0) say("\nChanged since (their notes were left as they are):");
  for (const path of changed.sort()) say(`  ${printable(path)}`);
  sayRefused(refused);
  if (report.ended) return sayEnded(report.ended, report.done, total, connection);
  return changed.length + refused.length === 0 ? EXIT.done : EXIT.refused;
}

async function performExport(connection: Connection, user: User, order: Order, progress: Progress) {
  const report = await exportFolder(connection.api, user.id, order.folder, {
    onProgress: (done, total) => progress.update(done, total, "notes"),
  });
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
  if (!stopped) complain(error instanceof Problem ? new Failed(explain(error, connection)) : error);
  say(`\n${stopped ? "Stopped" : "Ended"} after ${done} of ${total}. Run it again to continue.`);
  return stopped ? EXIT.stopped : EXIT.failed;
}

/** The service did not do what was asked; the message is a sentence for the user. */
class Failed extends Error {
  override name = "Failed";
}

/** Prints one line where the user can do something about the error, and the whole error where it is a bug. */
function complain(error: unknown) {
  const kinds = [Misused, NotSignedIn, NotNotejam, Failed, FolderUnfit];
  const expected =
    error instanceof Error && (kinds.some((kind) => error instanceof kind) || "syscall" in error);
  const words = expected ? printable(error.message) : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${words}\n`);
}

/** Ctrl-C lets the calls under way end. A terminal under npm may deliver it twice at once; a later second one ends everything. */
function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  let first = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (first > 0 && performance.now() - first > 1000) process.exit(EXIT.stopped);
      first ||= performance.now();
      stop.abort(new Stopped("Stopped."));
    });
  }
  return stop.signal;
}

// A reader that has seen enough, such as head, closes the pipe: that is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? EXIT.done : EXIT.failed),
);

try {
  const order = read(process.argv.slice(2));
  if (typeof order === "string") process.stdout.write(order);
  else process.exitCode = await perform(order);
} catch (error) {
  if (error instanceof Stopped) {
    process.exitCode = EXIT.stopped;
  } else {
    complain(error);
    process.exitCode = error instanceof Misused ? EXIT.misused : EXIT.failed;
  }
}
