// CloudFormation's policies for what the table of stages says about data that is removed.
import { RemovalPolicy } from "aws-cdk-lib";
import type { Sizes } from "./stage.ts";

export const REMOVAL: Record<Sizes["removal"], RemovalPolicy> = {
  retain: RemovalPolicy.RETAIN,
  snapshot: RemovalPolicy.SNAPSHOT,
  destroy: RemovalPolicy.DESTROY,
};

/** Of what stays behind when a stage is removed, unless the stage is one that goes with everything. */
export function keptOn(stage: Sizes): RemovalPolicy {
  return stage.removal === "destroy" ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}
