// The mail function: sends the link to choose a new password, if the address has an account. The API invokes it
// without waiting, so it may take its time. Lambda invokes it again where it fails; a second link then works as
// well as the first.
import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { config } from "@notejam/core/config";
import { type Calls, countingCalls } from "@notejam/core/db/calls";
import * as PasswordReset from "@notejam/core/password-reset/index";
import { RESET_MINUTES } from "@notejam/core/password-reset/schema";
import type { Context } from "aws-lambda";
import { describeError, writeLine } from "../log.ts";
import type { ResetMail } from "./invoke.ts";

let client: SESv2Client | undefined;

/** @throws where the mail could not be sent, so that Lambda repeats it */
export async function handler(event: ResetMail, lambda: Pick<Context, "awsRequestId">): Promise<void> {
  const startedAt = performance.now();
  const calls: Calls = { count: 0 };
  const line = () => ({
    requestId: lambda.awsRequestId,
    message: "reset mail",
    ms: Math.round(performance.now() - startedAt),
    dataApiCalls: calls.count,
  });
  try {
    const sent = await countingCalls(() => sendResetMail(event), calls);
    writeLine({ level: "info", ...line(), sent });
  } catch (error) {
    writeLine({ level: "error", ...line(), error: describeError(error) });
    // The error itself could name the address, and Lambda logs what is thrown.
    throw new Error("The mail was not sent; see the line before.");
  }
}

/** @returns false where there is no such account, or it has had its mails for this hour */
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
 * The mail's words.
 * @param link holds nothing that HTML would read as markup: an origin, and base64url
 */
export function resetMail(link: string): { subject: string; text: string; html: string } {
  const asked = "Somebody asked for a new password for your Notejam account.";
  const works = `The link works once, for ${RESET_MINUTES} minutes. It signs out every device.`;
  const ignore = "If it was not you, ignore this mail: nothing changes.";
  return {
    subject: "Choose a new Notejam password",
    text: `${asked} Choose one here:\n\n${link}\n\n${works}\n${ignore}\n`,
    html: `<!doctype html><html lang="en"><body><p>${asked}</p><p><a href="${link}">Choose a new password</a></p><p>${works}</p><p>${ignore}</p></body></html>`,
  };
}
