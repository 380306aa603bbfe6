// CloudFormation's removal policies, from what the table of stages says.
import { RemovalPolicy } from "aws-cdk-lib";
import type { Sizes } from "../stage/sizes.ts";

export const REMOVAL_POLICIES: Record<Sizes["removal"], RemovalPolicy> = {
  retain: RemovalPolicy.RETAIN,
  snapshot: RemovalPolicy.SNAPSHOT,
  destroy: RemovalPolicy.DESTROY,
};

/** For what AWS takes no snapshot of, as a key or a queue: it is retained, except on a stage whose data is destroyed with it. */
export function retainedOn(stage: Sizes): RemovalPolicy {
  return stage.removal === "destroy" ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}
