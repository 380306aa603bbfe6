// The table of stages says in its words what becomes of data; here they are CloudFormation's.
import { RemovalPolicy } from "aws-cdk-lib";
import type { Sizes } from "./stage.ts";

export const REMOVAL: Record<Sizes["removal"], RemovalPolicy> = {
  retain: RemovalPolicy.RETAIN,
  snapshot: RemovalPolicy.SNAPSHOT,
  destroy: RemovalPolicy.DESTROY,
};
