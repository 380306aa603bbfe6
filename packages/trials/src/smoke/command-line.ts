// Reads the command line of `npm run smoke`. It decides that everything wrong with it is reported before anything is sent.
import { isHere, ORIGINS_IN_WORDS, originOf } from "@notejam/cli/command-line";
import { Misused, parse, siteOf, wholeNumber } from "../visitor/command-line.ts";
import { type SmokeOptions, secondsAtMost } from "./smoke.ts";

/** Each step passed; one failed; the command line is wrong. */
export const EXIT = { passed: 0, failed: 1, misused: 2 } as const;

/** A database that was paused takes half a minute to come back. */
const STEP_SECONDS = { otherwise: 35, most: 600 };

/** The domain of accounts whose mails nobody reads: it is nobody's (RFC 2606). */
const NO_DOMAIN = "example.com";

/** Where `npm start` shows the mails that it sends. */
const OUTBOX_PATH = "/_outbox";

export const HELP = `Usage: npm run smoke -- <url> [--mailbox <url>] [--timeout <seconds>]

Walks through Notejam as a user does, over HTTP: opens the page, signs up, writes a note, finds it, changes it, reads its history,
deletes and restores it, deletes it for ever, resets the password, and signs out. It ends at the first step that fails, and says
what was expected, and which request was answered how. Run it after each deployment, and at the end of each runbook.

It deletes its note for ever. Its account stays, since accounts can't be deleted yet: smoke-<random>@<domain>.

  <url>                the site: ${ORIGINS_IN_WORDS}
  --mailbox <url>      where the account's mails can be read: it answers JSON, {"mails": [{"to": ["…"], "text": "…"}]},
                       and the account gets an address at its host. Default: the outbox of npm start on this machine.
                       Elsewhere, without it, the password is not reset
  --timeout <seconds>  how long one step may take (default ${STEP_SECONDS.otherwise}: a paused database needs half a minute); all together
                       take at most ${secondsAtMost(0)} s more
  --help               show this text

Exit codes:
  ${EXIT.passed}  each step passed
  ${EXIT.failed}  a step failed
  ${EXIT.misused}  the command line is wrong
`;

/** @returns undefined if the help is to be shown. @throws Misused */
export function read(args: string[]): SmokeOptions | undefined {
  const { values, positionals } = parse("smoke", args, {
    mailbox: { type: "string" },
    timeout: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  });
  if (values.help) return undefined;
  const origin = siteOf(positionals);
  const stepSeconds = wholeNumber("--timeout", values.timeout, STEP_SECONDS);
  return { origin, ...mailboxOf(values.mailbox, origin), stepSeconds };
}

function mailboxOf(given: string | undefined, origin: string): Pick<SmokeOptions, "mailbox" | "domain"> {
  if (given === undefined) {
    const missing = "nobody can read its mail: give the address of a mailbox with --mailbox";
    const mailbox = isHere(origin) ? { url: origin + OUTBOX_PATH } : { missing };
    return { mailbox, domain: NO_DOMAIN };
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || originOf(`${url.origin}/`) === undefined)
    throw new Misused("--mailbox must be an address like https://mailbox.example.com/mails.");
  return { mailbox: { url: url.href }, domain: isHere(url.origin) ? NO_DOMAIN : url.hostname };
}
