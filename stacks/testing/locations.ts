// What ties a template to a region, a zone or an account, and the names that it would share with the same stage's template in
// another region.
import type { RawTemplate } from "./templates.ts";

/**
 * Services whose names hold for one region: CloudFormation may take the same name in another. A service that is missing here
 * counts as global, so that the first resource of it that has a name makes somebody look.
 */
const REGIONAL = [
  "ApiGatewayV2",
  "Backup",
  "CloudFormation",
  "CodeDeploy",
  "EC2",
  "Events",
  "KMS",
  "KinesisFirehose",
  "Lambda",
  "Logs",
  "RDS",
  "SES",
  "SNS",
  "SQS",
  "SSM",
  "Scheduler",
  "SecretsManager",
];

/** Types of which only some of a service are global, or regional. */
const GLOBAL_TYPES: Record<string, boolean> = {
  "AWS::CloudWatch::Alarm": false,
  "AWS::CloudWatch::CompositeAlarm": false,
  // An inline policy's name is its role's alone.
  "AWS::IAM::Policy": false,
};

/** @returns for each name that both templates give to a resource of a global kind: the resource, the property, the name */
export function sharedGlobalNames(here: RawTemplate, there: RawTemplate): string[] {
  const elsewhere = new Set(globalNames(there).map(({ type, name }) => `${type} ${name}`));
  return globalNames(here)
    .filter(({ type, name }) => elsewhere.has(`${type} ${name}`))
    .map(({ id, type, path, name }) => `${id} (${type}) ${path}: ${name}`);
}

function globalNames({ Resources }: RawTemplate) {
  return Object.entries(Resources)
    .filter(([, { Type }]) => isGlobal(Type))
    .flatMap(([id, { Type, Properties }]) =>
      namesIn(Properties).map(({ path, name }) => ({ id, type: Type, path, name })),
    );
}

function isGlobal(type: string): boolean {
  const [vendor, service = ""] = type.split("::");
  return vendor === "AWS" && (GLOBAL_TYPES[type] ?? !REGIONAL.includes(service));
}

/** The names that a resource takes: its own properties, or those of a part like `OriginAccessControlConfig`. */
function namesIn(properties: Record<string, unknown> = {}) {
  const parts = Object.entries(properties).flatMap(([key, value]) =>
    key.endsWith("Config") && typeof value === "object" && value !== null
      ? Object.entries(value).map(([inner, one]) => [`${key}.${inner}`, one] as const)
      : [[key, value] as const],
  );
  return parts
    .filter(([path]) => /(?:Name|Alias|Aliases|Identifier)$/.test(path))
    .flatMap(([path, value]) => [value].flat().map((name) => ({ path, name })))
    .filter(({ name }) => isFixed(name))
    .map(({ path, name }) => ({ path, name: JSON.stringify(name) }));
}

/** Whether the name is the same in every region: a literal one, or one that is put together without the region or a resource. */
function isFixed(name: unknown): boolean {
  if (typeof name === "string") return true;
  const referred = [...JSON.stringify(name).matchAll(/"Ref":"([^"]+)"|"Fn::GetAtt"|\$\{([^}]+)\}/g)];
  const anywhere = ["AWS::AccountId", "AWS::Partition", "AWS::StackName", "AWS::URLSuffix"];
  return referred.every(([, ref, sub]) => anywhere.includes(ref ?? sub ?? ""));
}

const REGION =
  /(?<![a-z])(?:[a-z]{2}|us-gov|us-iso[a-z]?|eu-isoe)-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d(?:[a-z](?![a-z]))?/g;
const ZONE_ID = /(?<![a-z0-9])[a-z]{2,5}\d-az\d/g;
const ACCOUNT = /(?<!\w)\d{12}(?!\w)/g;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * @param given what was passed in: the region, the account, and settings that may name others
 * @returns the regions, zones and accounts that the template names beside these
 */
export function locationsOf(template: RawTemplate, given: readonly string[]): string[] {
  return [...locationsIn(JSON.stringify(template))].filter(
    (location) => !locationsIn(given.join(" ")).has(location),
  );
}

function locationsIn(text: string): Set<string> {
  const plain = text.replaceAll(UUID, "");
  return new Set([REGION, ZONE_ID, ACCOUNT].flatMap((pattern) => plain.match(pattern) ?? []));
}
