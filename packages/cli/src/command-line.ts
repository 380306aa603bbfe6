// The command line of `npm run notes`: its commands, their arguments and options. Everything wrong with it is reported before
// anything happens.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { EXIT as COMMON, command, exiting, InvalidArgumentError, Misused } from "@notejam/command-line";
import { dataDirectory, readLocalService } from "@notejam/command-line/local-service";
import { Email, Id } from "@notejam/core/field/schema";
import { MANIFEST_FILE } from "./manifest.ts";
import { PASSWORD_VARIABLE } from "./terminal.ts";
import { KINDS_IN_WORDS } from "./walk.ts";

const SERVICE_VARIABLE = "NOTEJAM_URL";
const PORT_DEFAULT = "3000";

/** The common exit codes, and: some files were refused. */
export const EXIT = { ...COMMON, refused: 3 } as const;

const MORE_HELP = `
Environment:
  ${PASSWORD_VARIABLE}  the account's password; without it, the terminal asks
  ${SERVICE_VARIABLE}       the address of the service (default: the one that runs here, by its PORT, else by its
                    data in NOTEJAM_DATA_DIR, else http://localhost:${PORT_DEFAULT})

Exit codes:
  ${EXIT.done}    everything was done, or is as it was
  ${EXIT.failed}    something is lost or was changed, or the command failed
  ${EXIT.misused}    the command line is wrong
  ${EXIT.refused}    some files were refused or have changed
  ${EXIT.stopped}  you stopped it`;

interface Account {
  email: string;
}

interface Log {
  log?: string | undefined;
}

/** What the commands do. Each returns the exit code. */
export interface Acts {
  import(folder: string, options: Account & { match?: string | undefined }): Promise<number>;
  export(folder: string, options: Account): Promise<number>;
  verify(options: Account & Log & { note?: string | undefined }): Promise<number>;
  manifest(file: string, options: Account): Promise<number>;
  compare(file: string, options: Account & Log): Promise<number>;
  purged(file: string): Promise<number>;
  job(name: string): Promise<number>;
}

/** The command, which does what `acts` says and sets the exit code. */
export function notesCommand(acts: Acts) {
  return command(
    "npm run notes --",
    "Moves notes between folders and accounts, and checks that an account has every state that it had.",
  )
    .addHelpText("afterAll", MORE_HELP)
    .addCommand(importCommand(acts))
    .addCommand(exportCommand(acts))
    .addCommand(verifyCommand(acts))
    .addCommand(manifestCommand(acts))
    .addCommand(compareCommand(acts))
    .addCommand(purgedCommand(acts))
    .addCommand(jobCommand(acts));
}

/** A command for one account. */
function accountCommand(name: string, summary: string, description: string) {
  return command(name, description)
    .summary(summary)
    .requiredOption("--email <account>", "the account's email", emailOf);
}

function importCommand(acts: Acts) {
  return accountCommand(
    "import",
    "create notes from a folder of Markdown and text files",
    `Creates a note from each Markdown or text file in the folder and its subfolders. The top folder of a file becomes the note's pad, and the path below it the note's name. A file directly in <folder> becomes a note without a pad. The account is created if it is missing. You can run an import again: it only adds notes that are missing. It never changes a note, and reports files that have changed since they were imported.

Files: ${KINDS_IN_WORDS}.
A file must be UTF-8 (a byte order mark is removed), not empty and at most 512 KiB, and its path below the pad at most 100 characters. Symbolic links are not followed, unless <folder> is one. In a folder that was exported, ${MANIFEST_FILE} has the names of the pads and notes.`,
  )
    .argument("<folder>", "the folder to import", existingFolder)
    .option(
      "--match <pattern>",
      "only files whose names match, such as 'README*'; '*.rst' also imports files of that kind",
      namePattern,
    )
    .action(exiting((folder, options) => acts.import(folder, options)));
}

function exportCommand(acts: Acts) {
  return accountCommand(
    "export",
    "write an account's notes to a folder",
    `Writes each note to a file in the folder, which is created if it is missing. A pad becomes a folder, and a \`/\` in a note's name a subfolder. Characters that a file system refuses become \`_\`, equal names are numbered, and a name without a text extension gets .md. ${MANIFEST_FILE} keeps the original names, so that an import of the folder creates the same notes in any account. An export never overwrites a file.`,
  )
    .argument("<folder>", "the folder to export to", fromWhereTyped)
    .action(exiting((folder, options) => acts.export(folder, options)));
}

function verifyCommand(acts: Acts) {
  return accountCommand(
    "verify",
    "check that no state was changed or removed",
    "Checks the chain of all states of the account's notes and pads, or of one note, and names the first state that was changed or removed since it was written. With --log, it compares each note's newest state with the newest one in the service's log, which shows if somebody computed a chain anew.",
  )
    .option("--note <id>", "only this note", noteId)
    .option(
      "--log <file>",
      "lines of the service's log, oldest first: .notejam/log.jsonl, or what CloudWatch exports",
      existingFile,
    )
    .action(exiting((options) => acts.verify(options)));
}

function manifestCommand(acts: Acts) {
  return accountCommand(
    "manifest",
    "list all states of an account in a file",
    "Writes a list of all states of the account's notes to a new file: versions, and the SHA-256 of texts, without any text. After a database was restored from a backup, `npm run notes -- compare` shows what is lost.",
  )
    .argument("<file>", "the file to write", fromWhereTyped)
    .action(exiting((file, options) => acts.manifest(file, options)));
}

function compareCommand(acts: Acts) {
  return accountCommand(
    "compare",
    "compare an account with such a list",
    "Compares the account with a list that `npm run notes -- manifest` wrote: every text by its hash, every note by its chain. It prints what is lost or was changed.",
  )
    .argument("<file>", "the list", existingFile)
    .option(
      "--log <file>",
      "lines of the service's log: notes that were deleted for ever since are not lost",
      existingFile,
    )
    .action(exiting((file, options) => acts.compare(file, options)));
}

function purgedCommand(acts: Acts) {
  return command(
    "purged",
    "Finds in lines of the service's log what users deleted for ever, and prints it as the event of the function recover, which deletes it again in a database that was restored (stacks/RUNBOOKS.md). It asks no service. Run it with `npm run --silent notes -- purged <file>`.",
  )
    .summary("find in a log what was deleted for ever")
    .argument("<file>", "lines of the service's log", existingFile)
    .action(exiting((file) => acts.purged(file)));
}

function jobCommand(acts: Acts) {
  return command(
    "job",
    "Runs a scheduled job now, at a service of npm start on this machine, and prints what it counted: thin empties earlier states that are kept no longer, expire empties the trash, measure measures accounts, sweep deletes expired sessions, logPurged writes to the log what was deleted for ever.",
  )
    .summary("run a scheduled job of a service on this machine")
    .argument("<name>", "the job")
    .action(exiting((name) => acts.job(name)));
}

function emailOf(given: string): string {
  const email = Email.safeParse(given);
  if (email.success) return email.data;
  throw new InvalidArgumentError(`${email.error.issues[0]?.message}.`);
}

function noteId(given: string): string {
  if (Id.safeParse(given).success) return given.toLowerCase();
  throw new InvalidArgumentError("It is not the id of a note.");
}

function namePattern(given: string): string {
  if (given !== "" && !given.includes("/")) return given;
  throw new InvalidArgumentError("It must be a pattern of file names, without folders, such as 'README*'.");
}

function existingFolder(given: string): string {
  const folder = fromWhereTyped(given);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new InvalidArgumentError(`${folder} is not a folder.`);
}

function existingFile(given: string): string {
  const file = fromWhereTyped(given);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  throw new InvalidArgumentError(`${file} is not a file.`);
}

/** npm runs scripts in the project's folder; INIT_CWD is the folder that the command was typed in. */
function fromWhereTyped(path: string) {
  if (path === "") throw new InvalidArgumentError("It must be a path.");
  const typedIn = process.env.npm_lifecycle_event === "notes" ? process.env.INIT_CWD : undefined;
  return resolve(typedIn ?? ".", path);
}

/** Whether a service is on this machine. */
export function isHere(origin: string): boolean {
  return new URL(origin).protocol === "http:";
}

/** Where the service is: at the address of the environment, else on this machine, where `npm start` says. @throws Misused */
export function serviceOrigin(environment: NodeJS.ProcessEnv): string {
  const address = environment[SERVICE_VARIABLE];
  if (!address) return originHere(environment);
  const origin = originOf(address);
  // The value is not repeated, since it may contain a password.
  if (origin === undefined) throw new Misused(`${SERVICE_VARIABLE} must be ${ORIGINS_IN_WORDS}.`);
  return origin;
}

/** A service on a free port (0) is known by its data alone. */
function originHere({ PORT, ...environment }: NodeJS.ProcessEnv): string {
  if (PORT && !(/^\d{1,5}$/.test(PORT) && Number(PORT) <= 65_535))
    throw new Misused(`PORT must be a whole number from 0 to 65535, not "${PORT}".`);
  if (Number(PORT)) return `http://localhost:${Number(PORT)}`;
  return readLocalService(dataDirectory(environment))?.origin ?? `http://localhost:${PORT_DEFAULT}`;
}

/** The addresses that `originOf` takes. */
export const ORIGINS_IN_WORDS = "https://<host> or http://localhost:<port>, with nothing after it";

/** The origin of a service by its address; undefined if a password would cross a network unencrypted. */
export function originOf(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const here = url?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (!url || !(here || url.protocol === "https:") || url.href !== `${url.origin}/`) return undefined;
  return url.origin;
}
