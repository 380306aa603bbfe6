import { expect, test } from "vitest";
import { ALL } from "../testing/resources.ts";
import { templatesOf } from "../testing/templates.ts";

interface Logging {
  LogGroup: { Ref: string };
}

test.each([...ALL, "vault"])(
  "every function of %s, SST's and the CDK's too, has a log group that does not keep everything",
  async (stage) => {
    const { stacks } = await templatesOf({ stage });
    let functions = 0;

    for (const { Resources } of Object.values(stacks)) {
      for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
        if (Type !== "AWS::Lambda::Function") continue;
        const { LogGroup: { Ref: group } = { Ref: "" } } = (Properties.LoggingConfig ??
          {}) as Partial<Logging>;
        expect(Resources[group]?.Type, id).toBe("AWS::Logs::LogGroup");
        expect(Resources[group]?.Properties?.RetentionInDays, id).toBe(
          { production: 90, vault: 90, staging: 30 }[stage] ?? 7,
        );
        functions++;
      }
    }
    expect(functions).toBeGreaterThan({ vault: 0, ana: 4, "pr-12": 6 }[stage] ?? 9);
  },
);

test("under `sst dev` too", async () => {
  const { stacks } = await templatesOf({ stage: "ana", mode: "dev" });

  for (const { Resources } of Object.values(stacks)) {
    for (const [id, { Type, Properties }] of Object.entries(Resources)) {
      if (Type === "AWS::Lambda::Function")
        expect(Properties?.LoggingConfig, id).toHaveProperty("LogGroup.Ref");
    }
  }
});
