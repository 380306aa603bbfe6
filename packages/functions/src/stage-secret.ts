// The secret of a stage on the shared cluster. It has the name and the password of the application's role, and the secret that
// the distribution sends to the API. The role's password is set from it, so whoever reads the secret can log in.
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { isPassword } from "@notejam/core/administration/application-role";
import { membersIn } from "@notejam/core/json";
import { newToken } from "@notejam/core/token";

interface Found {
  arn: string;
  text: string;
}

export interface StageSecret {
  arn: string;
  password: string;
}

/** The name of a secret that was deleted for ever is free again after some seconds. */
const ATTEMPTS = 30;
const PAUSE_MS = 1_000;

const nameOf = (stage: string) => `notejam/stage/${stage}`;

/**
 * The stage's secret. It is made if it is missing, restored if its deletion is scheduled, and repaired if somebody changed it.
 * Valid members stay as they are.
 * @param username the role that logs in
 * @throws the SDK's error
 */
export async function stageSecret(stage: string, username: string): Promise<StageSecret> {
  const client = new SecretsManagerClient({});
  const { arn, text } = await find(client, stage, username);
  const { secret, isChanged } = completed(text, username);
  if (isChanged) {
    await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: JSON.stringify(secret) }));
  }
  return { arn, password: secret.password };
}

/** Deletes it for ever, at once. Succeeds if it is missing. @throws the SDK's error */
export async function deleteStageSecret(stage: string): Promise<void> {
  const command = new DeleteSecretCommand({ SecretId: nameOf(stage), ForceDeleteWithoutRecovery: true });
  await new SecretsManagerClient({}).send(command);
}

async function find(client: SecretsManagerClient, stage: string, username: string): Promise<Found> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await read(client, stage)) ?? (await create(client, stage, username));
    } catch (error) {
      // Its deletion is scheduled, it was deleted a moment ago, or another process has just made it.
      const { name } = error as Error;
      const mayPass = name === "InvalidRequestException" || name === "ResourceExistsException";
      if (!mayPass || attempt === ATTEMPTS) throw error;
      const isRestored = await restore(client, stage);
      if (!isRestored || attempt > 1) await sleep(PAUSE_MS);
    }
  }
}

async function read(client: SecretsManagerClient, stage: string): Promise<Found | undefined> {
  try {
    const { ARN, SecretString } = await client.send(new GetSecretValueCommand({ SecretId: nameOf(stage) }));
    return { arn: ARN ?? "", text: SecretString ?? "" };
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

async function create(client: SecretsManagerClient, stage: string, username: string): Promise<Found> {
  const text = JSON.stringify(completed("", username).secret);
  const { ARN } = await client.send(
    new CreateSecretCommand({
      Name: nameOf(stage),
      Description: `Notejam ${stage}: the role of its functions, on the cluster of dev`,
      SecretString: text,
    }),
  );
  return { arn: ARN ?? "", text };
}

/** Cancels a scheduled deletion. @returns whether there was one */
async function restore(client: SecretsManagerClient, stage: string): Promise<boolean> {
  try {
    await client.send(new RestoreSecretCommand({ SecretId: nameOf(stage) }));
    return true;
  } catch (error) {
    const { name } = error as Error;
    if (name === "ResourceNotFoundException" || name === "InvalidRequestException") return false;
    throw error;
  }
}

/** The secret with a value for each member that is missing or not valid. Other members stay. */
function completed(text: string, username: string) {
  const given = membersIn(text) ?? {};
  const kept = (value: unknown) => (typeof value === "string" && isPassword(value) ? value : undefined);
  const secret = {
    ...given,
    username,
    password: kept(given.password) ?? newToken(),
    originSecret: kept(given.originSecret) ?? newToken(),
  };
  const isChanged = Object.entries(secret).some(([member, value]) => given[member] !== value);
  return { secret, isChanged };
}
