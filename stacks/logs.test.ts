import { expect, test } from "vitest";
import { ALL } from "./testing/resources.ts";
import { templatesOf } from "./testing/templates.ts";

test.each([...ALL, "vault"])(
  "every function of %s, SST's and the CDK's too, has a log group that does not keep everything",
  async (stage) => {
    const { all } = await templatesOf({ stage });
    let functions = 0;

    for (const template of all) {
      const groups = template.findResources("AWS::Logs::LogGroup");
      for (const [id, { Properties }] of Object.entries(template.findResources("AWS::Lambda::Function"))) {
        const group = Properties.LoggingConfig?.LogGroup?.Ref;
        expect(Object.keys(groups), id).toContain(group);
        expect(groups[group]?.Properties.RetentionInDays, id).toBe(
          { production: 90, vault: 90, staging: 30 }[stage] ?? 7,
        );
        functions++;
      }
    }
    expect(functions).toBeGreaterThan(stage === "vault" ? 0 : 9);
  },
);

test("under `sst dev` too", async () => {
  const { all } = await templatesOf({ stage: "ana", mode: "dev" });

  for (const template of all) {
    for (const [id, { Properties }] of Object.entries(template.findResources("AWS::Lambda::Function"))) {
      expect(Properties.LoggingConfig?.LogGroup, id).toBeDefined();
    }
  }
});
