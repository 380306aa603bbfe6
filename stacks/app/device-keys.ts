// The keys that sign the cookies of devices. CloudFormation makes them; the API gets them as it gets the origin secret.
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Stack } from "sst/constructs";

/**
 * The ids of the keys, the newest first: it signs, and the others are still valid. A new id in front is a new key; RUNBOOKS.md says
 * when the one behind it can go.
 */
const IDS = ["DeviceKey"];

interface Needs {
  /** Each key has a copy there, for a move to it. */
  farRegion: string | undefined;
  /** ARN of the copy of a key of another region, which the stage has moved from. */
  before: string | undefined;
}

/** @returns the keys as the function's variable has them; templates only refer to them */
export function deviceKeys(stack: Stack, { farRegion, before }: Needs): string {
  const own = IDS.map(
    (id) =>
      new Secret(stack, id, {
        description: "Signs the cookies of devices",
        generateSecretString: { passwordLength: 64, excludePunctuation: true },
        ...(farRegion && { replicaRegions: [{ region: farRegion }] }),
      }),
  );
  const moved = before ? [Secret.fromSecretCompleteArn(stack, "DeviceKeyBefore", before)] : [];
  return [...own, ...moved].map(({ secretValue }) => secretValue.unsafeUnwrap()).join(",");
}
