// What a stage needs of an account and region, read from its templates.
import { ENV } from "@notejam/core/config";
import { VisibleError } from "sst/error.js";

/** A stack counts as a resource of this type, which its own template does not have. */
export const STACK = "AWS::CloudFormation::Stack";

export interface StageTemplate {
  stackName: string;
  template: {
    Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
    Parameters?: Record<string, { Default?: string }>;
  };
}

export interface Needs {
  /** The names of its stacks. */
  stacks: string[];
  /** How many resources it has of each type, its stacks included. */
  resources: ReadonlyMap<string, number>;
  /** Of its database, if it has one. */
  engine: { name: string; version: string; instanceClass: string } | undefined;
  /** Lambda's runtimes. */
  runtimes: string[];
  /** The sum over its functions; what one reserves, the others can't use. */
  reservedConcurrency: number;
  /** The parameters of SSM by which it finds what dev shares. */
  shared: string[];
  /** The sender of its mails. */
  sender: string | undefined;
}

/** @throws VisibleError if a template says it in a form that is not read here */
export function needsOf(templates: readonly StageTemplate[]): Needs {
  const all = templates.flatMap(({ template }) => Object.values(template.Resources));
  const of = (type: string) =>
    all.filter(({ Type }) => Type === type).map(({ Properties = {} }) => Properties);
  const functions = of("AWS::Lambda::Function");
  const [cluster] = of("AWS::RDS::DBCluster");
  const [instance = {}] = of("AWS::RDS::DBInstance");
  const senders = functions
    .map(
      ({ Environment }) =>
        (Environment as { Variables?: Record<string, unknown> })?.Variables?.[ENV.mailFrom],
    )
    .filter((sender) => typeof sender === "string");
  return {
    stacks: templates.map(({ stackName }) => stackName),
    resources: countsOf([...templates.map(() => STACK), ...all.map(({ Type }) => Type)]),
    engine: cluster && {
      name: textOf(cluster, "Engine"),
      version: textOf(cluster, "EngineVersion"),
      instanceClass: textOf(instance, "DBInstanceClass"),
    },
    runtimes: [...new Set(functions.map(({ Runtime }) => Runtime).filter((one) => typeof one === "string"))],
    reservedConcurrency: functions
      .map(({ ReservedConcurrentExecutions: reserved }) => (typeof reserved === "number" ? reserved : 0))
      .reduce((sum, reserved) => sum + reserved, 0),
    shared: templates
      .flatMap(({ template: { Parameters = {} } }) => Object.values(Parameters))
      .map(({ Default = "" }) => Default)
      .filter((name) => name.startsWith("/notejam/")),
    sender: senders[0],
  };
}

export function countsOf(types: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

function textOf(properties: Record<string, unknown>, name: string): string {
  const value = properties[name];
  if (typeof value === "string") return value;
  throw new VisibleError(
    `The templates have no ${name} of the database as a text, which the preflight reads.`,
  );
}
