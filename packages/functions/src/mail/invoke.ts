// How the API has a mail sent: it passes it to the mail function and does not wait, so neither the answer nor its time shows
// whether the address has an account. The AWS client for that is loaded by the first mail.
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { config } from "@notejam/core/config";
import { AppError } from "@notejam/core/errors";

/** The event of the mail function. */
export interface ResetMail {
  email: string;
  /** Where the link leads: `https://notes.example.com`. */
  siteOrigin: string;
}

let client: LambdaClient | undefined;

/** @throws AppError `unavailable` if Lambda does not accept it */
export async function handToMailFunction(mail: ResetMail): Promise<void> {
  const { InvokeCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
  client ??= new LambdaClient({});
  const invocation = new InvokeCommand({
    FunctionName: config.mailFunction,
    InvocationType: "Event",
    Payload: JSON.stringify(mail),
  });
  await client.send(invocation).catch((cause: unknown) => {
    throw new AppError("unavailable", {
      detail: "Mail can't be sent just now. Try again in a moment.",
      cause,
    });
  });
}
