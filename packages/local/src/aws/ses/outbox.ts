// The outbox: SES's mails are kept here instead of being sent, and shown as a page or as JSON. They hold links that open
// accounts, so they stay in memory and end with the process, and only a link with a token shows them. The token stays in the
// page's address: a cookie of localhost would be sent to the servers of all its ports, other users' too.
import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type HttpResponse, isSecret, jsonText, plainText } from "../loopback.ts";
import type { Mail } from "./send-email.ts";

export interface KeptMail extends Mail {
  id: string;
  /** ISO 8601. */
  sentAt: string;
}

/** How many mails are kept; the oldest are dropped. */
const MAILS_MAX = 200;

/** On the site, beside the web app's paths. */
export const OUTBOX_PATH = "/_outbox";

export class Outbox {
  /** The newest first. */
  readonly mails: KeptMail[] = [];
  /** What the link to them shows. */
  readonly #token = randomBytes(16).toString("base64url");

  /** The path and query that open it. */
  get target(): string {
    return `${OUTBOX_PATH}?token=${this.#token}`;
  }

  /** @returns its id */
  add(mail: Mail): string {
    const id = randomUUID();
    this.mails.unshift({ id, sentAt: new Date().toISOString(), ...mail });
    this.mails.splice(MAILS_MAX);
    return id;
  }

  /** The mails as JSON if the request asks for it, otherwise as a page. */
  respond({ url = "", headers }: Pick<IncomingMessage, "url" | "headers">): HttpResponse {
    const shown = new URL(url, "http://localhost").searchParams.get("token") ?? undefined;
    if (!isSecret(shown, this.#token))
      return plainText(403, "Mails open accounts: open the link that the start of Notejam printed.", HEADERS);
    if (headers.accept?.includes("application/json")) return jsonText(200, { mails: this.mails }, HEADERS);
    return {
      status: 200,
      headers: { ...HEADERS, "content-type": "text/html; charset=utf-8" },
      body: this.#page(),
    };
  }

  #page(): string {
    const mails = this.mails.map(
      (mail) => `<article>
<h2>${escapeHtml(mail.subject)}</h2>
<p>To ${escapeHtml(mail.to.join(", "))}, from ${escapeHtml(mail.from)}, <time>${mail.sentAt}</time></p>
<pre>${withLinks(mail.text)}</pre>
</article>`,
    );
    return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Outbox</title>
<style>${STYLE}</style>
<h1>Outbox</h1>
<p>Mails are kept here instead of being sent, until Notejam stops.</p>
${mails.join("\n") || "<p>No mail yet.</p>"}
</html>
`;
  }
}

const STYLE =
  "body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}";

const HEADERS = {
  "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

const LINK = /https?:\/\/[^\s<>"']+/g;

/** The links in a mail's text. */
export function linksOf(text: string): string[] {
  return text.match(LINK) ?? [];
}

function withLinks(text: string): string {
  const escaped = linksOf(text).map((link) => `<a href="${escapeHtml(link)}">${escapeHtml(link)}</a>`);
  return text
    .split(LINK)
    .map((part, i) => escapeHtml(part) + (escaped[i] ?? ""))
    .join("");
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
