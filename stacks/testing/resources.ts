// What tests look for in templates.
import type { Template } from "aws-cdk-lib/assertions";
import { expect } from "vitest";
import { SIZES, type Sizes } from "../stage.ts";

export const FIXED = ["production", "staging", "dev"];
export const OTHER = ["ana", "pr-12"];
export const ALL = [...FIXED, ...OTHER];

/** What the table of stages says of a stage. */
export function sizesOf(stage: string): Sizes {
  return SIZES[FIXED.includes(stage) ? (stage as keyof typeof SIZES) : "other"];
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
