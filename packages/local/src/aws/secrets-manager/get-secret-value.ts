// Secrets Manager's GetSecretValue, of secrets that are there from the start and have one version.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
import { type HttpResponse, jsonText } from "../loopback.ts";
import { awsError, isJson } from "../protocol.ts";

/** The texts of secrets, by ARN. */
export type Secrets = Readonly<Record<string, string>>;

/** How its requests name the operation, in the header `x-amz-target`. */
export const GET_SECRET_VALUE = "secretsmanager.GetSecretValue";

export function getSecretValue(body: Buffer, secrets: Secrets): HttpResponse {
  const json = body.toString();
  const { SecretId: arn } = (isJson(json) ? JSON.parse(json) : {}) as { SecretId?: unknown };
  if (typeof arn !== "string") return awsError(400, "ValidationException", "SecretId is required.");
  if (!Object.hasOwn(secrets, arn)) {
    return awsError(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }
  return jsonText(200, { ARN: arn, Name: arn.split(":").at(-1), SecretString: secrets[arn] });
}
