// Invokes the mail function without waiting for it. So neither the API's answer nor its time shows whether the address has an
// account. The AWS client is loaded for the first mail.
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
export async function invokeMailFunction(mail: ResetMail): Promise<void> {
  const { InvokeCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
  client ??= new LambdaClient({});
  const invocation = new InvokeCommand({
    FunctionName: config.mailFunction,
    InvocationType: "Event",
    Payload: JSON.stringify(mail),
  });
  await client.send(invocation).catch((cause: unknown) => {
    throw new AppError("unavailable", {
      detail: "Mail can't be sent at the moment. Try again in a moment.",
      cause,
    });
  });
}
