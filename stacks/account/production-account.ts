// Which account a stage may be deployed into. Whoever may deploy into an account owns it (README.md), so production has one to
// itself. SST prepares an account before it composes the stacks: this is decided before.
import { VisibleError } from "sst/error.js";
import type { AnyStage } from "../stage/stage.ts";
import { type Access, identityOf } from "./identity.ts";

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
  if (productionAccount === undefined) return;
  const { account } = await identityOf(access);
  refuseAccount(stage, productionAccount, account);
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
