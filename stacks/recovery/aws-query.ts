// One call of an AWS service that speaks the Query protocol (CloudFormation, RDS), with SST's credentials. The AWS SDK has a
// package of megabytes for each service; synthesis asks two questions.
import { createHash, createHmac } from "node:crypto";
import { useAWSCredentials } from "sst/credentials.js";

/** The version of the protocol that each service has had since it began. */
const VERSIONS = { cloudformation: "2010-05-15", rds: "2014-10-31" } as const;

/** An answer of AWS that is an error, by its code: `ValidationError`. */
export class AwsError extends Error {
  override name = "AwsError";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Calls an action.
 * @param parameters the action's, beside its name and version
 * @returns the answer, in XML
 * @throws AwsError for an answer that is an error
 */
export async function askAws(
  service: keyof typeof VERSIONS,
  region: string,
  action: string,
  parameters: Record<string, string>,
): Promise<string> {
  const body = new URLSearchParams({ Action: action, Version: VERSIONS[service], ...parameters }).toString();
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const url = new URL(process.env.AWS_ENDPOINT_URL || `https://${service}.${region}.${domain}`);
  const credentials = await useAWSCredentials();
  const { host: _, ...headers } = signed({ url, body, service, region, credentials, at: new Date() });
  const answer = await fetch(url, { method: "POST", headers, body });
  const xml = await answer.text();
  if (answer.ok) return xml;
  throw new AwsError(textIn(xml, "Code") ?? String(answer.status), textIn(xml, "Message") ?? xml);
}

/** The text of the first element of that name, in XML without attributes, as these services write it. */
export function textIn(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text?.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => entities[entity] ?? "");
}

/**
 * The headers of a POST with a form, with its signature (AWS Signature Version 4).
 * @param at the time of the call
 */
export function signed({
  url,
  body,
  service,
  region,
  credentials,
  at,
}: {
  url: URL;
  body: string;
  service: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  at: Date;
}): Record<string, string> {
  const time = at.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const headers: Record<string, string> = {
    "content-type": "application/x-www-form-urlencoded",
    host: url.host,
    "x-amz-date": time,
    ...(credentials.sessionToken && { "x-amz-security-token": credentials.sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const request = [
    "POST",
    url.pathname,
    "",
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    names.join(";"),
    sha256(body),
  ].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>(
    hmac,
    `AWS4${credentials.secretAccessKey}`,
  );
  const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope, sha256(request)].join("\n")).toString("hex");
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
