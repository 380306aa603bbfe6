// The preflight of a stage whose templates are synthesised here, in an account that a server on loopback plays.
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { stageOf } from "../stage/stage.ts";
import {
  type Answers,
  type AwsStub,
  awsStub,
  ORDERABLE,
  RDS_QUOTAS,
  REGION_ITEM,
  Refusal,
  STACK_MEMBER,
} from "../testing/aws-stub.ts";
import { ACCOUNT, templatesOf } from "../testing/templates.ts";
import { expectRegion, identityOf } from "./account.ts";
import type { Outcome } from "./check.ts";
import { preflight } from "./index.ts";
import { type Needs, needsOf } from "./needs.ts";

const REGION = "eu-west-1";
const PLACE = { account: ACCOUNT, region: REGION };

const needs: Record<string, Needs> = {};
beforeAll(async () => {
  for (const stage of ["production", "ana"]) {
    const { stacks } = await templatesOf({ stage, region: REGION });
    const templates = Object.entries(stacks).map(([id, template]) => ({
      stackName: `${stage}-notejam-${id}`,
      template,
    }));
    needs[stage] = needsOf(templates);
  }
});

let aws: AwsStub | undefined;
beforeEach(() => () => {
  vi.unstubAllEnvs();
  aws?.close();
});

async function answering(different: Answers = {}): Promise<AwsStub> {
  aws = await awsStub(ACCOUNT, different);
  for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN"]) vi.stubEnv(name, undefined);
  return aws;
}

/** The outcomes that are not fine, in the words in which they are printed. */
async function found(different: Answers, stage = "production"): Promise<Record<string, Outcome>> {
  await answering(different);
  const told: Record<string, Outcome> = {};
  await preflight(stageOf(stage), needs[stage] as Needs, PLACE, ({ name }, outcome) => {
    if (outcome.kind !== "fine" && name !== "Lambda runtimes") told[name] = outcome;
  });
  return told;
}

const raise = (service: string, code: string, wanted: number, region = REGION) =>
  `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${wanted} --region ${region}`;

test("an account in which everything is fine has no problem, and every quota that the stage needs was looked at", async () => {
  await answering();
  const told: string[] = [];

  const outcomes = await preflight(
    stageOf("production"),
    needs.production as Needs,
    PLACE,
    ({ name }, { kind, says }) => told.push(`${kind} ${name}: ${says}`),
  );

  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["fine", "note"]));
  expect(told).toEqual(
    expect.arrayContaining([
      "fine CDK bootstrap: version 21",
      "fine stack production-notejam-data: it is not deployed yet",
      "fine Aurora: aurora-postgresql 18.3 as db.serverless with the Data API, in 3 zones",
      expect.stringMatching(/^note Lambda runtimes: .*nodejs\d+\.x.*: AWS can't be asked which a region has/),
      "fine Lambda concurrency: 1000 executions at once, 1000 of them unreserved after the deployment",
      "fine mail: account: SES sends to everybody",
      "fine mail: sender: SES has verified example.com",
      "fine quota: VPCs: 1 of 5 are used, the stage adds 1",
      "fine quota: database clusters: 1 of 40 are used, the stage adds 1",
      "fine quota: database instances: 2 of 40 are used, the stage adds 2",
      expect.stringMatching(/^fine quota: IAM roles: 12 of 1000 are used, the stage adds [1-9]\d*$/),
      expect.stringMatching(/^fine quota: EventBridge rules: 2 of 300 are used, the stage adds [1-9]$/),
      "fine quota: CloudFormation stacks: 1 of 2000 are used, the stage adds 3",
      "fine quota: CloudFront distributions: 3 of 200 are used, the stage adds 1",
      "fine quota: CloudFront origin access controls: 3 of 100 are used, the stage adds 1",
      "fine quota: CloudFront functions: 3 of 100 are used, the stage adds 1",
      "fine quota: CloudFront headers policies: 3 of 20 are used, the stage adds 1",
    ]),
  );
});

test("services without a region are asked in their home region, all others in the stage's", async () => {
  const { asked } = await answering();

  await preflight(stageOf("production"), needs.production as Needs, PLACE, () => {});

  const home = ["GetAccountSummary", "ListServiceQuotas", "ListDistributions", "ListFunctions"];
  for (const { operation, region } of asked) {
    if (home.includes(operation)) expect(region, operation).toBe("us-east-1");
    else if (!/^List(Origin|Response)/.test(operation)) expect(region, operation).toBe(REGION);
  }
  expect(asked.map(({ operation }) => operation)).toEqual(expect.arrayContaining(home));
});

test.each<{ what: string; answers: Answers; check: string; says: RegExp; mend: string }>([
  {
    what: "the CDK's bootstrap is missing",
    answers: {
      DescribeStacks: ({ parameters }) =>
        new Refusal("ValidationError", `Stack with id ${parameters.StackName} does not exist`),
    },
    check: "CDK bootstrap",
    says: /CDKToolkit is missing/,
    mend: `CDK_DISABLE_CLI_TELEMETRY=true CDK_NOTICES=false npx cdk bootstrap --no-version-reporting aws://${ACCOUNT}/${REGION}`,
  },
  {
    what: "a stack is stuck",
    answers: {
      DescribeStacks: ({ parameters }) =>
        parameters.StackName === "production-notejam-app"
          ? STACK_MEMBER("UPDATE_ROLLBACK_FAILED")
          : STACK_MEMBER("UPDATE_COMPLETE", { BootstrapVersion: "21" }),
      ListStackResources: () => "<StackResourceSummaries></StackResourceSummaries>",
    },
    check: "stack production-notejam-app",
    says: /^UPDATE_ROLLBACK_FAILED/,
    mend: `aws cloudformation continue-update-rollback --stack-name production-notejam-app --region ${REGION}`,
  },
  {
    what: "the region lacks the version of Aurora",
    answers: {
      DescribeOrderableDBInstanceOptions: () => "<OrderableDBInstanceOptions></OrderableDBInstanceOptions>",
    },
    check: "Aurora",
    says: /^eu-west-1 does not offer aurora-postgresql 18\.3 as db\.serverless$/,
    mend: "Deploy into a region that has it: aws rds describe-orderable-db-instance-options --engine aurora-postgresql --engine-version 18.3 --db-instance-class db.serverless --region <region>",
  },
  {
    what: "the region lacks the Data API",
    answers: {
      DescribeOrderableDBInstanceOptions: () =>
        ORDERABLE("<SupportsHttpEndpoint>false</SupportsHttpEndpoint>"),
    },
    check: "Aurora",
    says: /without the Data API$/,
    mend: "Deploy into a region that has it: aws rds describe-orderable-db-instance-options --engine aurora-postgresql --engine-version 18.3 --db-instance-class db.serverless --region <region>",
  },
  {
    what: "a new account may run ten functions at once",
    answers: {
      GetAccountSettings: () => ({
        AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 },
      }),
    },
    check: "Lambda concurrency",
    says: /^10 executions at once, 10 of them unreserved after the deployment; 100 is the least$/,
    mend: raise("lambda", "L-B99A9384", 1000),
  },
  {
    what: "SES is in its sandbox",
    answers: { GetAccount: () => ({ ProductionAccessEnabled: false, SendingEnabled: true }) },
    check: "mail: account",
    says: /sandbox/,
    mend: `aws sesv2 put-account-details --production-access-enabled --mail-type TRANSACTIONAL --website-url <address of the site> --region ${REGION}`,
  },
  {
    what: "SES has stopped sending",
    answers: {
      GetAccount: () => ({
        ProductionAccessEnabled: true,
        SendingEnabled: false,
        EnforcementStatus: "SHUTDOWN",
      }),
    },
    check: "mail: account",
    says: /^SES sends nothing \(enforcement status SHUTDOWN\)$/,
    mend: `aws sesv2 put-account-sending-attributes --sending-enabled --region ${REGION}, or the console of SES: Account dashboard`,
  },
  {
    what: "SES does not know the sender",
    answers: { GetEmailIdentity: () => new Refusal("NotFoundException", "no", 404) },
    check: "mail: sender",
    says: /^SES knows neither example\.com nor notejam@example\.com$/,
    mend: `aws sesv2 create-email-identity --email-identity example.com --region ${REGION}`,
  },
  {
    what: "the sender's domain waits for its DNS records",
    answers: {
      GetEmailIdentity: ({ parameters }) =>
        parameters.EmailIdentity === "example.com"
          ? { VerifiedForSendingStatus: false }
          : new Refusal("NotFoundException", "no", 404),
    },
    check: "mail: sender",
    says: /^SES has not verified example\.com yet$/,
    mend: `Publish the DNS records: aws sesv2 get-email-identity --email-identity example.com --query DkimAttributes.Tokens --region ${REGION}`,
  },
  {
    what: "the region is full of VPCs",
    answers: { DescribeVpcs: () => `<vpcSet>${"<item><vpcId>v</vpcId></item>".repeat(5)}</vpcSet>` },
    check: "quota: VPCs",
    says: /^5 of 5 are used, the stage adds 1$/,
    mend: raise("vpc", "L-F678F1CE", 10),
  },
  {
    what: "the quota of VPCs was never raised",
    answers: {
      DescribeVpcs: () => `<vpcSet>${"<item><vpcId>v</vpcId></item>".repeat(5)}</vpcSet>`,
      GetServiceQuota: () => new Refusal("NoSuchResourceException"),
    },
    check: "quota: VPCs",
    says: /^5 of 5/,
    mend: raise("vpc", "L-F678F1CE", 10),
  },
  {
    what: "there is room for one instance, and the stage has two",
    answers: { DescribeAccountAttributes: () => RDS_QUOTAS(1, 39) },
    check: "quota: database instances",
    says: /^39 of 40 are used, the stage adds 2$/,
    mend: raise("rds", "L-7B6409FD", 80),
  },
  {
    what: "the account has as many headers policies as it may",
    answers: {
      ListResponseHeadersPolicies: () =>
        "<ResponseHeadersPolicyList><Quantity>20</Quantity></ResponseHeadersPolicyList>",
    },
    check: "quota: CloudFront headers policies",
    says: /^20 of 20 are used, the stage adds 1$/,
    mend: raise("cloudfront", "L-CF0D4FC5", 40, "us-east-1"),
  },
  {
    what: "a quota is not in Service Quotas",
    answers: { ListFunctions: () => "<FunctionList><Quantity>100</Quantity></FunctionList>" },
    check: "quota: CloudFront functions",
    says: /^100 of 100/,
    mend: "AWS Support raises it: https://console.aws.amazon.com/support/home",
  },
])("a problem is told with what mends it: $what", async ({ answers, check, says, mend }) => {
  const problems = await found(answers);

  expect(Object.keys(problems)).toEqual([check]);
  expect(problems[check]).toEqual({ kind: "problem", says: expect.stringMatching(says), mend });
});

test("whether a version has the Data API is left open where AWS does not say", async () => {
  const told = await found({ DescribeOrderableDBInstanceOptions: () => ORDERABLE("") });

  expect(told).toEqual({
    Aurora: { kind: "note", says: expect.stringMatching(/AWS does not say whether with the Data API$/) },
  });
});

test("what functions reserve must leave enough for those that reserve nothing, unless it is reserved already", async () => {
  const reserving = { ...(needs.production as Needs), reservedConcurrency: 950 };
  const says = async (different: Answers) => {
    await answering(different);
    const outcomes: string[] = [];
    await preflight(stageOf("production"), reserving, PLACE, ({ name }, outcome) => {
      if (name === "Lambda concurrency") outcomes.push(`${outcome.kind}: ${outcome.says}`);
    });
    return outcomes;
  };

  expect(await says({})).toEqual([
    "problem: 1000 executions at once, 50 of them unreserved after the deployment; 100 is the least",
  ]);
  aws?.close();
  expect(
    await says({
      DescribeStacks: () => STACK_MEMBER("UPDATE_COMPLETE", { BootstrapVersion: "21" }),
      ListStackResources: () =>
        "<StackResourceSummaries><member><ResourceType>AWS::Lambda::Function</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member></StackResourceSummaries>",
      GetAccountSettings: () => ({
        AccountLimit: { ConcurrentExecutions: 1100, UnreservedConcurrentExecutions: 150 },
      }),
    }),
  ).toEqual(["fine: 1100 executions at once, 150 of them unreserved after the deployment"]);
});

test("SES's sandbox is no problem of a person's stage", async () => {
  const told = await found(
    { GetAccount: () => ({ ProductionAccessEnabled: false, SendingEnabled: true }) },
    "ana",
  );

  expect(told).toEqual({ "mail: account": { kind: "note", says: expect.stringMatching(/sandbox/) } });
});

test.each<{ what: string; answer: Answers[string]; says: string }>([
  {
    what: "is not there",
    answer: ({ parameters }) =>
      parameters.StackName === "CDKToolkit"
        ? STACK_MEMBER("CREATE_COMPLETE", { BootstrapVersion: "21" })
        : new Refusal("ValidationError", `Stack with id ${parameters.StackName} does not exist`),
    says: "it is not deployed in eu-west-1, and the stage has its database on dev's cluster",
  },
  {
    what: "does not share its cluster yet",
    answer: () => STACK_MEMBER("UPDATE_COMPLETE", { BootstrapVersion: "21" }),
    says: "it is older than the cluster that stages share",
  },
])("a person's stage is told to wait for dev, which $what", async ({ answer, says }) => {
  const told = await found(
    { DescribeStacks: answer, ListStackResources: () => "<StackResourceSummaries/>" },
    "ana",
  );

  expect(told).toEqual({
    "stage dev": { kind: "problem", says, mend: "npx sst deploy --stage dev --region eu-west-1" },
  });
});

test("what is deployed already needs no more room", async () => {
  const full = {
    DescribeVpcs: () => `<vpcSet>${"<item><vpcId>v</vpcId></item>".repeat(5)}</vpcSet>`,
    DescribeStacks: () => STACK_MEMBER("UPDATE_COMPLETE", { BootstrapVersion: "21" }),
    ListStackResources: () =>
      "<StackResourceSummaries><member><LogicalResourceId>N</LogicalResourceId><ResourceType>AWS::EC2::VPC</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member></StackResourceSummaries>",
  };

  expect(await found(full)).toEqual({});
});

describe("what can't be asked", () => {
  test("is told with the permission that is missing, and stops nothing else", async () => {
    const told = await found({
      GetAccount: () =>
        new Refusal(
          "AccessDeniedException",
          "User: ana is not authorized to perform: ses:GetAccount on resource: *",
          403,
        ),
      DescribeVpcs: () =>
        new Refusal("UnauthorizedOperation", "You are not authorized to perform this operation.", 403),
      DescribeStacks: () =>
        new Refusal("AccessDenied", "not authorized to perform: cloudformation:DescribeStacks", 403),
    });

    const needing = (permission: string) => ({
      kind: "unasked",
      says: `can't be asked: it needs the permission ${permission}`,
    });
    expect(told).toEqual({
      "mail: account": needing("ses:GetAccount"),
      "quota: VPCs": needing("ec2:DescribeVpcs, servicequotas:GetServiceQuota"),
      "CDK bootstrap": needing("cloudformation:DescribeStacks"),
      "stack production-notejam-data": needing("cloudformation:DescribeStacks"),
      "stack production-notejam-recovery": needing("cloudformation:DescribeStacks"),
      "stack production-notejam-app": needing("cloudformation:DescribeStacks"),
      "what is deployed": needing("cloudformation:DescribeStacks"),
    });
  });

  test("is told if AWS fails", async () => {
    const told = await found({
      GetAccountSettings: () => new Refusal("ServiceException", "an internal error", 500),
    });

    expect(told).toEqual({
      "Lambda concurrency": { kind: "unasked", says: "can't be asked: ServiceException: an internal error" },
    });
  });
});

describe("nothing is asked of a region", () => {
  test.each([
    { region: "eu-west-9", says: 'AWS has no region "eu-west-9".' },
    {
      region: "ap-east-1",
      says: "The account has not enabled the region ap-east-1: aws account enable-region --region-name ap-east-1",
    },
  ])("that the account can't use: $region", async ({ region, says }) => {
    await answering({
      DescribeRegions: () =>
        `<regionInfo>${REGION_ITEM(REGION, "opt-in-not-required")}${REGION_ITEM("ap-east-1", "not-opted-in")}</regionInfo>`,
    });

    await expect(expectRegion(region)).rejects.toThrow(says);
  });

  test("unless the regions can't be asked for", async () => {
    await answering({ DescribeRegions: () => new Refusal("UnauthorizedOperation", "no", 403) });

    await expectRegion(REGION);
  });
});

test("who asks is told by the credentials", async () => {
  await answering();

  expect(await identityOf(REGION)).toEqual({ account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/ana` });
});
