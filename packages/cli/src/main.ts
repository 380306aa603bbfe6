// `npm run notes -- import` and `npm run notes -- export`: folders of text files in and out of an account, through the
// HTTP API like any other client.
import type { User } from "@notejam/core/account/schema";
import { NotSignedIn, signIn, signOut } from "./account.ts";
import { Api, Refusal, Stopped, Unreachable } from "./api.ts";
import { EXIT, Misused, type Order, read, serviceOrigin } from "./command-line.ts";
import { exportFolder } from "./export.ts";
import { importFolder } from "./import.ts";
import { FolderUnfit } from "./manifest.ts";
import { printable } from "./printable.ts";
import { askPassword, PASSWORD_VARIABLE, Progress } from "./terminal.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);

async function perform(order: Order): Promise<number> {
  const origin = serviceOrigin();
  const password = await askPassword(order.email);
  if (password === null) return EXIT.stopped;
  if (password === undefined) {
    throw new Misused(
      `Put the password into ${PASSWORD_VARIABLE}, or run this in a terminal, which asks for it.`,
    );
  }
  const progress = new Progress();
  const api = new Api(origin, { stop: stopOnSignals(), onWait: (seconds) => progress.waiting(seconds) });
  const { user, made } = await signIn(api, { email: order.email, password }, order.command === "import");
  if (made) say(`Made the account ${order.email}.`);
  try {
    return order.command === "import"
      ? await performImport(api, user, order, progress)
      : await performExport(api, user, order, progress);
  } finally {
    progress.clear();
    await signOut(api);
  }
}

async function performImport(api: Api, user: User, order: Order, progress: Progress) {
  const report = await importFolder(api, user.id, order.folder, {
    pattern: order.pattern,
    onProgress: (done, total) => progress.update(done, total, "files"),
  });
  progress.clear();
  const { created, there, changed, refused, links, total } = report;
  say(
    `${created} created, ${there} already there, ${changed.length} changed since, ${refused.length} refused.`,
  );
  if (links > 0) say(`${links} symbolic links were not followed.`);
  if (total === 0) say(`There is no file to import in ${printable(order.folder)}.`);
  if (changed.length > 0) say("\nChanged since (the notes stay as they are):");
  for (const path of changed.sort()) say(`  ${printable(path)}`);
  sayRefused(refused);
  if (report.ended) return sayEnded(report.ended, report.done, total);
  return changed.length + refused.length === 0 ? EXIT.done : EXIT.refused;
}

async function performExport(api: Api, user: User, order: Order, progress: Progress) {
  const report = await exportFolder(api, user.id, order.folder, {
    onProgress: (done, total) => progress.update(done, total, "notes"),
  });
  progress.clear();
  const { written, there, refused, total } = report;
  say(`${written} written, ${there} already there, ${refused.length} refused.`);
  sayRefused(refused);
  if (report.ended) return sayEnded(report.ended, report.done, total);
  return refused.length === 0 ? EXIT.done : EXIT.refused;
}

function sayRefused(refused: { path: string; reason: string }[]) {
  if (refused.length > 0) say("\nRefused:");
  refused.sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, reason } of refused) say(`  ${printable(path)}: ${printable(reason)}`);
}

function sayEnded(error: Error, done: number, total: number) {
  const stopped = error instanceof Stopped;
  if (!stopped) complain(error);
  say(`\n${stopped ? "Stopped" : "Ended"} after ${done} of ${total}. Run it again to go on.`);
  return stopped ? EXIT.stopped : EXIT.failed;
}

/** One line for what the user can do something about; the whole error for what is a fault of ours. */
function complain(error: unknown) {
  const kinds = [Misused, NotSignedIn, Unreachable, Refusal, FolderUnfit];
  const expected =
    error instanceof Error && (kinds.some((kind) => error instanceof kind) || "syscall" in error);
  const words = expected ? printable(error.message) : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${words}\n`);
}

/** Ctrl-C lets the requests under way end. npm's terminal may deliver it twice at once; a second one later ends everything. */
function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  let first = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (first > 0 && performance.now() - first > 1000) process.exit(EXIT.stopped);
      first ||= performance.now();
      stop.abort();
    });
  }
  return stop.signal;
}

// A reader that has seen enough, such as head, is no error.
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
