// Whether CloudFormation can deploy: the CDK's bootstrap, and the stage's own stacks.
import { stackOf } from "../account/stack.ts";
import type { Check } from "./check.ts";

/** SST 2.49.8 makes the bootstrap anew below this version. */
const BOOTSTRAP_VERSION_MIN = 14;

/** What takes a stack out of a state in which nothing can be deployed. Other such states pass, or their events say why not. */
const WAY_OUT: Record<string, string> = {
  ROLLBACK_COMPLETE: "delete-stack",
  ROLLBACK_FAILED: "delete-stack",
  UPDATE_ROLLBACK_FAILED: "continue-update-rollback",
};

const permissions = "cloudformation:DescribeStacks";

export function bootstrapCheck(account: string, region: string): Check {
  return {
    name: "CDK bootstrap",
    permissions,
    async ask() {
      const stack = await stackOf("CDKToolkit", { region });
      const mend = `CDK_DISABLE_CLI_TELEMETRY=true CDK_NOTICES=false npx cdk bootstrap --no-version-reporting aws://${account}/${region}`;
      if (!stack) return { kind: "problem", says: "the stack CDKToolkit is missing", mend };
      if (!stack.isReady) return { kind: "problem", says: `the stack CDKToolkit is ${stack.status}`, mend };
      const version = Number(stack.output("BootstrapVersion"));
      if (version >= BOOTSTRAP_VERSION_MIN) return { kind: "fine", says: `version ${version}` };
      return { kind: "problem", says: `version ${version}, older than ${BOOTSTRAP_VERSION_MIN}`, mend };
    },
  };
}

/** Whether CloudFormation can deploy a stack of the stage. */
export function stackCheck(name: string, region: string): Check {
  return {
    name: `stack ${name}`,
    permissions,
    async ask() {
      const stack = await stackOf(name, { region });
      if (!stack) return { kind: "fine", says: "it is not deployed yet" };
      if (stack.isReady) return { kind: "fine", says: stack.status };
      return {
        kind: "problem",
        says: `${stack.status}, which no deployment can change`,
        mend: `aws cloudformation ${WAY_OUT[stack.status] ?? "describe-stack-events"} --stack-name ${name} --region ${region}`,
      };
    },
  };
}
