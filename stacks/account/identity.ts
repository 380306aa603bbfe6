// Whose credentials these are, and whether the account can use a region.
import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { VisibleError } from "sst/error.js";
import { ASKING, areRefused, homeOf, orStop } from "./ask.ts";

/** As SST's command line gives them. */
export interface Access {
  region: string;
  profile?: string | undefined;
  role?: string | undefined;
}

export interface Identity {
  /** Twelve digits. */
  account: string;
  arn: string;
}

/** The credentials that SST will use, found as SST finds them. */
export function credentialsOf({ profile, role }: Access) {
  const hasKeys = process.env.AWS_ACCESS_KEY_ID && process.env.AWS_SECRET_ACCESS_KEY;
  return fromNodeProviderChain({
    ...(profile && !hasKeys && { profile }),
    ...(role && { roleArn: role }),
  });
}

/** @throws VisibleError if AWS does not say who asks */
export async function identityOf(access: Access): Promise<Identity> {
  return orStop(ask({ region: homeOf(access.region), credentials: credentialsOf(access) }));
}

/** @throws VisibleError if the account has not enabled the region: then nothing in it can be asked */
export async function expectRegion(region: string, { account }: Identity): Promise<void> {
  await orStop(
    ask({ region, credentials: credentialsOf({ region }) }).catch((error) => {
      // The same credentials are good elsewhere.
      if (!areRefused(error)) throw error;
      throw new VisibleError(
        `The account ${account} has not enabled the region ${region}: aws account enable-region --region-name ${region}`,
      );
    }),
  );
}

async function ask(config: STSClientConfig): Promise<Identity> {
  const { Account: account, Arn: arn = "" } = await new STSClient({ ...ASKING, ...config }).send(
    new GetCallerIdentityCommand({}),
  );
  if (!account) throw new VisibleError("AWS does not say whose credentials these are.");
  return { account, arn };
}
