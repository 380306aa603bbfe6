// Reads the command line of `npm run notes`: what is to be done, in which folder, for whom. Whatever is wrong with it
// is said before anything happens.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Email } from "@notejam/core/field/schema";
import { MANIFEST_FILE } from "./manifest.ts";
import { PASSWORD_VARIABLE } from "./terminal.ts";
import { KINDS_IN_WORDS } from "./walk.ts";

const SERVICE_VARIABLE = "NOTEJAM_URL";
const SERVICE_DEFAULT = "http://localhost:3000";

/** All is in; it could not be done; it was typed wrong; some of it was refused; the user stopped it. */
export const EXIT = { done: 0, failed: 1, misused: 2, refused: 3, stopped: 130 } as const;

const ENVIRONMENT = `Environment:
  ${PASSWORD_VARIABLE}  the account's password; without it, the terminal asks
  ${SERVICE_VARIABLE}       the service, ${SERVICE_DEFAULT} unless set`;

const EXIT_CODES = `Exit code: ${EXIT.done} where everything is in, ${EXIT.failed} where it could not be done, ${EXIT.misused} where the command is wrong,
${EXIT.refused} where something was refused or has changed, ${EXIT.stopped} where you stopped it.`;

const HELP = {
  "": `Usage: npm run notes -- import <folder> --email <account>
       npm run notes -- export <folder> --email <account>

Brings a folder of Markdown and text files into an account, or an account's notes into a folder.
\`npm run notes -- import --help\` and \`npm run notes -- export --help\` say more.
`,
  import: `Usage: npm run notes -- import <folder> --email <account> [--match <pattern>]

Makes a note of each Markdown or text file in the folder and the folders below it. The top folder of a file is the
note's pad, and the path below that its name; a file directly in <folder> is in no pad. The account is made if it is
missing. Running it again adds nothing: a note that is there stays as it is, also where its file has changed since,
which is reported.

  --email <account>    the account's email
  --match <pattern>    only files whose names match, such as 'README*'; '*.rst' takes that kind of file too
  --help               this text

Files: ${KINDS_IN_WORDS}.
They must be UTF-8 (a byte order mark is taken off), not empty and at most 512 KiB, and their paths below the pad at
most 100 characters. Symbolic links are not followed, except where <folder> is one.
In a folder that was exported, ${MANIFEST_FILE} says how pads and notes were called.

${ENVIRONMENT}

${EXIT_CODES}
`,
  export: `Usage: npm run notes -- export <folder> --email <account>

Writes each note to a file in the folder, which is made if it is missing: a pad is a folder, \`/\` in a note's name makes
folders in it. Characters that a file system refuses become \`_\`, equal names are numbered, and a name without an
extension of text gets .md. ${MANIFEST_FILE} keeps the names as they were, so that an import of the folder makes the same
notes in any account. A file that is there is never written over.

  --email <account>    the account's email
  --help               this text

${ENVIRONMENT}

${EXIT_CODES}
`,
};

/** The command can't be run as it was typed; the message is a sentence for the user. */
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

/** @returns the help to show, or what to do */
export function read(args: string[]): string | Order {
  const [command, ...rest] = args;
  if (command === "--help" || command === "-h") return HELP[""];
  if (command === undefined) throw new Misused("Say import or export, a folder and --email.");
  if (!isCommand(command)) throw new Misused(`There is no "${command}": it is import or export.`);

  const { values, positionals } = parse(command, rest);
  if (values.help) return HELP[command];
  const [folder, ...more] = positionals;
  if (folder === undefined || folder === "") throw new Misused(`Say which folder to ${command}.`);
  if (more.length > 0) throw new Misused(`One folder at a time: "${more[0]}" is one too many.`);
  if (values.email === undefined) throw new Misused("Say which account, by --email.");
  const email = Email.safeParse(values.email);
  if (!email.success) throw new Misused(`--email "${values.email}": ${email.error.issues[0]?.message}.`);
  const { match } = values;
  if (match === "" || match?.includes("/")) {
    throw new Misused("--match takes a pattern of file names, without folders, such as 'README*'.");
  }
  const path = fromWhereTyped(folder);
  if (command === "import" && !statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Misused(`There is no folder ${path}.`);
  }
  return { command, folder: path, email: email.data, pattern: match };
}

function parse(command: Order["command"], args: string[]) {
  const text = { type: "string" } as const;
  const options = { email: text, match: text, help: { type: "boolean", short: "h" } } as const;
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true });
    if (command === "export" && parsed.values.match !== undefined) {
      throw new Misused("--match is for an import; an export writes all notes.");
    }
    return parsed;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Misused(`${error.message.split(". ", 1)[0]}. See npm run notes -- ${command} --help.`);
  }
}

/** npm runs scripts in the project's folder, whichever folder the command was typed in. */
function fromWhereTyped(folder: string) {
  const typedIn = process.env.npm_lifecycle_event === "notes" ? process.env.INIT_CWD : undefined;
  return resolve(typedIn ?? ".", folder);
}

/** A password must not cross a network in the clear. */
export function serviceOrigin(): string {
  const value = process.env[SERVICE_VARIABLE] || SERVICE_DEFAULT;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const here = url?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (!url || !(here || url.protocol === "https:") || url.href !== `${url.origin}/`) {
    // The value is not repeated: it may hold a password.
    throw new Misused(
      `${SERVICE_VARIABLE} must be https://<host>, or http://localhost with a port, and nothing after that.`,
    );
  }
  return url.origin;
}
