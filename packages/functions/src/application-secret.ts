// Reads the secret of the application role, for the migrate function.
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { ApplicationRole } from "@notejam/core/administration/application-role";
import { membersIn } from "@notejam/core/json";

/**
 * Reads the secret, which has JSON: `{"username": "notejam_app", "password": "…"}`.
 * @throws Error naming the secret, if it has anything else; the SDK's error if it can't be read
 */
export async function readApplicationSecret(arn: string): Promise<ApplicationRole> {
  const client = new SecretsManagerClient({});
  const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const { username, password } = membersIn(SecretString) ?? {};
  if (typeof username === "string" && typeof password === "string") return { username, password };
  throw new Error(`The secret ${arn} must have JSON like {"username": "notejam_app", "password": "…"}.`);
}
