// Reads the command line of `npm run notes`: what to do, in which folder, for which account. It decides that everything
// wrong with the command line is reported before anything happens.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Email } from "@notejam/core/field/schema";
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

const HELP = {
  "": `Usage: npm run notes -- import <folder> --email <account>
       npm run notes -- export <folder> --email <account>

Imports a folder of Markdown and text files into an account, or exports an account's notes to a folder.
For details, run \`npm run notes -- import --help\` or \`npm run notes -- export --help\`.
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
};

/** The command line is wrong; the message is a sentence for the user. */
export class Misused extends Error {
  override name = "Misused";
}

export interface Order {
  command: "import" | "export";
  folder: string;
  email: string;
  pattern: string | undefined;
}

function isCommand(word: string | undefined): word is Order["command"] {
  return word === "import" || word === "export";
}

/** @returns the help to show, or what to do. @throws Misused */
export function read(args: string[]): string | Order {
  const [command, ...rest] = args;
  if (command === "--help" || command === "-h") return HELP[""];
  if (command === undefined) throw new Misused("Give import or export, a folder and --email.");
  if (!isCommand(command)) throw new Misused(`Unknown command "${command}": use import or export.`);

  const { values, positionals } = parse(command, rest);
  if (values.help) return HELP[command];
  const [folder, ...more] = positionals;
  if (folder === undefined || folder === "")
    throw new Misused(`Give a folder to ${command === "import" ? "import" : "export to"}.`);
  if (more.length > 0) throw new Misused(`Give one folder only: "${more[0]}" is too many.`);
  if (values.email === undefined) throw new Misused("Give the account's email with --email.");
  const email = Email.safeParse(values.email);
  if (!email.success) throw new Misused(`--email "${values.email}": ${email.error.issues[0]?.message}.`);
  const { match } = values;
  if (match === "" || match?.includes("/")) {
    throw new Misused("--match takes a pattern of file names, without folders, such as 'README*'.");
  }
  const path = fromWhereTyped(folder);
  if (command === "import" && !statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Misused(`${path} is not a folder.`);
  }
  return { command, folder: path, email: email.data, pattern: match };
}

function parse(command: Order["command"], args: string[]) {
  const text = { type: "string" } as const;
  const options = { email: text, match: text, help: { type: "boolean", short: "h" } } as const;
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true });
    if (command === "export" && parsed.values.match !== undefined) {
      throw new Misused("--match is only for import; an export writes all notes.");
    }
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

/** Where the service is. A password must not cross a network unencrypted. @throws Misused */
export function serviceOrigin(): string {
  const value = process.env[SERVICE_VARIABLE] || SERVICE_DEFAULT;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const here = url?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (!url || !(here || url.protocol === "https:") || url.href !== `${url.origin}/`) {
    // The value is not repeated, since it may contain a password.
    throw new Misused(
      `${SERVICE_VARIABLE} must be https://<host> or http://localhost:<port>, with nothing after it.`,
    );
  }
  return url.origin;
}
