// The plan of a statement on PostgreSQL, with what it did.
import { ExecuteStatementCommand, RDSDataClient } from "@aws-sdk/client-rds-data";
import { expect, vi } from "vitest";

export interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: Plan[];
}

/** The nodes of the plan of the one statement that `run` sends, as it ran. */
export async function planOf(run: () => Promise<unknown>): Promise<Plan[]> {
  const send = vi.spyOn(RDSDataClient.prototype, "send");
  await run();
  const sent = send.mock.calls.flatMap(([command]) =>
    command instanceof ExecuteStatementCommand ? [command.input] : [],
  );
  send.mockRestore();
  expect(sent).toHaveLength(1);
  const explained = {
    ...sent[0],
    sql: `explain (analyze, costs off, timing off, buffers off, summary off, format json) ${sent[0]?.sql}`,
  } as ExecuteStatementCommand["input"];
  const { records } = await new RDSDataClient({}).send(new ExecuteStatementCommand(explained));
  const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
  const [{ Plan: plan }] = JSON.parse(records?.map(([line]) => line?.stringValue).join("\n") ?? "[]");
  return nodes(plan);
}

/** How many rows of a table were read. */
export const readFrom = (plan: Plan[], table: string) =>
  plan
    .filter((node) => node["Relation Name"] === table)
    .map((node) => node["Actual Loops"] * (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)))
    .reduce((a, b) => a + b, 0);
