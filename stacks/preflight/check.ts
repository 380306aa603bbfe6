// A check of `npm run preflight`: one question to AWS, answered independently of the others.
import { VisibleError } from "sst/error.js";

export type Outcome =
  | { kind: "fine"; says: string }
  /** AWS can't be asked about it, or it is nothing that a deployment runs into. */
  | { kind: "note"; says: string }
  /** `mend` is the command, or where to mend it. */
  | { kind: "problem"; says: string; mend: string }
  /** It could not be asked. */
  | { kind: "unasked"; says: string };

export interface Check {
  name: string;
  /** The actions of IAM that it needs, where AWS's refusal does not name them. */
  permissions: string;
  ask(): Promise<Outcome>;
}

const DENIED = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthorizationError",
  "AuthorizationErrorException",
  "UnauthorizedOperation",
]);

const BAD_CREDENTIALS = new Set([
  "AuthFailure",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

const UNREACHABLE = /^(ECONN\w+|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|EPIPE|TimeoutError)$/;

/** Asks, and turns a refusal of AWS into an outcome. Rejects for faults of this program only. */
export async function perform({ permissions, ask }: Check): Promise<Outcome> {
  try {
    return await ask();
  } catch (error) {
    const { name, message } = error as Error;
    if (DENIED.has(name)) {
      const needed = /to perform: ([\w-]+:\w+)/.exec(message)?.[1] ?? permissions;
      return { kind: "unasked", says: `can't be asked: it needs the permission ${needed}` };
    }
    const why = whyNotAnswered(error);
    if (why) return { kind: "unasked", says: `can't be asked: ${why}` };
    if ("$metadata" in (error as object))
      return { kind: "unasked", says: `can't be asked: ${name}: ${message}` };
    throw error;
  }
}

/** @throws VisibleError if the rest can't be asked either: no credentials, refused ones, no permission, or no network */
export async function orStop<Answer>(asking: Promise<Answer>): Promise<Answer> {
  try {
    return await asking;
  } catch (error) {
    const { name, message } = error as Error;
    const why = DENIED.has(name) ? message.replace(/\.$/, "") : whyNotAnswered(error);
    if (!why) throw error;
    throw new VisibleError(`AWS can't be asked: ${why}.`);
  }
}

function whyNotAnswered(error: unknown): string | undefined {
  const { name, message, code } = error as Error & { code?: string };
  if (name === "CredentialsProviderError") {
    return "there are no credentials. `aws sts get-caller-identity` must answer in this shell";
  }
  if (BAD_CREDENTIALS.has(name)) {
    return `it refuses the credentials (${name}). Renew them, for example with \`aws sso login\``;
  }
  const network = [code, name].find((one) => one !== undefined && UNREACHABLE.test(one));
  return network && `it can't be reached (${network}${message ? `: ${message}` : ""})`;
}
