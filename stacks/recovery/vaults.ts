// The vaults that AWS Backup keeps recovery points in: the daily ones, and the monthly ones, whose vault is locked. There are two,
// because a lock's minimum retention holds for everything in a vault. Production has both, and so has the far region.
import { Aws, Duration, RemovalPolicy } from "aws-cdk-lib";
import { BackupVault } from "aws-cdk-lib/aws-backup";
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Stack } from "sst/constructs";

export type Period = "daily" | "monthly";

/** Days that recovery points are kept: near ones as far as point-in-time recovery reaches, monthly ones for three years. */
export const KEPT_DAYS = { daily: 35, monthly: 1095 } as const satisfies Record<Period, number>;
/** A copy of Aurora is always a full one. To move to another region, the day before is enough; older copies are monthly. */
export const FAR_KEPT_DAYS = { daily: 7, monthly: 1095 } as const satisfies Record<Period, number>;

/** The longest retention that the lock allows. A job with a wrong one would leave something that nobody can ever delete. */
const LOCKED_DAYS_MAX = 5 * 365;
/** Until then the lock can be taken off. Afterwards nobody can, AWS included: it ends with the account. AWS takes 3 or more. */
const LOCK_FINAL_AFTER_DAYS = 14;

export interface Vaults {
  daily: BackupVault;
  monthly: BackupVault;
}

/** The names are known beforehand, so that production can name a vault of another region. */
export function vaultName(of: string, period: Period): string {
  return `notejam-${of}-${period}`;
}

/** In the names of the far vaults this stands for the stage: when production has moved there, its own vaults lie beside them. */
export const FAR = "far";

/**
 * The two vaults, with a key of their own. Aurora's recovery points keep the cluster's key; copies from another region get this one.
 * @param of a stage, or `FAR`
 */
export function vaults(stack: Stack, of: string): Vaults {
  const key = new Key(stack, "VaultKey", {
    description: `Notejam ${of}: the vaults of AWS Backup`,
    enableKeyRotation: true,
    // A recovery point is unreadable without its key.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const common = {
    encryptionKey: key,
    accessPolicy: onlyExpiryDeletes(),
    // A vault with a name of ours stays when its stack goes, but not when its first deployment fails: the next one needs the name.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  };
  return {
    daily: new BackupVault(stack, "DailyVault", { ...common, backupVaultName: vaultName(of, "daily") }),
    monthly: new BackupVault(stack, "MonthlyVault", {
      ...common,
      backupVaultName: vaultName(of, "monthly"),
      lockConfiguration: {
        minRetention: Duration.days(KEPT_DAYS.monthly),
        maxRetention: Duration.days(LOCKED_DAYS_MAX),
        changeableFor: Duration.days(LOCK_FINAL_AFTER_DAYS),
      },
    }),
  };
}

/** Nobody deletes a recovery point or shortens its life. Only a deployment can change that, or remove an empty vault. */
function onlyExpiryDeletes(): PolicyDocument {
  const deny = { effect: Effect.DENY, principals: [new AnyPrincipal()], resources: ["*"] };
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        ...deny,
        actions: ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
      }),
      new PolicyStatement({
        ...deny,
        actions: [
          "backup:DeleteBackupVault",
          "backup:DeleteBackupVaultAccessPolicy",
          "backup:PutBackupVaultAccessPolicy",
        ],
        conditions: {
          ArnNotLike: {
            "aws:PrincipalArn": `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/cdk-*-cfn-exec-role-*`,
          },
        },
      }),
    ],
  });
}
