// The preflight of a stage, in an account that a server on loopback plays.
import { beforeEach, describe, expect, test, vi } from "vitest";
import { expectRegion, identityOf } from "../account/identity.ts";
import { stageOf } from "../stage/stage.ts";
import {
  type Answers,
  type AwsStub,
  awsStub,
  ORDERABLE,
  Refusal,
  STACK_MEMBER,
} from "../testing/aws-stub.ts";
import { ACCOUNT } from "../testing/templates.ts";
import type { Outcome } from "./check.ts";
import { preflight } from "./preflight.ts";

const REGION = "eu-west-1";
const CALLER = `<Arn>arn:aws:iam::${ACCOUNT}:user/ana</Arn><UserId>U</UserId><Account>${ACCOUNT}</Account>`;
const TARGET = {
  account: ACCOUNT,
  region: REGION,
  sender: "notejam@example.com",
  engineVersion: "18.3",
};

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
  await preflight(stageOf(stage), TARGET, ({ name }, outcome) => {
    if (outcome.kind !== "fine") told[name] = outcome;
  });
  return told;
}

test("an account in which everything is fine has no problem", async () => {
  await answering();
  const told: string[] = [];

  await preflight(stageOf("production"), TARGET, ({ name }, { kind, says }) =>
    told.push(`${kind} ${name}: ${says}`),
  );

  expect(told).toEqual([
    "fine CDK bootstrap: version 21",
    "fine stack production-notejam-data: it is not deployed yet",
    "fine stack production-notejam-recovery: it is not deployed yet",
    "fine stack production-notejam-app: it is not deployed yet",
    "fine Aurora: aurora-postgresql 18.3 as db.serverless with the Data API, in 3 zones",
    "fine Lambda concurrency: 1000 executions at once",
    "fine mail: account: SES sends to everybody",
    "fine mail: sender: SES has verified example.com",
  ]);
});

test("everything is asked in the stage's region", async () => {
  const { asked } = await answering();

  await preflight(stageOf("production"), TARGET, () => {});

  expect(new Set(asked.map(({ region }) => region))).toEqual(new Set([REGION]));
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
    says: /^10 executions at once; 100 is the least$/,
    mend: `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region ${REGION}`,
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

test("SES's sandbox is no problem of a person's stage", async () => {
  const told = await found(
    { GetAccount: () => ({ ProductionAccessEnabled: false, SendingEnabled: true }) },
    "ana",
  );

  expect(told).toEqual({ "mail: account": { kind: "note", says: expect.stringMatching(/sandbox/) } });
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
      DescribeOrderableDBInstanceOptions: () => new Refusal("AccessDenied", "no", 403),
      DescribeStacks: () =>
        new Refusal("AccessDenied", "not authorized to perform: cloudformation:DescribeStacks", 403),
    });

    const needing = (permission: string) => ({
      kind: "unasked",
      says: `can't be asked: it needs the permission ${permission}`,
    });
    expect(told).toEqual({
      "mail: account": needing("ses:GetAccount"),
      Aurora: needing("rds:DescribeOrderableDBInstanceOptions"),
      "CDK bootstrap": needing("cloudformation:DescribeStacks"),
      "stack production-notejam-data": needing("cloudformation:DescribeStacks"),
      "stack production-notejam-recovery": needing("cloudformation:DescribeStacks"),
      "stack production-notejam-app": needing("cloudformation:DescribeStacks"),
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

test("nothing is asked of a region that the account has not enabled", async () => {
  await answering({
    GetCallerIdentity: ({ region }) =>
      region === "us-east-1" ? CALLER : new Refusal("InvalidClientTokenId", "invalid", 403),
  });
  const identity = await identityOf({ region: "af-south-1" });

  expect(identity).toEqual({ account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/ana` });
  await expect(expectRegion("af-south-1", identity)).rejects.toThrow(
    `The account ${ACCOUNT} has not enabled the region af-south-1: aws account enable-region --region-name af-south-1`,
  );
});

test("a region that the account has enabled is asked", async () => {
  await answering();

  await expectRegion("af-south-1", await identityOf({ region: "af-south-1" }));
});
