// What holds for every resource of every kind of stage, whatever is added: findings of cdk-nag and wide permissions are accepted
// for a reason, names do not collide, no region, zone or account is written down, and the same commit gives the same templates.
import { describe, expect, test } from "vitest";
import { RESTORABLE } from "../testing/aws.ts";
import { locationsOf, sharedGlobalNames } from "../testing/locations.ts";
import { widePermissions } from "../testing/policies.ts";
import {
  ACCOUNT,
  account,
  FAR_REGION,
  type RawTemplate,
  type Request,
  type Synthesised,
  templatesOf,
} from "../testing/templates.ts";

const SNAPSHOT = "before-the-rehearsal";
account.snapshots[SNAPSHOT] = RESTORABLE;

/** A stage of each kind, and one under `sst dev`. */
const KINDS: readonly (Request & { kind: string })[] = [
  { kind: "production", stage: "production" },
  { kind: "staging", stage: "staging" },
  { kind: "dev", stage: "dev" },
  { kind: "a person's", stage: "ana" },
  { kind: "a pull request's", stage: "pr-12" },
  { kind: "the far vault", stage: "vault" },
  { kind: "a person's from a snapshot", stage: "rehearsal", environment: { NOTEJAM_RESTORE_FROM: SNAPSHOT } },
  { kind: "a person's under sst dev", stage: "ana", mode: "dev" },
];

/** A finding that is accepted; in all kinds of stages, unless it says in which. */
interface Accepted {
  /** Of the finding's line. */
  finding: RegExp;
  kinds?: RegExp;
  because: string;
}

// What is not built has another runtime, and no code.
const made = ({ kind: _, ...request }: (typeof KINDS)[number]) =>
  templatesOf({ ...request, nag: true, built: true });

/** Expects each finding of each kind of stage to be accepted, and each entry of the list to be needed. */
async function expectAccepted(accepted: readonly Accepted[], findingsOf: (stage: Synthesised) => string[]) {
  const needed = new Set<Accepted>();
  const unexpected: string[] = [];
  for (const kind of KINDS) {
    for (const finding of findingsOf(await made(kind))) {
      const entry = accepted.find(
        (one) => one.finding.test(finding) && (one.kinds === undefined || one.kinds.test(kind.kind)),
      );
      if (entry) needed.add(entry);
      else unexpected.push(`${kind.kind}: ${finding}`);
    }
  }
  expect(unexpected).toEqual([]);
  expect(accepted.filter((entry) => !needed.has(entry))).toEqual([]);
}

describe("cdk-nag", () => {
  // Its findings fail no deployment, so they are read here: each is accepted for a reason, or fixed. A line is the rule, the
  // resource's path in its stack, and for some rules what of the resource.
  const ACCEPTED: readonly Accepted[] = [
    {
      finding: /^IAM4 \S+ Policy::.*\/AWSLambdaBasicExecutionRole$/,
      because: "AWS's basic execution role writes log lines, and does nothing else",
    },
    {
      finding: /^IAM5 app\/Mail\/\S+ Resource::.*:ses:.*:identity\/\*$/,
      because: "any identity of SES, but one sender",
    },
    {
      finding:
        /^IAM5 app\/(ApiHandler|Migrations|StageDatabaseProvider)\/\S+ Resource::<(Mail|Migrate|StageDatabase)[0-9A-F]{8}\.Arn>:\*$/,
      because: "all versions of the one function that is invoked",
    },
    {
      finding: /^IAM5 app\/StageDatabase\/\S+ Resource::.*:secret:notejam\/stage\/\*$/,
      kinds: /^dev$/,
      because: "the secrets of the stages on dev's cluster, which it makes and deletes",
    },
    {
      finding: /^IAM5 app\/StageDatabase\/\S+ Resource::.*:stack\/\*-notejam-app\/\*$/,
      kinds: /^dev$/,
      because: "whether the stack of any stage that asks is there",
    },
    {
      finding: /^IAM5 app\/Custom::CDKBucketDeployment/,
      because: "the CDK's own: reads the assets, writes the web app's bucket",
    },
    {
      finding:
        /^IAM5 app\/\w+\/ServiceRole\/\S+ (Action::(iot|s3):\*|Resource::\*|Resource::.*:sstbootstrap\/\*)$/,
      kinds: /under sst dev/,
      because: "SST brings requests to the person's computer by IoT, and large ones by its own bucket",
    },
    {
      finding:
        /^L1 \w+\/(CustomResourceHandler|Migrations\/ScriptHandler|Custom::CDKBucketDeployment\w+|StageDatabaseProvider\/framework-onEvent)\//,
      because: "SST and the CDK choose these runtimes",
    },
    {
      finding: /^L1 app\/\w+\/Resource$/,
      kinds: /under sst dev/,
      because: "SST puts its own function in each one's place",
    },
    { finding: /^VPC7 data\/Network\//, because: "nothing can reach these subnets" },
    {
      finding: /^RDS6 data\/Database\//,
      because: "no client connects: the Data API checks the caller's role",
    },
    {
      finding: /^RDS10 data\/Database\//,
      kinds: /^(?!production)/,
      because: "a removal leaves a snapshot, or is meant",
    },
    {
      finding: /^SMG4 app\/(OriginSecret|DeviceKey)\//,
      because: "CloudFront and the function read it when they are deployed",
    },
    {
      finding: /^IAM4 app\/ApiRelease\/\S+ Policy::.*\/AWSCodeDeployRoleForLambdaLimited$/,
      because: "CodeDeploy moves aliases, and reads the alarms that stop it",
    },
    {
      finding: /^IAM4 recovery\/\S+ Policy::.*\/AWSBackupServiceRolePolicyFor(Backup|Restores)$/,
      because: "what AWS Backup needs changes with it, and only it can take the role",
    },
    {
      finding: /^IAM5 data\/LogRetention\S+ Resource::\*$/,
      because:
        "it looks before database.ts narrows it to the one log group of PostgreSQL: see the permissions below",
    },
    {
      finding: /^IAM5 app\/Mail\/\S+ Resource::.*:ses:.*:configuration-set\/\*$/,
      because: "the configuration set of an identity that another stage made, but one sender",
    },
    {
      finding: /^SMG4 data\/ApplicationSecret\//,
      because: "a new password is one step of a runbook, and no person knows the old one",
    },
    { finding: /^SQS3 app\/DeadLetters\//, because: "it is the queue of dead letters" },
    { finding: /^APIG4 app\/Api\//, because: "the function authorises, in the statement itself" },
    { finding: /^S1 app\/Web\//, because: "what lies in the bucket is public" },
    {
      finding: /^S1 app\/AuditTrail\//,
      because: "who read the trail is in CloudTrail, and nobody can change it",
    },
    { finding: /^IAM5 app\/AuditDeliveryRole\//, because: "any file of the one bucket that it writes" },
    { finding: /^CFR1 app\/Site\//, because: "the site is for everybody" },
    {
      finding: /^CFR2 app\/Site\//,
      because: "no firewall yet: attempts are limited, everything else needs a session",
    },
    { finding: /^CFR3 app\/Site\//, because: "no access log yet: it belongs to monitoring" },
    {
      finding: /^CFR4 app\/Site\//,
      kinds: /^(?!production)/,
      because: "CloudFront's own name takes no other setting",
    },
  ];

  function linesOf({ findings }: Synthesised): string[] {
    // The stage of the vaults has two.
    expect(findings.length).toBeGreaterThan(1);
    return findings.map((finding) => {
      const [, path, rule, detail] =
        /^\/[a-z\d-]+-notejam-(\S+) AwsSolutions-([A-Z]+\d+)(?:\[(.+?)\])?: /.exec(finding) ?? [];
      return rule ? [rule, path, detail].filter((part) => part !== undefined).join(" ") : finding;
    });
  }

  test("finds nothing in any kind of stage that was not considered", async () => {
    await expectAccepted(ACCEPTED, linesOf);
  });
});

describe("a permission", () => {
  // A line is the stack, the logical id, and what it allows.
  const ACCEPTED: readonly Accepted[] = [
    {
      finding: /: what AWS writes in service-role\/AWSLambdaBasicExecutionRole$/,
      because: "it writes log lines, and does nothing else",
    },
    {
      finding: /^app\/ApiRelease\w+: what AWS writes in service-role\/AWSCodeDeployRoleForLambdaLimited$/,
      because: "CodeDeploy moves aliases, and reads the alarms that stop it",
    },
    {
      finding:
        /^recovery\/\w+: what AWS writes in service-role\/AWSBackupServiceRolePolicyFor(Backup|Restores)$/,
      because: "what AWS Backup needs changes with it, and only it can take the role",
    },
    {
      finding: /^\w+\/(DatabaseKey|VaultKey|AlarmsKey)\w+: kms:\* (as an action|on \*)$/,
      because:
        "in a key's own policy * is the key; without the account's administrators nobody could change it",
    },
    {
      finding: /^app\/AlarmsKey\w+: kms:Decrypt, kms:GenerateDataKey\* on \*$/,
      because: "in a key's own policy * is the key: CloudWatch encrypts what it publishes",
    },
    {
      finding: /^app\/\w+ServiceRoleDefaultPolicy\w+: (iot|s3):\* as an action$/,
      kinds: /under sst dev/,
      because: "SST brings requests to the person's computer by IoT, and large ones by its own bucket",
    },
    {
      finding: /^app\/\w+ServiceRoleDefaultPolicy\w+: iot:\* on \*$/,
      kinds: /under sst dev/,
      because: "SST names no topic",
    },
  ];

  test("for everything, a whole service or everybody is written down with its reason, in every kind of stage", async () => {
    await expectAccepted(ACCEPTED, ({ stacks }) =>
      Object.entries(stacks).flatMap(([id, template]) =>
        widePermissions(template).map((line) => `${id}/${line}`),
      ),
    );
  });

  const planted = (Type: string, Properties: Record<string, unknown>): RawTemplate => ({
    Resources: { Planted: { Type, Properties } },
  });
  const document = (statement: object) => ({ Statement: [{ Effect: "Allow", ...statement }] });

  test.each([
    {
      where: "an inline policy",
      template: planted("AWS::IAM::Policy", {
        PolicyDocument: document({ Action: "s3:GetObject", Resource: "*" }),
      }),
      found: "s3:GetObject on *",
    },
    {
      where: "a role's inline policy, beside a resource",
      template: planted("AWS::IAM::Role", {
        Policies: [
          { PolicyDocument: document({ Action: ["s3:GetObject"], Resource: [{ Ref: "Web" }, "*"] }) },
        ],
      }),
      found: "s3:GetObject on *",
    },
    {
      where: "a managed policy",
      template: planted("AWS::IAM::ManagedPolicy", {
        PolicyDocument: document({ NotAction: "iam:*", Resource: { Ref: "Web" } }),
      }),
      found: "allows all but its NotAction",
    },
    {
      where: "a policy of AWS's",
      template: planted("AWS::IAM::Role", {
        ManagedPolicyArns: [{ "Fn::Sub": `arn:\${AWS::Partition}:iam::aws:policy/AdministratorAccess` }],
      }),
      found: "what AWS writes in AdministratorAccess",
    },
    {
      where: "a queue's policy",
      template: planted("AWS::SQS::QueuePolicy", {
        PolicyDocument: document({ Action: "sqs:SendMessage", Principal: { AWS: "*" }, Resource: "queue" }),
      }),
      found: "sqs:SendMessage for everybody",
    },
  ])("that is wide is found in $where", ({ template, found }) => {
    expect(widePermissions(template)).toEqual([`Planted: ${found}`]);
  });
});

describe("the templates of one stage in two regions", () => {
  const HERE = "eu-west-1";
  const THERE = "ap-southeast-2";
  const DEPLOYED = KINDS.filter(({ mode }) => mode === undefined);

  test.each(DEPLOYED)("share no global name: $kind", async ({ stage, environment }) => {
    const here = await templatesOf({ stage, region: HERE, environment });
    // A domain belongs to one distribution at a time.
    const moves = { NOTEJAM_DOMAIN_MOVES: stage === "production" ? "later" : undefined };
    const there = await templatesOf({ stage, region: THERE, environment: { ...environment, ...moves } });

    for (const [id, template] of Object.entries(here.stacks)) {
      expect(sharedGlobalNames(template, there.stacks[id] as RawTemplate), id).toEqual([]);
    }
  });

  test.each(KINDS)(
    "name no region, zone or account but the given ones: $kind",
    async ({ stage, mode = "deploy", environment }) => {
      for (const region of [HERE, THERE]) {
        const { stacks } = await templatesOf({ stage, region, mode, environment });
        for (const [id, template] of Object.entries(stacks)) {
          // Production is told where its certificate is, and its far region.
          const told = stage === "production" ? ["us-east-1", FAR_REGION] : [];
          expect(locationsOf(template, [region, ACCOUNT, ...told]), id).toEqual([]);
        }
      }
    },
  );

  test.each(DEPLOYED)("differ in nothing but the region's name: $kind", async ({ stage, environment }) => {
    const here = await templatesOf({ stage, region: HERE, environment });
    const there = await templatesOf({ stage, region: THERE, environment });

    // The id of a function's version has a hash of where its code lies.
    const written = ({ stacks }: Synthesised) =>
      JSON.stringify(stacks).replaceAll(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, "$1");
    expect(JSON.parse(written(here).replaceAll(HERE, THERE))).toEqual(JSON.parse(written(there)));
  });

  const named = (Type: string, Properties: Record<string, unknown>): RawTemplate => ({
    Resources: { Planted: { Type, Properties } },
  });

  test.each([
    { type: "AWS::S3::Bucket", properties: { BucketName: "notejam-audit" } },
    { type: "AWS::IAM::Role", properties: { RoleName: { "Fn::Sub": `\${AWS::StackName}-audit` } } },
    { type: "AWS::CloudWatch::Dashboard", properties: { DashboardName: "notejam" } },
    { type: "AWS::CloudFront::CachePolicy", properties: { CachePolicyConfig: { Name: "notejam" } } },
    { type: "AWS::CloudFront::Distribution", properties: { DistributionConfig: { Aliases: ["a.example"] } } },
    { type: "AWS::NewService::Thing", properties: { ThingName: "notejam" } },
  ])("would show a name that they share: $type", ({ type, properties }) => {
    expect(sharedGlobalNames(named(type, properties), named(type, properties))).toHaveLength(1);
  });

  test.each([
    { type: "AWS::S3::Bucket", properties: { BucketName: { "Fn::Sub": `notejam-\${AWS::Region}` } } },
    { type: "AWS::S3::Bucket", properties: { BucketName: { Ref: "Other" } } },
    { type: "AWS::CloudWatch::Alarm", properties: { AlarmName: "notejam" } },
    { type: "AWS::SQS::Queue", properties: { QueueName: "notejam" } },
  ])("may both have $properties", ({ type, properties }) => {
    expect(sharedGlobalNames(named(type, properties), named(type, properties))).toEqual([]);
  });

  test.each([
    { text: "arn:aws:acm:us-east-1:111122223333:certificate/1", found: ["us-east-1"] },
    { text: "eu-west-1b", found: ["eu-west-1b"] },
    { text: "euw1-az2", found: ["euw1-az2"] },
    { text: "sns.us-gov-west-1.amazonaws.com", found: ["us-gov-west-1"] },
    { text: "arn:aws:iam::999988887777:role/x", found: ["999988887777"] },
    { text: "cdk-assets-999988887777-eu-west-1", found: ["999988887777"] },
    { text: "arn:aws:rds:eu-west-1:111122223333:cluster:x", found: [] },
    { text: "658327ea-f89d-4fab-a63d-788639588860", found: [] },
  ])("would show $found in $text", ({ text, found }) => {
    const template = named("AWS::SNS::Topic", { DisplayName: { "Fn::Join": ["", [text]] } });

    expect(locationsOf(template, ["eu-west-1", "111122223333"])).toEqual(found);
  });
});

// Bundles and the web app are built alike in all of them, so they are built anew for one.
test.each(KINDS)("the same commit gives the same templates: $kind", async ({ kind, ...request }) => {
  const whole = { ...request, ...(kind === "production" && { nag: true, built: true }) };

  const again = await templatesOf({ ...whole, anew: true });

  expect(JSON.stringify(again.stacks)).toBe(JSON.stringify((await templatesOf(whole)).stacks));
});
