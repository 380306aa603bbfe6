// Whether the region has the services that the stage needs, in the versions that it needs, and lets it use them.
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { paginateDescribeOrderableDBInstanceOptions, RDSClient } from "@aws-sdk/client-rds";
import { GetAccountCommand, GetEmailIdentityCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { ASKING } from "./aws.ts";
import type { Check } from "./check.ts";
import type { Needs } from "./needs.ts";

/** Aurora needs subnets in two. */
const ZONES_MIN = 2;

export function auroraCheck(
  { name, version, instanceClass }: NonNullable<Needs["engine"]>,
  region: string,
): Check {
  const options = `--engine ${name} --engine-version ${version} --db-instance-class ${instanceClass}`;
  return {
    name: "Aurora",
    permissions: "rds:DescribeOrderableDBInstanceOptions",
    async ask() {
      const client = new RDSClient({ ...ASKING, region });
      const found = [];
      for await (const page of paginateDescribeOrderableDBInstanceOptions(
        { client },
        { Engine: name, EngineVersion: version, DBInstanceClass: instanceClass },
      )) {
        found.push(...(page.OrderableDBInstanceOptions ?? []));
      }
      const mend = `Deploy into a region that has it: aws rds describe-orderable-db-instance-options ${options} --region <region>`;
      const what = `${name} ${version} as ${instanceClass}`;
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

export function runtimesCheck(runtimes: readonly string[]): Check {
  return {
    name: "Lambda runtimes",
    permissions: "",
    ask: async () => ({
      kind: "note",
      says: `${runtimes.join(", ")}: AWS can't be asked which a region has. See https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html`,
    }),
  };
}

/** What AWS keeps for functions that reserve nothing; a new account may have as little as 10 at all. */
const UNRESERVED_MIN = 100;
const CONCURRENCY_WANTED = 1000;

/** @param reserve what the stage's functions will reserve, and do not yet */
export function concurrencyCheck(reserve: number, region: string): Check {
  return {
    name: "Lambda concurrency",
    permissions: "lambda:GetAccountSettings",
    async ask() {
      const lambda = new LambdaClient({ ...ASKING, region });
      const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
      const { ConcurrentExecutions: limit = 0, UnreservedConcurrentExecutions: unreserved = 0 } =
        AccountLimit ?? {};
      const left = unreserved - reserve;
      const says = `${limit} executions at once, ${left} of them unreserved after the deployment`;
      if (left >= UNRESERVED_MIN) return { kind: "fine", says };
      return {
        kind: "problem",
        says: `${says}; ${UNRESERVED_MIN} is the least`,
        mend: `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value ${Math.max(CONCURRENCY_WANTED, limit + reserve)} --region ${region}`,
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

/** @param sender `Notejam <notejam@example.com>`; verified is its address or its domain */
export function senderCheck(sender: string, region: string): Check {
  const address = /<([^>]+)>/.exec(sender)?.[1] ?? sender;
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
