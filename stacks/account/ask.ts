// How AWS is asked: in which region, for how long, and what is said when it does not answer.
import { VisibleError } from "sst/error.js";

/** Of every client of a command: it should answer soon, or say why not. */
export const ASKING = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000 },
} as const;

/** The region that answers before it is known whether another is enabled. */
export function homeOf(region: string): string {
  if (region.startsWith("cn-")) return "cn-north-1";
  return region.startsWith("us-gov-") ? "us-gov-west-1" : "us-east-1";
}

const DENIED = new Set(["AccessDenied", "AccessDeniedException"]);

const BAD_CREDENTIALS = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

const UNREACHABLE = /^(ECONN\w+|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|EPIPE|TimeoutError)$/;

/** Whether AWS lacks nothing but a permission: other questions may be answered. */
export function isDenied(error: unknown): boolean {
  return DENIED.has((error as Error).name);
}

/** Whether AWS refuses the credentials themselves. */
export function areRefused(error: unknown): boolean {
  return BAD_CREDENTIALS.has((error as Error).name);
}

/** Why AWS answers nothing at all; undefined for another error. */
export function whyNotAnswered(error: unknown): string | undefined {
  const { name, message, code } = error as Error & { code?: string };
  if (name === "CredentialsProviderError") {
    return "there are no credentials. `aws sts get-caller-identity` must answer in this shell";
  }
  if (areRefused(error)) {
    return `it refuses the credentials (${name}). Renew them, for example with \`aws sso login\``;
  }
  const network = [code, name].find((one) => one !== undefined && UNREACHABLE.test(one));
  return network && `it can't be reached (${network}${message ? `: ${message}` : ""})`;
}

/** @throws VisibleError if the rest can't be asked either: no credentials, refused ones, no permission, or no network */
export async function orStop<Answer>(asking: Promise<Answer>): Promise<Answer> {
  try {
    return await asking;
  } catch (error) {
    const why = isDenied(error) ? (error as Error).message.replace(/\.$/, "") : whyNotAnswered(error);
    if (!why) throw error;
    throw new VisibleError(`AWS can't be asked: ${why}.`);
  }
}
