// The quotas that stages use up, and whether there is room for what the stage adds.
import {
  CloudFormationClient,
  DescribeAccountLimitsCommand,
  paginateListStacks,
} from "@aws-sdk/client-cloudformation";
import {
  CloudFrontClient,
  ListDistributionsCommand,
  ListFunctionsCommand,
  ListOriginAccessControlsCommand,
  ListResponseHeadersPoliciesCommand,
} from "@aws-sdk/client-cloudfront";
import { EC2Client, paginateDescribeVpcs } from "@aws-sdk/client-ec2";
import { EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { GetAccountSummaryCommand, IAMClient } from "@aws-sdk/client-iam";
import { DescribeAccountAttributesCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  paginateListServiceQuotas,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { ASKING, homeOf, pages, sumOf } from "./aws.ts";
import type { Check } from "./check.ts";
import { STACK } from "./needs.ts";

interface Usage {
  used: number;
  limit: number;
  /** The quota's code in Service Quotas; undefined if it has none there. */
  code: string | undefined;
}

interface Quota {
  what: string;
  /** CloudFormation's type of what counts. */
  type: string;
  /** Of Service Quotas. */
  service: string;
  permissions: string;
  usage(): Promise<Usage>;
}

/** @param adds how many resources of each type the stage has more than are deployed */
export function quotaChecks(adds: ReadonlyMap<string, number>, region: string): Check[] {
  return quotasOf(region)
    .filter(({ type }) => (adds.get(type) ?? 0) > 0)
    .map((quota) => checkOf(quota, adds.get(quota.type) ?? 0, region));
}

/** Of services without a region, which the home region keeps. */
const GLOBAL = ["cloudfront", "iam"];

function checkOf({ what, service, permissions, usage }: Quota, added: number, region: string): Check {
  return {
    name: `quota: ${what}`,
    permissions,
    async ask() {
      const { used, limit, code } = await usage();
      const says = `${used} of ${limit} are used, the stage adds ${added}`;
      if (used + added <= limit) return { kind: "fine", says };
      const wanted = Math.max(2 * limit, used + added);
      const at = GLOBAL.includes(service) ? homeOf(region) : region;
      const mend = code
        ? `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${wanted} --region ${at}`
        : "AWS Support raises it: https://console.aws.amazon.com/support/home";
      return { kind: "problem", says, mend };
    },
  };
}

function quotasOf(region: string): Quota[] {
  return [...regionalQuotas(region), ...cloudFrontQuotas(homeOf(region))];
}

function regionalQuotas(region: string): Quota[] {
  const rds = once(() => new RDSClient({ ...ASKING, region }).send(new DescribeAccountAttributesCommand({})));
  const ofRds = (name: string, code: string) => async (): Promise<Usage> => {
    const { AccountQuotas } = await rds();
    const found = AccountQuotas?.find(({ AccountQuotaName }) => AccountQuotaName === name);
    if (!found) throw new Error(`RDS says nothing of its quota ${name}.`);
    return { used: found.Used ?? 0, limit: found.Max ?? 0, code };
  };
  return [
    {
      what: "VPCs",
      type: "AWS::EC2::VPC",
      service: "vpc",
      permissions: "ec2:DescribeVpcs, servicequotas:GetServiceQuota",
      async usage() {
        let used = 0;
        const client = new EC2Client({ ...ASKING, region });
        for await (const { Vpcs } of paginateDescribeVpcs({ client }, {})) used += Vpcs?.length ?? 0;
        return { used, ...(await serviceQuota("vpc", "L-F678F1CE", region)) };
      },
    },
    {
      what: "database clusters",
      type: "AWS::RDS::DBCluster",
      service: "rds",
      permissions: "rds:DescribeAccountAttributes",
      usage: ofRds("DBClusters", "L-952B80B8"),
    },
    {
      what: "database instances",
      type: "AWS::RDS::DBInstance",
      service: "rds",
      permissions: "rds:DescribeAccountAttributes",
      usage: ofRds("DBInstances", "L-7B6409FD"),
    },
    {
      what: "IAM roles",
      type: "AWS::IAM::Role",
      service: "iam",
      permissions: "iam:GetAccountSummary",
      async usage() {
        const iam = new IAMClient({ ...ASKING, region: homeOf(region) });
        const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
        // The SDK's type lacks some of the keys.
        const { Roles: used = 0, RolesQuota: limit = 0 } = (SummaryMap ?? {}) as Record<string, number>;
        return { used, limit, code: "L-FE177D64" };
      },
    },
    {
      what: "EventBridge rules",
      type: "AWS::Events::Rule",
      service: "events",
      permissions: "events:ListRules, servicequotas:GetServiceQuota",
      async usage() {
        const client = new EventBridgeClient({ ...ASKING, region });
        const rules = await pages(
          (NextToken) => client.send(new ListRulesCommand({ NextToken })),
          ({ NextToken }) => NextToken,
        );
        const used = sumOf(rules, ({ Rules }) => Rules?.length);
        return { used, ...(await serviceQuota("events", "L-244521F2", region)) };
      },
    },
    {
      what: "CloudFormation stacks",
      type: STACK,
      service: "cloudformation",
      permissions: "cloudformation:ListStacks, cloudformation:DescribeAccountLimits",
      async usage() {
        const client = new CloudFormationClient({ ...ASKING, region });
        let used = 0;
        for await (const { StackSummaries } of paginateListStacks({ client }, {})) {
          used += StackSummaries?.filter(({ StackStatus }) => StackStatus !== "DELETE_COMPLETE").length ?? 0;
        }
        const { AccountLimits } = await client.send(new DescribeAccountLimitsCommand({}));
        const limit = AccountLimits?.find(({ Name }) => Name === "StackLimit")?.Value ?? 0;
        return { used, limit, code: "L-0485CB21" };
      },
    },
  ];
}

/** Of what the documentation of CloudFront's quotas has, where Service Quotas does not list one. */
const CLOUDFRONT_DEFAULT: Record<string, number> = {
  "AWS::CloudFront::Distribution": 500,
  "AWS::CloudFront::OriginAccessControl": 100,
  "AWS::CloudFront::Function": 100,
  "AWS::CloudFront::ResponseHeadersPolicy": 20,
};

function cloudFrontQuotas(home: string): Quota[] {
  const client = new CloudFrontClient({ ...ASKING, region: home });
  const listed = once(() => cloudFrontLimits(home));
  const quota = (
    what: string,
    kind: string,
    named: RegExp,
    list: string,
    count: () => Promise<number>,
  ): Quota => {
    const type = `AWS::CloudFront::${kind}`;
    return {
      what,
      type,
      service: "cloudfront",
      permissions: `cloudfront:${list}, servicequotas:ListServiceQuotas`,
      async usage() {
        const [used, limits] = await Promise.all([count(), listed()]);
        const found = limits.find(({ name }) => named.test(name));
        return { used, limit: found?.limit ?? CLOUDFRONT_DEFAULT[type] ?? 0, code: found?.code };
      },
    };
  };
  return [
    quota(
      "CloudFront distributions",
      "Distribution",
      /^web distributions per/i,
      "ListDistributions",
      async () =>
        sumOf(
          await pages(
            (Marker) => client.send(new ListDistributionsCommand({ Marker })),
            ({ DistributionList }) => DistributionList?.NextMarker,
          ),
          ({ DistributionList }) => DistributionList?.Quantity,
        ),
    ),
    quota(
      "CloudFront origin access controls",
      "OriginAccessControl",
      /^origin access controls? per/i,
      "ListOriginAccessControls",
      async () =>
        sumOf(
          await pages(
            (Marker) => client.send(new ListOriginAccessControlsCommand({ Marker })),
            ({ OriginAccessControlList }) => OriginAccessControlList?.NextMarker,
          ),
          ({ OriginAccessControlList }) => OriginAccessControlList?.Quantity,
        ),
    ),
    quota("CloudFront functions", "Function", /^(cloudfront )?functions per/i, "ListFunctions", async () =>
      sumOf(
        await pages(
          // A function that is live is in the list of development too.
          (Marker) => client.send(new ListFunctionsCommand({ Marker, Stage: "DEVELOPMENT" })),
          ({ FunctionList }) => FunctionList?.NextMarker,
        ),
        ({ FunctionList }) => FunctionList?.Quantity,
      ),
    ),
    quota(
      "CloudFront headers policies",
      "ResponseHeadersPolicy",
      /^(custom )?response headers policies per/i,
      "ListResponseHeadersPolicies",
      async () =>
        sumOf(
          await pages(
            (Marker) => client.send(new ListResponseHeadersPoliciesCommand({ Marker, Type: "custom" })),
            ({ ResponseHeadersPolicyList }) => ResponseHeadersPolicyList?.NextMarker,
          ),
          ({ ResponseHeadersPolicyList }) => ResponseHeadersPolicyList?.Quantity,
        ),
    ),
  ];
}

async function cloudFrontLimits(home: string) {
  const limits: { name: string; code: string; limit: number }[] = [];
  const client = new ServiceQuotasClient({ ...ASKING, region: home });
  for await (const { Quotas } of paginateListServiceQuotas({ client }, { ServiceCode: "cloudfront" })) {
    for (const { QuotaName = "", QuotaCode = "", Value = 0 } of Quotas ?? []) {
      limits.push({ name: QuotaName, code: QuotaCode, limit: Value });
    }
  }
  return limits;
}

/** The limit that AWS has granted, otherwise its default. */
async function serviceQuota(service: string, code: string, region: string): Promise<Omit<Usage, "used">> {
  const client = new ServiceQuotasClient({ ...ASKING, region });
  const quota = { ServiceCode: service, QuotaCode: code };
  try {
    return { limit: (await client.send(new GetServiceQuotaCommand(quota))).Quota?.Value ?? 0, code };
  } catch (error) {
    if ((error as Error).name !== "NoSuchResourceException") throw error;
    const { Quota } = await client.send(new GetAWSDefaultServiceQuotaCommand(quota));
    return { limit: Quota?.Value ?? 0, code };
  }
}

/** Several checks share one answer. */
function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let asked: Promise<Answer> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}
