// A hundred persons' stages, as many previews as may be open, and staging and dev, in one account and region: counted from their
// templates, they stay within the quotas that AWS grants every account. Production has an account of its own. A stage takes a
// seventh of a second, so the suite synthesises some and multiplies, NOTEJAM_LONG_TESTS all hundred.
import { beforeAll, describe, expect, test } from "vitest";
import { PREVIEWS_MAX } from "../stage/sizes.ts";
import { type RawTemplate, templatesOf } from "../testing/templates.ts";

const PERSONS = 100;
const LONG = process.env.NOTEJAM_LONG_TESTS !== undefined;
/** Names of all forms: short, as long as possible, with hyphens and digits. */
const NAMES = [
  "a",
  "a".repeat(30),
  "ana-2",
  ...(LONG ? Array.from({ length: 97 }, (_, i) => `person-${i + 1}`) : []),
];

/**
 * What an account may have of each type, in a region or, of services without one, at all, as AWS's general reference had it in
 * November 2026 ("Service endpoints and quotas"; S3 and HTTP APIs from their user guides). Where an account may have been given more
 * since, it is the smaller number: 200 distributions became 500.
 */
const QUOTAS: Record<string, number> = {
  "AWS::ApiGatewayV2::Api": 600,
  "AWS::CloudFormation::Stack": 2000,
  "AWS::CloudFront::Distribution": 200,
  "AWS::CloudFront::Function": 100,
  "AWS::CloudFront::OriginAccessControl": 100,
  "AWS::CloudFront::ResponseHeadersPolicy": 20,
  "AWS::CloudWatch::Alarm": 5000,
  "AWS::EC2::VPC": 5,
  "AWS::Events::Rule": 300,
  "AWS::IAM::Role": 1000,
  "AWS::KMS::Key": 100_000,
  "AWS::Logs::LogGroup": 1_000_000,
  "AWS::RDS::DBCluster": 40,
  "AWS::RDS::DBInstance": 40,
  "AWS::S3::Bucket": 100,
  "AWS::SSM::Parameter": 10_000,
  // A stage on dev's cluster has one, which the provider makes.
  "AWS::SecretsManager::Secret": 500_000,
};

/** Of each of dev's parts: an origin access control, a function, a headers policy. */
const DISTRIBUTIONS_OF_A_PART = 100;

/** Bytes of the code of all functions and layers of a region. */
const LAMBDA_STORAGE = 75 * 1024 ** 3;
/** More than any of ours has, or SST's and the CDK's: the AWS command line of a bucket's deployment has 17 MB. */
const FUNCTION_BYTES = 20 * 1024 ** 2;

/** What `cdk bootstrap` and SST make in a region before the first deployment. */
const BOOTSTRAP: Record<string, number> = {
  "AWS::CloudFormation::Stack": 2,
  "AWS::IAM::Role": 7,
  "AWS::S3::Bucket": 2,
  "AWS::SSM::Parameter": 2,
};

type Counts = Record<string, number>;

let persons: Counts[];
let previews: Counts[];
let fixed: Counts[];
beforeAll(async () => {
  const made = async (stage: string) => countsOf((await templatesOf({ stage })).stacks);
  persons = [];
  for (const name of NAMES) persons.push(await made(name));
  previews = [await made("pr-1"), await made("pr-4321")];
  fixed = [await made("staging"), await made("dev")];
}, 600_000);

function countsOf(stacks: Record<string, RawTemplate>): Counts {
  const counts: Counts = { "AWS::CloudFormation::Stack": Object.keys(stacks).length };
  for (const { Type } of Object.values(stacks).flatMap(({ Resources }) => Object.values(Resources))) {
    const type = Type === "Custom::StageDatabase" ? "AWS::SecretsManager::Secret" : Type;
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}

/** All stages together. */
function together(type: string, open = PREVIEWS_MAX): number {
  const of = (counts: Counts | undefined) => counts?.[type] ?? 0;
  const sum = (all: readonly Counts[]) => all.reduce((total, one) => total + of(one), 0);
  return of(BOOTSTRAP) + sum(fixed) + (PERSONS / persons.length) * sum(persons) + open * of(previews[0]);
}

test("stages of one kind have the same resources, whatever their names", () => {
  expect(persons).toHaveLength(LONG ? 100 : 3);
  expect(new Set(persons.map((one) => JSON.stringify(one)))).toHaveProperty("size", 1);
  expect(previews[1]).toEqual(previews[0]);
});

describe(`${PERSONS} persons' stages, ${PREVIEWS_MAX} previews, staging and dev`, () => {
  test.each(Object.entries(QUOTAS))("have no more than an account may: %s, %i", (type, quota) => {
    expect(together(type)).toBeGreaterThan(0);
    expect(together(type)).toBeLessThanOrEqual(quota);
  });

  test("have nothing of a kind whose quota was not looked at", () => {
    const unlimited = [
      // Counted with what they belong to: an API, a bucket, a role, a function, a network, a cluster, a queue, a distribution.
      /^AWS::ApiGatewayV2::(Integration|Route|Stage)$/,
      /^AWS::(IAM|S3|SQS|SNS)::\w*Policy$/,
      /^AWS::Lambda::/,
      /^AWS::EC2::(RouteTable|SecurityGroup|Subnet|SubnetRouteTableAssociation)$/,
      /^AWS::RDS::(DBClusterParameterGroup|DBSubnetGroup)$/,
      /^Custom::/,
      // One in a fixed stage, or a handful.
      /^AWS::CloudWatch::(CompositeAlarm|Dashboard)$/,
      /^AWS::CodeDeploy::/,
      /^AWS::KinesisFirehose::DeliveryStream$/,
      /^AWS::Logs::(LogStream|SubscriptionFilter|QueryDefinition|MetricFilter)$/,
      /^AWS::(SNS::(Topic|Subscription)|SQS::Queue)$/,
    ];
    const types = new Set([...fixed, ...persons, ...previews].flatMap((one) => Object.keys(one)));

    const unknown = [...types].filter(
      (type) => !(type in QUOTAS) && !unlimited.some((pattern) => pattern.test(type)),
    );
    expect(unknown).toEqual([]);
  });

  test("leave room in each of dev's parts, which its own distribution and every preview use", () => {
    expect(previews[0]?.["AWS::CloudFront::Distribution"]).toBe(1);
    expect(1 + PREVIEWS_MAX).toBeLessThanOrEqual(DISTRIBUTIONS_OF_A_PART);
    expect(previews[0]).not.toHaveProperty("AWS::CloudFront::OriginAccessControl");
  });

  test("store less code than a region may", () => {
    const stored = together("AWS::Lambda::Function") + together("AWS::Lambda::LayerVersion");

    expect(stored).toBeGreaterThan(PERSONS * 3);
    expect(stored * FUNCTION_BYTES).toBeLessThan(LAMBDA_STORAGE);
  });

  test("are as many as roles allow: with twice the previews there would be too many", () => {
    expect(together("AWS::IAM::Role", 2 * PREVIEWS_MAX)).toBeGreaterThan(1000);
  });
});
