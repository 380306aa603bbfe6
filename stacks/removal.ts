// CloudFormation's policies for what the table of stages says about data that is removed.
import { RemovalPolicy } from "aws-cdk-lib";
import type { Sizes } from "./stage.ts";

export const REMOVAL: Record<Sizes["removal"], RemovalPolicy> = {
  retain: RemovalPolicy.RETAIN,
  snapshot: RemovalPolicy.SNAPSHOT,
  destroy: RemovalPolicy.DESTROY,
};
