// A test mailbox: an address that answers the mails which came, as JSON, as `npm start` shows its outbox.
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "@notejam/client/problem";
import { sending } from "@notejam/client/send";
import { Unexpected, whatIs } from "../visitor/expectation.ts";

interface Mail {
  to: string[];
  text: string;
}

/** How long to wait before looking again. */
const LOOK_MS = 250;

/**
 * Waits for the mail with a link to choose a new password.
 * @param signal ends the wait
 * @returns the link's token
 * @throws Unexpected if the mailbox can't be read, or the link leads elsewhere; the signal's reason
 */
export async function tokenMailedTo(
  email: string,
  { mailbox, origin, signal }: { mailbox: string; origin: string; signal: AbortSignal },
): Promise<string> {
  for (;;) {
    const mail = (await mailsIn(mailbox, signal)).find(({ to }) => to.includes(email));
    if (mail) return tokenIn(mail.text, origin);
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
  }
}

function tokenIn(text: string, origin: string): string {
  const link = /https?:\/\/[^\s<>"']+/.exec(text)?.[0];
  const start = `${origin}/reset-password#`;
  if (link?.startsWith(start)) return link.slice(start.length);
  // The link opens the account, so only its beginning is said.
  const got = link === undefined ? "it has no link" : `its link leads to ${new URL(link).origin}`;
  throw new Unexpected(`a mail with a link to ${start.slice(0, -1)}`, got);
}

async function mailsIn(mailbox: string, signal: AbortSignal): Promise<Mail[]> {
  const expected = 'the mailbox to answer {"mails": [{"to": ["…"], "text": "…"}]}';
  const get = sending((input, init) => fetch(input, { ...init, signal }));
  let body: unknown;
  try {
    body = await (await get(mailbox, { headers: { accept: "application/json" } })).json();
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    throw new Unexpected(expected, thrown instanceof Problem ? whatIs(thrown) : "it answers no JSON");
  }
  if (hasMails(body)) return body.mails;
  throw new Unexpected(expected, "it answers something else");
}

function hasMails(body: unknown): body is { mails: Mail[] } {
  const mails: unknown = (body as { mails?: unknown } | null)?.mails;
  return (
    Array.isArray(mails) && mails.every((mail) => Array.isArray(mail?.to) && typeof mail.text === "string")
  );
}
