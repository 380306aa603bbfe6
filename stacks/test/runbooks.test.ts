// What the runbooks say of the stacks is there. That their commands run is tested in packages/tools/src/runbooks.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../testing/command.ts";
import { templatesOf } from "../testing/templates.ts";

const text = readFileSync(join(ROOT, "stacks/RUNBOOKS.md"), "utf8");

test("each resource that a runbook asks for by its id is in production, and only one is meant", async () => {
  const production = await templatesOf({ stage: "production" });
  const asked = [...text.matchAll(/resource (data|app) (\w+) ([A-Z]\w+::\w+)/g)];
  expect(asked.length).toBeGreaterThan(5);

  for (const [, stack = "", id = "", type = ""] of asked) {
    const found = Object.keys(production.stack(stack).findResources(`AWS::${type}`));
    expect(
      found.filter((one) => one.startsWith(id)),
      `${stack} ${id} ${type}`,
    ).toHaveLength(1);
  }
});

test("each variable of a function that a runbook reads is one that the function has", async () => {
  const { app } = await templatesOf({ stage: "production" });
  const [recover] = Object.entries(app.findResources("AWS::Lambda::Function")).filter(([id]) =>
    id.startsWith("Recover"),
  );
  const asked = [...text.matchAll(/variable (NOTEJAM_\w+)/g)].map(([, name]) => name);

  expect(Object.keys(recover?.[1].Properties.Environment.Variables)).toEqual(expect.arrayContaining(asked));
  expect(asked.length).toBeGreaterThan(1);
});

test("the vaults that a runbook looks into are those of the far region", async () => {
  const far = (await templatesOf({ stage: "vault", region: "sa-east-1" })).stack("vault");
  const names = Object.values(far.findResources("AWS::Backup::BackupVault")).map(
    ({ Properties }) => Properties.BackupVaultName,
  );

  const asked = [...text.matchAll(/--backup-vault-name ([\w-]+)/g)].map(([, name]) => name);

  expect(names).toEqual(expect.arrayContaining(asked));
  expect(asked.length).toBeGreaterThan(0);
});
