// The database's floor in business hours. Aurora doubles its capacity in steps, and a larger cluster takes larger steps: with
// a higher floor it reaches four times the traffic sooner. Outside, the floor is the one of the table of stages.
import { ArnFormat } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { Stack } from "sst/constructs";
import type { BusinessHours } from "../stage/settings.ts";
import type { ClusterSizes } from "../stage/sizes.ts";
import type { Stage } from "../stage/stage.ts";
import type { OwnDatabase } from "./database.ts";

/**
 * The floor is set often, not once: a deployment that touches the cluster sets the template's floor again, at any hour. Setting
 * what is set already changes nothing.
 */
const EVERY_MINUTES = 10;

interface Needs {
  sizes: ClusterSizes;
  database: OwnDatabase;
  hours: BusinessHours;
}

export function capacity(stack: Stack, stage: Stage, { sizes, database, hours }: Needs): void {
  const { minAcu, businessHoursAcu, maxAcu } = sizes;
  if (businessHoursAcu === undefined) return;

  const clusterArn = stack.formatArn({
    service: "rds",
    resource: "cluster",
    resourceName: database.clusterIdentifier,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const role = new Role(stack, "CapacityRole", {
    assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
    }),
  });
  role.addToPolicy(new PolicyStatement({ actions: ["rds:ModifyDBCluster"], resources: [clusterArn] }));

  const schedule = (id: string, minutes: string, ofHours: string, acu: number) =>
    new CfnSchedule(stack, id, {
      description: `Notejam ${stage.name}: the database has at least ${acu} ACU from now on`,
      scheduleExpression: `cron(${minutes} ${ofHours} ? * ${hours.days} *)`,
      scheduleExpressionTimezone: hours.timeZone,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: `arn:${stack.partition}:scheduler:::aws-sdk:rds:modifyDBCluster`,
        roleArn: role.roleArn,
        input: stack.toJsonString({
          DbClusterIdentifier: database.clusterIdentifier,
          ServerlessV2ScalingConfiguration: { MinCapacity: acu, MaxCapacity: maxAcu },
          ApplyImmediately: true,
        }),
        // By then the next one is due.
        retryPolicy: { maximumEventAgeInSeconds: EVERY_MINUTES * 60, maximumRetryAttempts: 5 },
      },
    });
  const last = hours.to - 1;
  schedule(
    "CapacityRaised",
    `0/${EVERY_MINUTES}`,
    hours.from === last ? `${last}` : `${hours.from}-${last}`,
    businessHoursAcu,
  );
  schedule("CapacityLowered", `0/${EVERY_MINUTES}`, `${hours.to}`, minAcu);
}
