// The mail function. It sends the link to choose a new password, if the address has an account. The API does not wait for it.
// If it fails, Lambda invokes it again. Each invocation sends a new link, and all of them work.
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { config } from "@notejam/core/config";
import * as PasswordReset from "@notejam/core/password-reset/index";
import { RESET_MINUTES } from "@notejam/core/password-reset/schema";
import type { Context } from "aws-lambda";
import { logInvocation } from "../invocation.ts";
import type { ResetMail } from "./invoke.ts";

let client: SESv2Client | undefined;

/** @throws Error if the mail could not be sent, so that Lambda repeats it */
export async function handler(event: ResetMail, lambda: Pick<Context, "awsRequestId">): Promise<void> {
  await logInvocation("reset mail", lambda, async () => ({ sent: await sendResetMail(event) }));
}

/** @returns false if the address has no account, or the account has had its mails for this hour */
async function sendResetMail({ email, siteOrigin }: ResetMail): Promise<boolean> {
  const token = await PasswordReset.issue({ email });
  if (token === null) return false;
  client ??= new SESv2Client({});
  const { subject, text, html } = resetMail(`${siteOrigin}/reset-password#${token}`);
  await client.send(
    new SendEmailCommand({
      FromEmailAddress: config.mailFrom,
      Destination: { ToAddresses: [email] },
      Content: {
        Simple: {
          Subject: { Data: subject, Charset: "UTF-8" },
          Body: { Text: { Data: text, Charset: "UTF-8" }, Html: { Data: html, Charset: "UTF-8" } },
        },
      },
    }),
  );
  return true;
}

/**
 * The mail's subject and texts.
 * @param link an origin and base64url, so it needs no escaping in HTML
 */
export function resetMail(link: string): { subject: string; text: string; html: string } {
  const asked = "Someone asked for a new password for your Notejam account.";
  const works = `The link works once, for ${RESET_MINUTES} minutes. It signs out every device.`;
  const ignore = "If this was not you, ignore this mail: nothing changes.";
  return {
    subject: "Choose a new Notejam password",
    text: `${asked} Choose one here:\n\n${link}\n\n${works}\n${ignore}\n`,
    html: `<!doctype html><html lang="en"><body><p>${asked}</p><p><a href="${link}">Choose a new password</a></p><p>${works}</p><p>${ignore}</p></body></html>`,
  };
}
