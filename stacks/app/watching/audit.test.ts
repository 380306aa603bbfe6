// The audit trail: what reaches its bucket, and who could change it there.
import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { watchedTemplate } from "../../testing/watched.ts";

const production = watchedTemplate();

/** The one resource of a type whose id begins so. */
function the(template: Template, type: string, id: string) {
  const found = Object.entries(template.findResources(type)).filter(([logicalId]) =>
    logicalId.startsWith(id),
  );
  expect(found, `${type} ${id}`).toHaveLength(1);
  const [logicalId, resource] = found[0] as (typeof found)[0];
  return { logicalId, ...resource } as (typeof found)[0][1] & { logicalId: string };
}

const bucket = the(production, "AWS::S3::Bucket", "AuditTrail");
const stream = the(production, "AWS::KinesisFirehose::DeliveryStream", "AuditDelivery");

/** The statements of the role's own policies. */
function statementsOf(id: string) {
  return the(production, "AWS::IAM::Role", id).Properties.Policies.flatMap(
    ({ PolicyDocument }: { PolicyDocument: { Statement: unknown[] } }) => PolicyDocument.Statement,
  );
}

describe("a file of the trail", () => {
  test("is locked for 1,095 days in production, also against root", () => {
    expect(bucket.Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: "Enabled",
        Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 1095 } },
      },
      VersioningConfiguration: { Status: "Enabled" },
    });
  });

  test("lies in a bucket that keeps its id: with another id, the trail would begin anew", () => {
    expect(bucket.logicalId).toBe("AuditTrailFF0F2BB5");
  });

  test("goes soon after its lock", () => {
    const [rule] = bucket.Properties.LifecycleConfiguration.Rules;

    expect(rule).toMatchObject({ Status: "Enabled", ExpirationInDays: 1096 });
    expect(rule.NoncurrentVersionExpiration).toEqual({ NoncurrentDays: 1 });
  });

  test("is locked for a week in staging, which an administrator can open; dev has no trail", () => {
    const { Properties } = the(watchedTemplate("staging"), "AWS::S3::Bucket", "AuditTrail");

    expect(Properties.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Mode: "GOVERNANCE", Days: 7 });
    const dev = watchedTemplate("dev");
    for (const type of [
      "AWS::S3::Bucket",
      "AWS::KinesisFirehose::DeliveryStream",
      "AWS::Logs::SubscriptionFilter",
    ]) {
      dev.resourceCountIs(type, 0);
    }
  });

  test("outlives its stack, is encrypted, reached over TLS alone, and never public", () => {
    const policy = the(production, "AWS::S3::BucketPolicy", "AuditTrailPolicy");

    for (const { DeletionPolicy, UpdateReplacePolicy } of [bucket, policy]) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(["Retain", "Retain"]);
    }
    expect(bucket.Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(bucket.Properties.BucketEncryption.ServerSideEncryptionConfiguration).toHaveLength(1);
    expect(policy.Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({
        Effect: "Deny",
        Action: "s3:*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    ]);
    // A name of ours would be the same in all regions.
    expect(bucket.Properties).not.toHaveProperty("BucketName");
  });

  test("has the lines themselves, compressed, by the day", () => {
    const { ExtendedS3DestinationConfiguration: to } = stream.Properties;

    expect(to.BucketARN).toEqual({ "Fn::GetAtt": [bucket.logicalId, "Arn"] });
    expect(to.Prefix).toBe("audit/!{timestamp:yyyy/MM/dd}/");
    expect(to.ErrorOutputPrefix).toMatch(/^errors\/!\{firehose:error-output-type\}\//);
    expect(to).toMatchObject({ CompressionFormat: "GZIP", FileExtension: ".jsonl.gz" });
    expect(to.ProcessingConfiguration).toEqual({
      Enabled: true,
      Processors: [
        {
          Type: "Decompression",
          Parameters: [{ ParameterName: "CompressionFormat", ParameterValue: "GZIP" }],
        },
        {
          Type: "CloudWatchLogProcessing",
          Parameters: [{ ParameterName: "DataMessageExtraction", ParameterValue: "true" }],
        },
      ],
    });
    expect(stream.Properties).toMatchObject({
      DeliveryStreamType: "DirectPut",
      DeliveryStreamEncryptionConfigurationInput: { KeyType: "AWS_OWNED_CMK" },
    });
  });
});

describe("the lines of the trail", () => {
  test.each([
    ["Api", "api"],
    ["Mail", "mail"],
    ["LogPurged", "logPurged"],
  ])("are those with an audit, of %s", (id, name) => {
    const log = the(production, "AWS::Logs::LogGroup", `${name}Log`);

    expect(the(production, "AWS::Logs::SubscriptionFilter", `${id}Audit`).Properties).toEqual({
      LogGroupName: { Ref: log.logicalId },
      FilterName: "audit",
      FilterPattern: '{ $.audit.what = "*" }',
      DestinationArn: { "Fn::GetAtt": [stream.logicalId, "Arn"] },
      RoleArn: { "Fn::GetAtt": [expect.stringMatching(/^AuditSubscriptionRole/), "Arn"] },
    });
  });

  test("are sent by CloudWatch Logs of this account and region, which may do nothing else", () => {
    const { AssumeRolePolicyDocument: trust } = the(
      production,
      "AWS::IAM::Role",
      "AuditSubscriptionRole",
    ).Properties;

    expect(trust.Statement).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "logs.amazonaws.com" },
        Condition: {
          StringLike: {
            "aws:SourceArn": {
              "Fn::Join": ["", ["arn:", { Ref: "AWS::Partition" }, ":logs:eu-west-1:111122223333:*"]],
            },
          },
        },
      },
    ]);
    expect(statementsOf("AuditSubscriptionRole")).toEqual([
      {
        Effect: "Allow",
        Action: ["firehose:PutRecord", "firehose:PutRecordBatch"],
        Resource: { "Fn::GetAtt": [stream.logicalId, "Arn"] },
      },
    ]);
  });

  test("are written by Firehose for this account, which can neither delete a file nor change its lock", () => {
    const { AssumeRolePolicyDocument: trust } = the(
      production,
      "AWS::IAM::Role",
      "AuditDeliveryRole",
    ).Properties;
    const arn = { "Fn::GetAtt": [bucket.logicalId, "Arn"] };

    expect(trust.Statement[0].Condition).toEqual({ StringEquals: { "sts:ExternalId": "111122223333" } });
    expect(statementsOf("AuditDeliveryRole")).toEqual([
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: arn,
      },
      {
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        Resource: { "Fn::Join": ["", [arn, "/*"]] },
      },
      {
        Effect: "Allow",
        Action: "logs:PutLogEvents",
        Resource: {
          "Fn::Join": [
            "",
            [
              "arn:",
              { Ref: "AWS::Partition" },
              ":logs:eu-west-1:111122223333:log-group:",
              { Ref: expect.stringMatching(/^AuditDeliveryLog/) },
              ":log-stream:",
              { Ref: expect.stringMatching(/^AuditDeliveryErrors/) },
            ],
          ],
        },
      },
    ]);
  });

  test("that wait for an hour are told of: Firehose tries for 24", () => {
    const { Properties } = the(production, "AWS::CloudWatch::Alarm", "AuditTrailAlarm");

    expect(Properties).toMatchObject({
      Namespace: "AWS/Firehose",
      MetricName: "DeliveryToS3.DataFreshness",
      Dimensions: [{ Name: "DeliveryStreamName", Value: { Ref: stream.logicalId } }],
      Threshold: 3600,
    });
  });
});
