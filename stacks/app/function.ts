// What the functions have in common: how they are built, the machine they run on, where their log lines go.
import { ENV } from "@notejam/core/config";
import { BUNDLE } from "@notejam/functions/bundle";
import { FUNCTIONS } from "@notejam/functions/functions";
import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { FunctionProps, Stack } from "sst/constructs";
import type { Sizes, Stage } from "../stage.ts";

/** Of the older esbuild that SST brings along; it knows every option that we use. */
type SstBuildOptions = NonNullable<FunctionProps["nodejs"]>["esbuild"];

/** The words of the table of stages, in CloudFormation's. */
export const REMOVAL: Record<Sizes["removal"], RemovalPolicy> = {
  retain: RemovalPolicy.RETAIN,
  snapshot: RemovalPolicy.SNAPSHOT,
  destroy: RemovalPolicy.DESTROY,
};

/** Of each function of ours; its own properties come on top. */
export function functionDefaults(stage: Stage): FunctionProps {
  return {
    runtime: "nodejs24.x",
    architecture: "arm_64",
    environment: { [ENV.stage]: stage.name },
    // An HTTP API can't be traced; the request id ties the log lines together.
    tracing: "disabled",
    // Source maps would bring the name of SST's bucket into the template, and cost 14 ms of each cold start.
    nodejs: { sourcemap: false, splitting: BUNDLE.splitting, esbuild: BUNDLE as SstBuildOptions },
  };
}

/** What a function runs, and the machine it gets for that. */
export function functionCode(
  name: keyof typeof FUNCTIONS,
): Required<Pick<FunctionProps, "handler" | "memorySize" | "timeout">> {
  const { entry, memoryMegabytes, timeoutSeconds } = FUNCTIONS[name];
  return {
    handler: `packages/functions/src/${entry}.handler`,
    memorySize: memoryMegabytes,
    timeout: `${timeoutSeconds} seconds`,
  };
}

/** Where a function writes its log lines, for as long as the stage keeps them. */
export function logGroup(stack: Stack, stage: Stage, functionId: string): LogGroup {
  return new LogGroup(stack, `${functionId}Log`, {
    retention: stage.logDays,
    removalPolicy: stage.fixed ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
}
