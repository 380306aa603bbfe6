// The audit trail: the lines that say who did what to which thing (packages/functions/src/audit.ts), copied into a bucket where
// nobody can change or remove them. CloudWatch Logs sends them to Firehose, which writes a file every five minutes in which there
// were some.

import { KEPT_DAYS } from "@notejam/core/retention/limits";
import { ArnFormat, CfnOutput, Duration, RemovalPolicy, type Stack } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnDeliveryStream } from "aws-cdk-lib/aws-kinesisfirehose";
import { CfnSubscriptionFilter, FilterPattern, LogGroup, LogStream } from "aws-cdk-lib/aws-logs";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from "aws-cdk-lib/aws-s3";
import type { Kind } from "../../stage/sizes.ts";
import type { Stage } from "../../stage/stage.ts";
import type { Watched } from "./watched.ts";

/**
 * How the files are locked. In production they stay as long as a deleted note can be restored, and nobody can change that, root
 * included (compliance): only the end of the account ends it. In staging the same is rehearsed for a week, with a lock that an
 * administrator can open (governance). `dev` has no trail.
 */
const LOCKS: Partial<Record<Kind, { days: number; mode: "compliance" | "governance" }>> = {
  production: { days: KEPT_DAYS, mode: "compliance" },
  staging: { days: 7, mode: "governance" },
};

/** A file is written after this time, or at this size, whichever comes first. */
const BUFFER = { intervalInSeconds: 300, sizeInMBs: 5 };

export interface AuditTrail {
  streamName: string;
}

/** @returns undefined if the stage has no trail */
export function auditTrail(
  stack: Stack,
  stage: Stage,
  { api, mail, logPurged }: Pick<Watched["functions"], "api" | "mail" | "logPurged">,
): AuditTrail | undefined {
  const lock = LOCKS[stage.kind];
  if (!lock) return undefined;
  const bucket = lockedBucket(stack, lock);
  const stream = deliveryStream(stack, stage, bucket);
  subscribe(stack, stream, {
    Api: api.logGroup.logGroupName,
    Mail: mail.logGroup.logGroupName,
    ...(logPurged && { LogPurged: logPurged.logGroup.logGroupName }),
  });
  new CfnOutput(stack, "AuditTrailBucket", { value: bucket.bucketName });
  return { streamName: stream.ref };
}

function lockedBucket(
  stack: Stack,
  { days, mode }: { days: number; mode: "compliance" | "governance" },
): Bucket {
  const bucket = new Bucket(stack, "AuditTrail", {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: true,
    objectLockEnabled: true,
    objectLockDefaultRetention: ObjectLockRetention[mode](Duration.days(days)),
    // While a file is locked, a deletion only hides it. A hidden file is removed a day after its lock ends.
    lifecycleRules: [
      {
        expiration: Duration.days(days + 1),
        noncurrentVersionExpiration: Duration.days(1),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return bucket;
}

function deliveryStream(stack: Stack, stage: Stage, bucket: Bucket): CfnDeliveryStream {
  const log = new LogGroup(stack, "AuditDeliveryLog", {
    retention: stage.logDays,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const logStream = new LogStream(stack, "AuditDeliveryErrors", {
    logGroup: log,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const role = new Role(stack, "AuditDeliveryRole", {
    assumedBy: new ServicePrincipal("firehose.amazonaws.com", {
      conditions: { StringEquals: { "sts:ExternalId": stack.account } },
    }),
    inlinePolicies: {
      // As Firehose's guide has it for a bucket. It can't delete, nor change a lock.
      delivery: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            resources: [bucket.bucketArn],
          }),
          new PolicyStatement({
            actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
            resources: [bucket.arnForObjects("*")],
          }),
          new PolicyStatement({
            actions: ["logs:PutLogEvents"],
            resources: [
              stack.formatArn({
                service: "logs",
                resource: "log-group",
                resourceName: `${log.logGroupName}:log-stream:${logStream.logStreamName}`,
                arnFormat: ArnFormat.COLON_RESOURCE_NAME,
              }),
            ],
          }),
        ],
      }),
    },
  });
  return new CfnDeliveryStream(stack, "AuditDelivery", {
    deliveryStreamType: "DirectPut",
    deliveryStreamEncryptionConfigurationInput: { keyType: "AWS_OWNED_CMK" },
    extendedS3DestinationConfiguration: {
      bucketArn: bucket.bucketArn,
      roleArn: role.roleArn,
      // In UTC, when Firehose got them.
      prefix: "audit/!{timestamp:yyyy/MM/dd}/",
      errorOutputPrefix: "errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/",
      bufferingHints: BUFFER,
      compressionFormat: "GZIP",
      fileExtension: ".jsonl.gz",
      cloudWatchLoggingOptions: {
        enabled: true,
        logGroupName: log.logGroupName,
        logStreamName: logStream.logStreamName,
      },
      // CloudWatch Logs sends compressed envelopes of several lines: the files get the lines.
      processingConfiguration: {
        enabled: true,
        processors: [
          {
            type: "Decompression",
            parameters: [{ parameterName: "CompressionFormat", parameterValue: "GZIP" }],
          },
          {
            type: "CloudWatchLogProcessing",
            parameters: [{ parameterName: "DataMessageExtraction", parameterValue: "true" }],
          },
        ],
      },
    },
  });
}

/** Has CloudWatch Logs send the lines with an `audit` to the stream. @param logGroups names, by the ids of the subscriptions */
function subscribe(stack: Stack, stream: CfnDeliveryStream, logGroups: Record<string, string>): void {
  const role = new Role(stack, "AuditSubscriptionRole", {
    assumedBy: new ServicePrincipal("logs.amazonaws.com", {
      conditions: { StringLike: { "aws:SourceArn": stack.formatArn({ service: "logs", resource: "*" }) } },
    }),
    inlinePolicies: {
      subscription: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ["firehose:PutRecord", "firehose:PutRecordBatch"],
            resources: [stream.attrArn],
          }),
        ],
      }),
    },
  });
  for (const [id, logGroupName] of Object.entries(logGroups)) {
    new CfnSubscriptionFilter(stack, `${id}Audit`, {
      logGroupName,
      filterName: "audit",
      filterPattern: FilterPattern.exists("$.audit.what").logPatternString,
      destinationArn: stream.attrArn,
      roleArn: role.roleArn,
    });
  }
}
