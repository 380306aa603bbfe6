// Which account a stage may be deployed into. Whoever may deploy into an account owns it (README.md), so production has one to
// itself. SST prepares an account before it composes the stacks: this is decided before.
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { VisibleError } from "sst/error.js";
import type { AnyStage } from "../stage/stage.ts";

/** As SST's command line gives them. */
export interface Access {
  region: string;
  profile?: string | undefined;
  role?: string | undefined;
}

/**
 * Refuses a stage in the account of the credentials that SST will use.
 * @param productionAccount undefined: nothing is asked
 * @throws VisibleError as `refuseAccount`; or saying that AWS does not know who asks
 */
export async function refuseWrongAccount(
  stage: AnyStage,
  productionAccount: string | undefined,
  access: Access,
): Promise<void> {
  if (productionAccount !== undefined) refuseAccount(stage, productionAccount, await accountOf(access));
}

/**
 * Refuses production in another account than its own, and every other stage there.
 * @throws VisibleError naming the account and the variable
 */
export function refuseAccount(stage: AnyStage, productionAccount: string | undefined, account: string): void {
  if (productionAccount === undefined || (stage.account === "production") === (account === productionAccount))
    return;
  const configured = `NOTEJAM_PRODUCTION_ACCOUNT is ${productionAccount}`;
  throw new VisibleError(
    stage.account === "production"
      ? `${stage.name} can't be deployed into the account ${account}: ${configured}. Use credentials of that account.`
      : `${stage.name} can't be deployed into the account of production: ${configured}. Use credentials of another account.`,
  );
}

/** The credentials that SST will use, found as SST finds them. */
export function credentialsOf({ profile, role }: Access) {
  const hasKeys = process.env.AWS_ACCESS_KEY_ID && process.env.AWS_SECRET_ACCESS_KEY;
  return fromNodeProviderChain({
    ...(profile && !hasKeys && { profile }),
    ...(role && { roleArn: role }),
  });
}

/** The account of these credentials. */
async function accountOf(access: Access): Promise<string> {
  const client = new STSClient({ region: access.region, credentials: credentialsOf(access) });
  try {
    const { Account } = await client.send(new GetCallerIdentityCommand({}));
    if (Account) return Account;
  } catch (error) {
    throw new VisibleError(`AWS does not say whose credentials these are: ${(error as Error).message}`);
  }
  throw new VisibleError("AWS does not say whose credentials these are.");
}
