// The table of costs in README.md is what its prices and assumptions give.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../testing/command.ts";
import {
  backupsOfGigabyte,
  breakEven,
  businessHoursFloor,
  LINES,
  millionsOf,
  perMillion,
  SCENARIOS,
  totalOf,
  unusedPersonalStage,
} from "../testing/costs.ts";

const readme = readFileSync(join(ROOT, "stacks/README.md"), "utf8");
const DESIGNS = ["new", "original"] as const;

function row(
  name: string,
  cost: (scenario: (typeof SCENARIOS)[number], design: (typeof DESIGNS)[number]) => number,
) {
  const cells = SCENARIOS.flatMap((scenario) => DESIGNS.map((design) => cost(scenario, design).toFixed(0)));
  return `| ${[name, ...cells].join(" | ")} |`;
}

test("has the right sums", () => {
  const rows = [
    ...LINES.map(({ name, unverified, cost }) => row(unverified ? `${name} †` : name, cost)),
    row("**together**", totalOf),
  ].join("\n");

  expect(readme).toContain(rows);
});

test("says in its words what the arithmetic gives", () => {
  expect(readme).toContain(
    `so ${millionsOf(2).toFixed(1)} and ${millionsOf(20).toFixed(0)} million requests`,
  );
  expect(readme).toContain(`the floor in business hours (${businessHoursFloor().toFixed(0)} $)`);
  expect(readme).toContain(`its secret is left, ${unusedPersonalStage().toFixed(2)} $`);
  expect(readme).toContain(`${backupsOfGigabyte().toFixed(2)} $ a gigabyte and month`);
});

test("says from which traffic on the original design would cost less", () => {
  expect(readme).toContain(`about ${perMillion("new").toFixed(1)} $ a million requests`);
  expect(readme).toContain(`from about ${Math.round(breakEven())} requests a second`);
});

test.each(SCENARIOS)("the original design would cost more: %s", (scenario) => {
  expect(totalOf(scenario, "original")).toBeGreaterThan(totalOf(scenario, "new"));
});
