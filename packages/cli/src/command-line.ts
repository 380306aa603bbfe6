// Reads the command line of `npm run notes`: what to do, with which folder or file, for which account. It decides that
// everything wrong with the command line is reported before anything happens.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Email, Id } from "@notejam/core/field/schema";
import { MANIFEST_FILE } from "./manifest.ts";
import { PASSWORD_VARIABLE } from "./terminal.ts";
import { KINDS_IN_WORDS } from "./walk.ts";

const SERVICE_VARIABLE = "NOTEJAM_URL";
const SERVICE_DEFAULT = "http://localhost:3000";

/** Everything was done; the command failed; it was typed wrong; some files were refused; the user stopped it. */
export const EXIT = { done: 0, failed: 1, misused: 2, refused: 3, stopped: 130 } as const;

const ENVIRONMENT = `Environment:
  ${PASSWORD_VARIABLE}  the account's password; without it, the terminal asks
  ${SERVICE_VARIABLE}       the address of the service (default ${SERVICE_DEFAULT})`;

const EXIT_CODES = `Exit codes:
  ${EXIT.done}    everything was done
  ${EXIT.failed}    the command failed
  ${EXIT.misused}    the command line is wrong
  ${EXIT.refused}    some files were refused or have changed
  ${EXIT.stopped}  you stopped it`;

const EXIT_CODES_OF_CHECKS = `Exit codes:
  ${EXIT.done}    everything is as it was
  ${EXIT.failed}    something is lost or another one, or the command failed
  ${EXIT.misused}    the command line is wrong
  ${EXIT.stopped}  you stopped it`;

const HELP = {
  "": `Usage: npm run notes -- import <folder> --email <account>
       npm run notes -- export <folder> --email <account>
       npm run notes -- verify --email <account> [--note <id>] [--log <file>]
       npm run notes -- manifest <file> --email <account>
       npm run notes -- compare <file> --email <account> [--log <file>]
       npm run notes -- purged <file>
       npm run notes -- job <name>

Imports a folder of Markdown and text files into an account, or exports an account's notes to a folder.
Verifies that no state of an account was changed or removed, lists all its states, and compares it with such a list.
Finds in a log what was deleted for ever. Runs a scheduled job of a service on this machine.
For details, run \`npm run notes -- <command> --help\`.
`,
  import: `Usage: npm run notes -- import <folder> --email <account> [--match <pattern>]

Creates a note from each Markdown or text file in the folder and its subfolders. The top folder of a file becomes the
note's pad, and the path below it the note's name. A file directly in <folder> becomes a note without a pad. The account
is created if it is missing. You can run an import again: it only adds notes that are missing. It never changes a note,
and reports files that have changed since they were imported.

  --email <account>    the account's email
  --match <pattern>    only files whose names match, such as 'README*'; '*.rst' also imports files of that kind
  --help               show this text

Files: ${KINDS_IN_WORDS}.
A file must be UTF-8 (a byte order mark is removed), not empty and at most 512 KiB, and its path below the pad at most
100 characters. Symbolic links are not followed, unless <folder> is one.
In a folder that was exported, ${MANIFEST_FILE} has the names of the pads and notes.

${ENVIRONMENT}

${EXIT_CODES}
`,
  export: `Usage: npm run notes -- export <folder> --email <account>

Writes each note to a file in the folder, which is created if it is missing. A pad becomes a folder, and a \`/\` in a
note's name a subfolder. Characters that a file system refuses become \`_\`, equal names are numbered, and a name without
a text extension gets .md. ${MANIFEST_FILE} keeps the original names, so that an import of the folder creates the same
notes in any account. An export never overwrites a file.

  --email <account>    the account's email
  --help               show this text

${ENVIRONMENT}

${EXIT_CODES}
`,
  verify: `Usage: npm run notes -- verify --email <account> [--note <id>] [--log <file>]

Checks the chain of all states of the account's notes and pads, or of one note, and names the first state that was changed
or removed since it was written. With --log, it compares each note's newest state with the newest one in the service's log,
which shows if somebody computed a chain anew.

  --email <account>    the account's email
  --note <id>          only this note
  --log <file>         lines of the service's log, oldest first: .notejam/log.jsonl, or what CloudWatch exports
  --help               show this text

${ENVIRONMENT}

${EXIT_CODES_OF_CHECKS}
`,
  manifest: `Usage: npm run notes -- manifest <file> --email <account>

Writes a list of all states of the account's notes to a new file: versions, and the SHA-256 of texts, without any text.
After a database was restored from a backup, \`npm run notes -- compare\` shows what is lost.

  --email <account>    the account's email
  --help               show this text

${ENVIRONMENT}

${EXIT_CODES}
`,
  compare: `Usage: npm run notes -- compare <file> --email <account> [--log <file>]

Compares the account with a list that \`npm run notes -- manifest\` wrote: every text by its hash, every note by its chain.
It prints what is lost or another one.

  --email <account>    the account's email
  --log <file>         lines of the service's log: notes that were deleted for ever since are not lost
  --help               show this text

${ENVIRONMENT}

${EXIT_CODES_OF_CHECKS}
`,
  purged: `Usage: npm run --silent notes -- purged <file>

Finds in lines of the service's log what users deleted for ever, and prints it as the event of the function recover, which
deletes it again in a database that was restored (stacks/RUNBOOKS.md). It asks no service.

  --help               show this text
`,
  job: `Usage: npm run notes -- job <name>

Runs a scheduled job now, at a service of npm start on this machine, and prints what it counted: thin empties earlier states
that are kept no longer, expire empties the trash, measure measures accounts, sweep deletes expired sessions.

  --help               show this text

Environment:
  ${SERVICE_VARIABLE}       the address of the service (default ${SERVICE_DEFAULT})
`,
};

/** The command line is wrong; the message is a sentence for the user. */
export class Misused extends Error {
  override name = "Misused";
}

/** What moves notes between a folder and an account. */
export interface FolderOrder {
  command: "import" | "export";
  folder: string;
  email: string;
  pattern: string | undefined;
}

/** What checks an account. */
export type CheckOrder =
  | { command: "verify"; email: string; note: string | undefined; log: string | undefined }
  | { command: "manifest"; email: string; file: string }
  | { command: "compare"; email: string; file: string; log: string | undefined };

export interface PurgedOrder {
  command: "purged";
  file: string;
}

export interface JobOrder {
  command: "job";
  name: string;
}

export type Order = FolderOrder | CheckOrder | PurgedOrder | JobOrder;
type Command = Order["command"];

/** The options that each command has, beside --help. */
const OPTIONS: Record<Command, readonly ("email" | "match" | "note" | "log")[]> = {
  import: ["email", "match"],
  export: ["email"],
  verify: ["email", "note", "log"],
  manifest: ["email"],
  compare: ["email", "log"],
  purged: [],
  job: [],
};

const COMMANDS = Object.keys(OPTIONS) as Command[];

function isCommand(word: string | undefined): word is Command {
  return COMMANDS.some((command) => command === word);
}

/** @returns the help to show, or what to do. @throws Misused */
export function read(args: string[]): string | Order {
  const [command, ...rest] = args;
  if (command === "--help" || command === "-h") return HELP[""];
  if (command === undefined) throw new Misused(`Give a command: ${COMMANDS.join(", ")}. See --help.`);
  if (!isCommand(command))
    throw new Misused(`Unknown command "${command}": use one of ${COMMANDS.join(", ")}.`);

  const { values, positionals } = parse(command, rest);
  if (values.help) return HELP[command];
  const given = one(positionals, command);
  if (command === "job") return { command, name: given };
  if (command === "purged") return { command, file: fileOf(given) };
  const email = emailOf(values.email);
  if (command === "import" || command === "export")
    return folderOrder(command, fromWhereTyped(given), email, values.match);
  if (command === "manifest") return { command, email, file: fromWhereTyped(given) };
  const log = values.log && fileOf(values.log);
  if (command === "compare") return { command, email, file: fileOf(given), log };
  if (values.note !== undefined && !Id.safeParse(values.note).success)
    throw new Misused(`--note "${values.note}" is not the id of a note.`);
  return { command, email, note: values.note?.toLowerCase(), log };
}

function emailOf(value: string | undefined): string {
  if (value === undefined) throw new Misused("Give the account's email with --email.");
  const email = Email.safeParse(value);
  if (email.success) return email.data;
  throw new Misused(`--email "${value}": ${email.error.issues[0]?.message}.`);
}

function folderOrder(
  command: FolderOrder["command"],
  folder: string,
  email: string,
  match: string | undefined,
) {
  if (match === "" || match?.includes("/")) {
    throw new Misused("--match takes a pattern of file names, without folders, such as 'README*'.");
  }
  if (command === "import" && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Misused(`${folder} is not a folder.`);
  }
  return { command, folder, email, pattern: match };
}

/** What each command is given beside its options. */
const GIVEN: Record<Command, string> = {
  import: "folder to import",
  export: "folder to export to",
  verify: "",
  manifest: "file to write",
  compare: "file to compare with",
  purged: "file with lines of the log",
  job: "job",
};

function one([given, ...more]: string[], command: Command): string {
  const what = GIVEN[command];
  if (what === "") {
    if (given !== undefined) throw new Misused(`${command} takes options only: "${given}" is too many.`);
    return "";
  }
  if (given === undefined || given === "") throw new Misused(`Give a ${what}.`);
  const [noun] = what.split(" ");
  if (more.length > 0) throw new Misused(`Give one ${noun} only: "${more[0]}" is too many.`);
  return given;
}

/** @throws Misused unless it is a file */
function fileOf(path: string): string {
  const file = fromWhereTyped(path);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new Misused(`${file} is not a file.`);
  return file;
}

function parse(command: Command, args: string[]) {
  const text = { type: "string" } as const;
  const options = {
    email: text,
    match: text,
    note: text,
    log: text,
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true });
    if (command === "export" && parsed.values.match !== undefined) {
      throw new Misused("--match is only for import; an export writes all notes.");
    }
    for (const name of ["email", "match", "note", "log"] as const)
      if (parsed.values[name] !== undefined && !OPTIONS[command].includes(name))
        throw new Misused(`${command} has no option --${name}. See npm run notes -- ${command} --help.`);
    return parsed;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Misused(`${error.message.split(". ", 1)[0]}. See npm run notes -- ${command} --help.`);
  }
}

/** npm runs scripts in the project's folder; INIT_CWD is the folder that the command was typed in. */
function fromWhereTyped(folder: string) {
  const typedIn = process.env.npm_lifecycle_event === "notes" ? process.env.INIT_CWD : undefined;
  return resolve(typedIn ?? ".", folder);
}

/** Whether a service is on this machine. */
export function isHere(origin: string): boolean {
  return new URL(origin).protocol === "http:";
}

/** Where the service is. @throws Misused */
export function serviceOrigin(): string {
  const origin = originOf(process.env[SERVICE_VARIABLE] || SERVICE_DEFAULT);
  // The value is not repeated, since it may contain a password.
  if (origin === undefined) throw new Misused(`${SERVICE_VARIABLE} must be ${ORIGINS_IN_WORDS}.`);
  return origin;
}

/** The addresses that `originOf` takes. */
export const ORIGINS_IN_WORDS = "https://<host> or http://localhost:<port>, with nothing after it";

/** The origin of a service by its address; undefined where a password would cross a network unencrypted. */
export function originOf(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const here = url?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (!url || !(here || url.protocol === "https:") || url.href !== `${url.origin}/`) return undefined;
  return url.origin;
}
