// The far region: where copies of production's backups lie. It is another region than production's, in the same account, because
// AWS Backup copies Aurora to another region or to another account, but not to both.
import { VisibleError } from "sst/error.js";
import type { Stage } from "../stage/stage.ts";

/**
 * The far region of a stage, if the stage has backups.
 * @param given what the setting says
 * @throws VisibleError naming the variable, if the far region is the stage's own
 */
export function farRegionOf(
  stage: Pick<Stage, "name" | "backups">,
  region: string,
  given: string | undefined,
): string | undefined {
  if (!stage.backups) return undefined;
  if (given === region) {
    throw new VisibleError(
      `NOTEJAM_FAR_REGION is ${given}, the region of ${stage.name} itself, so a copy would be lost with it. Name another region in .env.${stage.name}.`,
    );
  }
  return given;
}

/**
 * Refuses vaults where production does not look for them.
 * @param given what the setting says; without it, every region is right
 * @throws VisibleError naming the variable and the flag
 */
export function refuseVaultElsewhere(region: string, given: string | undefined): void {
  if (!given || given === region) return;
  throw new VisibleError(
    `The stage vault belongs into the far region. NOTEJAM_FAR_REGION is ${given}, so use --region ${given}, or change the variable.`,
  );
}
