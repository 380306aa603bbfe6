// SES's SendEmail for simple mails (a subject, a text, perhaps HTML). What becomes of a mail is the caller's to decide.
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
import { type HttpResponse, jsonText } from "../loopback.ts";
import { awsError, isJson } from "../protocol.ts";

/** A mail as it was sent. */
export interface Mail {
  from: string;
  to: string[];
  subject: string;
  text: string;
  html?: string;
}

/**
 * Takes a mail.
 * @returns its id
 * @throws MessageRejected, which is SES's answer then
 */
export type Deliver = (mail: Mail) => string | Promise<string>;

export class MessageRejected extends Error {}

export async function sendEmail(body: Buffer, deliver: Deliver): Promise<HttpResponse> {
  const mail = simpleMail(body.toString());
  if (typeof mail === "string") return awsError(400, "BadRequestException", mail);
  try {
    return jsonText(200, { MessageId: await deliver(mail) });
  } catch (error) {
    if (!(error instanceof MessageRejected)) throw error;
    return awsError(400, "MessageRejected", error.message);
  }
}

interface SendEmailRequest {
  FromEmailAddress?: string;
  Destination?: { ToAddresses?: string[] };
  Content?: {
    Simple?: { Subject?: { Data?: string }; Body?: { Text?: { Data?: string }; Html?: { Data?: string } } };
  };
}

/** @returns the mail, or what is missing */
function simpleMail(json: string): Mail | string {
  if (!isJson(json)) return "The request is not JSON.";
  const { FromEmailAddress: from, Destination, Content } = JSON.parse(json) as SendEmailRequest;
  const to = Destination?.ToAddresses ?? [];
  const { Subject, Body } = Content?.Simple ?? {};
  if (!from) return "FromEmailAddress is required.";
  if (to.length === 0) return "Destination.ToAddresses is required.";
  if (Subject?.Data === undefined) return "Content.Simple.Subject.Data is required.";
  if (Body?.Text?.Data === undefined) return "Content.Simple.Body.Text.Data is required.";
  const html = Body.Html?.Data;
  return { from, to, subject: Subject.Data, text: Body.Text.Data, ...(html !== undefined && { html }) };
}
