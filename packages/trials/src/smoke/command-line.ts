// The command line of `npm run smoke`. Everything wrong with it is reported before anything is sent.
import { isHere, originOf } from "@notejam/cli/command-line";
import { command, EXIT, InvalidArgumentError, wholeNumber } from "@notejam/command-line";
import { localServiceAt } from "@notejam/command-line/local-service";
import { SITE_IN_WORDS, siteOf } from "../visitor/site.ts";
import { type SmokeOptions, secondsAtMost } from "./smoke.ts";

/** A database that was paused takes half a minute to come back. */
const STEP_SECONDS = { otherwise: 35, most: 600 };

/** The domain of accounts whose mails nobody reads: it is nobody's (RFC 2606). */
const NO_DOMAIN = "example.com";

const EXIT_CODES = `
Exit codes:
  ${EXIT.done}  each step passed
  ${EXIT.failed}  a step failed
  ${EXIT.misused}  the command line is wrong`;

/** @param walk takes the walk, and returns the exit code */
export function smokeCommand(walk: (options: SmokeOptions) => Promise<number>) {
  return command(
    "npm run smoke --",
    `Walks through Notejam as a user does, over HTTP: opens the page, signs up, writes a note, finds it, changes it, reads its history, deletes and restores it, deletes it for ever, resets the password, and signs out. It ends at the first step that fails, and says what was expected, and which request was answered how. Run it after each deployment, and at the end of each runbook.

It deletes its note for ever. Its account stays, since accounts can't be deleted yet: smoke-<random>@<domain>.`,
  )
    .argument("<url>", SITE_IN_WORDS, siteOf)
    .option(
      "--mailbox <url>",
      'where the account\'s mails can be read: it answers JSON, {"mails": [{"to": ["…"], "text": "…"}]}, and the account gets an address at its host. By default it is the outbox of npm start on this machine; elsewhere the password is not reset',
      mailboxUrl,
    )
    .option(
      "--timeout <seconds>",
      `how long one step may take, since a paused database needs half a minute; all together take at most ${secondsAtMost(0)} s more`,
      wholeNumber(1, STEP_SECONDS.most),
      STEP_SECONDS.otherwise,
    )
    .addHelpText("after", EXIT_CODES)
    .action(async (origin, { mailbox, timeout }) => {
      process.exitCode = await walk({ origin, ...mailboxOf(mailbox, origin), stepSeconds: timeout });
    });
}

function mailboxUrl(given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url && originOf(`${url.origin}/`) !== undefined) return url;
  throw new InvalidArgumentError("It must be an address like https://mailbox.example.com/mails.");
}

function mailboxOf(given: URL | undefined, origin: string): Pick<SmokeOptions, "mailbox" | "domain"> {
  if (given)
    return { mailbox: { url: given.href }, domain: isHere(given.origin) ? NO_DOMAIN : given.hostname };
  const here = isHere(origin) ? localServiceAt(origin, process.env) : undefined;
  const missing = isHere(origin)
    ? "the outbox is open to who started the service: set NOTEJAM_DATA_DIR to its folder, or give the link that it printed with --mailbox"
    : "nobody can read its mail: give the address of a mailbox with --mailbox";
  return { mailbox: here ? { url: here.outbox } : { missing }, domain: NO_DOMAIN };
}
