// The stage `vault`: the vaults in the far region that production copies its recovery points into. It is a stage of its own,
// because SST deploys all stacks of a stage into one region.
import type { Stack } from "sst/constructs";
import { FAR, vaults } from "./vaults.ts";

export function farVaults(stack: Stack): void {
  const { daily, monthly } = vaults(stack, FAR);
  stack.addOutputs({ DailyVault: daily.backupVaultName, MonthlyVault: monthly.backupVaultName });
}
