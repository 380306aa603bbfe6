// What tests look for in templates.
import type { Template } from "aws-cdk-lib/assertions";
import { expect } from "vitest";

export const FIXED = ["production", "staging", "dev"];
/** A person's, and a pull request's: their databases are on dev's cluster. */
export const SMALL = ["ana", "pr-12"];
export const ALL = [...FIXED, ...SMALL];
/** Those with a site of their own on AWS. */
export const WITH_SITE = [...FIXED, "pr-12"];

interface Expected {
  /** Of its own cluster. */
  scaling?: Record<string, number>;
  recoveryDays?: number;
  logDays: number;
}

/** What a stage is expected to have, beside the table of stages: a slip there shows here. */
export function expected(stage: string): Expected {
  const table: Record<string, Expected> = {
    production: { scaling: { MinCapacity: 0.5, MaxCapacity: 32 }, recoveryDays: 35, logDays: 90 },
    staging: {
      scaling: { MinCapacity: 0, MaxCapacity: 8, SecondsUntilAutoPause: 900 },
      recoveryDays: 7,
      logDays: 30,
    },
    dev: {
      scaling: { MinCapacity: 0, MaxCapacity: 8, SecondsUntilAutoPause: 900 },
      recoveryDays: 1,
      logDays: 7,
    },
  };
  return table[stage] ?? { logDays: 7 };
}

export type FoundResource = ReturnType<Template["findResources"]>[string] & { logicalId: string };

export interface Policies {
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** The one resource whose id begins so, without the hash that CDK puts behind it. */
export function the(template: Template, type: string, id: string) {
  const found = Object.entries(template.findResources(type)).filter(([logicalId]) =>
    new RegExp(`^${id}[0-9A-F]{8}$`).test(logicalId),
  );
  expect(found, `${type} ${id}`).toHaveLength(1);
  const [logicalId, resource] = found[0] as (typeof found)[0];
  return { logicalId, properties: resource.Properties, ...resource } as FoundResource;
}

/** Types by id. */
export function idsOf(template: Template): Record<string, string> {
  const { Resources } = template.toJSON() as { Resources: Record<string, { Type: string }> };
  return Object.fromEntries(Object.entries(Resources).map(([id, { Type }]) => [id, Type]));
}

/** The parameter of the template that CloudFormation reads from SSM under that name. */
export function parameterOf(template: Template, name: string): string {
  const { Parameters = {} } = template.toJSON() as {
    Parameters?: Record<string, { Type: string; Default?: string }>;
  };
  const found = Object.entries(Parameters).filter(
    ([, one]) => one.Type === "AWS::SSM::Parameter::Value<String>" && one.Default === name,
  );
  expect(found, name).toHaveLength(1);
  return (found[0] as (typeof found)[0])[0];
}

/** The statements of a function's role; each resource in JSON, since CloudFormation joins it from parts. */
export function permissionsOf(template: Template, functionId: string) {
  const { PolicyDocument } = the(
    template,
    "AWS::IAM::Policy",
    `${functionId}ServiceRoleDefaultPolicy`,
  ).properties;
  return PolicyDocument.Statement.map(({ Effect, Resource, ...statement }: Record<string, unknown>) => {
    expect(Effect).toBe("Allow");
    return { ...statement, Resource: JSON.stringify(Resource) };
  });
}
