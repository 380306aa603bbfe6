// Whether the region has the services that the stage needs, in the versions that it needs, and lets it use them.
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { paginateDescribeOrderableDBInstanceOptions, RDSClient } from "@aws-sdk/client-rds";
import { GetAccountCommand, GetEmailIdentityCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { ASKING } from "../account/ask.ts";
import type { Check } from "./check.ts";

const ENGINE = "aurora-postgresql";
/** Of Serverless v2. */
const INSTANCE_CLASS = "db.serverless";

/** Aurora needs subnets in two. */
const ZONES_MIN = 2;

export function auroraCheck(version: string, region: string): Check {
  const options = `--engine ${ENGINE} --engine-version ${version} --db-instance-class ${INSTANCE_CLASS}`;
  return {
    name: "Aurora",
    permissions: "rds:DescribeOrderableDBInstanceOptions",
    async ask() {
      const client = new RDSClient({ ...ASKING, region });
      const found = [];
      for await (const page of paginateDescribeOrderableDBInstanceOptions(
        { client },
        { Engine: ENGINE, EngineVersion: version, DBInstanceClass: INSTANCE_CLASS },
      )) {
        found.push(...(page.OrderableDBInstanceOptions ?? []));
      }
      const mend = `Deploy into a region that has it: aws rds describe-orderable-db-instance-options ${options} --region <region>`;
      const what = `${ENGINE} ${version} as ${INSTANCE_CLASS}`;
      if (found.length === 0) return { kind: "problem", says: `${region} does not offer ${what}`, mend };
      const zones = new Set(found.flatMap((one) => one.AvailabilityZones?.map(({ Name }) => Name) ?? []));
      if (zones.size < ZONES_MIN) {
        return {
          kind: "problem",
          says: `${region} offers ${what} in ${zones.size} zones, and it needs two`,
          mend,
        };
      }
      // The API calls the Data API an HTTP endpoint.
      const dataApi = found.map(({ SupportsHttpEndpoint }) => SupportsHttpEndpoint);
      if (dataApi.includes(true)) {
        return { kind: "fine", says: `${what} with the Data API, in ${zones.size} zones` };
      }
      if (dataApi.includes(false)) {
        return { kind: "problem", says: `${region} offers ${what} without the Data API`, mend };
      }
      return { kind: "note", says: `${region} offers ${what}; AWS does not say whether with the Data API` };
    },
  };
}

/** What AWS keeps for functions that reserve nothing. A new account may have as little as 10 at all. */
const CONCURRENCY_MIN = 100;
const CONCURRENCY_WANTED = 1000;

export function concurrencyCheck(region: string): Check {
  return {
    name: "Lambda concurrency",
    permissions: "lambda:GetAccountSettings",
    async ask() {
      const lambda = new LambdaClient({ ...ASKING, region });
      const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
      const unreserved = AccountLimit?.UnreservedConcurrentExecutions ?? 0;
      const says = `${unreserved} executions at once`;
      if (unreserved >= CONCURRENCY_MIN) return { kind: "fine", says };
      return {
        kind: "problem",
        says: `${says}; ${CONCURRENCY_MIN} is the least`,
        mend: `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value ${CONCURRENCY_WANTED} --region ${region}`,
      };
    },
  };
}

/** @param fixed whether strangers use the stage: in SES's sandbox they get no mail */
export function mailSendingCheck(fixed: boolean, region: string): Check {
  return {
    name: "mail: account",
    permissions: "ses:GetAccount",
    async ask() {
      const account = await new SESv2Client({ ...ASKING, region }).send(new GetAccountCommand({}));
      if (account.SendingEnabled === false || account.EnforcementStatus === "SHUTDOWN") {
        return {
          kind: "problem",
          says: `SES sends nothing (enforcement status ${account.EnforcementStatus})`,
          mend: `aws sesv2 put-account-sending-attributes --sending-enabled --region ${region}, or the console of SES: Account dashboard`,
        };
      }
      if (account.ProductionAccessEnabled) return { kind: "fine", says: "SES sends to everybody" };
      const says = "SES is in its sandbox: it sends to verified addresses only";
      if (!fixed) return { kind: "note", says };
      return {
        kind: "problem",
        says,
        mend: `aws sesv2 put-account-details --production-access-enabled --mail-type TRANSACTIONAL --website-url <address of the site> --region ${region}`,
      };
    },
  };
}

/** @param address verified is itself, or its domain */
export function senderCheck(address: string, region: string): Check {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  return {
    name: "mail: sender",
    permissions: "ses:GetEmailIdentity",
    async ask() {
      const client = new SESv2Client({ ...ASKING, region });
      let known: string | undefined;
      for (const identity of [domain, address]) {
        try {
          const found = await client.send(new GetEmailIdentityCommand({ EmailIdentity: identity }));
          if (found.VerifiedForSendingStatus) return { kind: "fine", says: `SES has verified ${identity}` };
          known ??= identity;
        } catch (error) {
          if ((error as Error).name !== "NotFoundException") throw error;
        }
      }
      if (known) {
        return {
          kind: "problem",
          says: `SES has not verified ${known} yet`,
          mend: `Publish the DNS records: aws sesv2 get-email-identity --email-identity ${known} --query DkimAttributes.Tokens --region ${region}`,
        };
      }
      return {
        kind: "problem",
        says: `SES knows neither ${domain} nor ${address}`,
        mend: `aws sesv2 create-email-identity --email-identity ${domain} --region ${region}`,
      };
    },
  };
}
