// Finds in a template, wherever they stand, the permissions that reach further than a resource of ours: everything, a whole
// service, everybody, or what a policy of AWS says.
import type { RawTemplate } from "./templates.ts";

interface Statement {
  Effect: "Allow" | "Deny";
  Action?: string | string[];
  NotAction?: unknown;
  Resource?: unknown;
  NotResource?: unknown;
  Principal?: unknown;
  NotPrincipal?: unknown;
}

/** @returns one line each: the resource's logical id, and what it allows on what */
export function widePermissions({ Resources }: RawTemplate): string[] {
  return Object.entries(Resources).flatMap(([id, { Properties }]) =>
    [...statementsIn(Properties).flatMap(widthsOf), ...managedPoliciesIn(Properties)].map(
      (what) => `${id}: ${what}`,
    ),
  );
}

function widthsOf(statement: Statement): string[] {
  if (statement.Effect !== "Allow") return [];
  const actions = [statement.Action ?? []].flat();
  const found: string[] = [];
  for (const exception of ["NotAction", "NotResource", "NotPrincipal"] as const) {
    if (statement[exception] !== undefined) found.push(`allows all but its ${exception}`);
  }
  for (const action of actions.filter((one) => /^\*$|:\*$/.test(one))) found.push(`${action} as an action`);
  if ([statement.Resource].flat().includes("*")) found.push(`${actions.join(", ")} on *`);
  if (isEverybody(statement.Principal)) found.push(`${actions.join(", ")} for everybody`);
  return found;
}

function isEverybody(principal: unknown): boolean {
  if (typeof principal !== "object" || principal === null) return principal === "*";
  return Object.values(principal).flat().includes("*");
}

/** All objects that are a statement of a policy. */
function statementsIn(value: unknown): Statement[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(statementsIn);
  return "Effect" in value && ("Action" in value || "NotAction" in value)
    ? [value as Statement, ...inside]
    : inside;
}

function managedPoliciesIn(properties: Record<string, unknown> | undefined): string[] {
  const arns = (properties?.ManagedPolicyArns ?? []) as unknown[];
  // A policy of this template is a reference to it, and is looked at itself.
  return arns
    .map((arn) => /iam::aws:policy\/([\w/+=,.@-]+)/.exec(JSON.stringify(arn))?.[1])
    .filter((name) => name !== undefined)
    .map((name) => `what AWS writes in ${name}`);
}
