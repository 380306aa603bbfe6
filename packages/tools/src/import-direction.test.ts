// Tests the rules of .dependency-cruiser.json on a small tree of files that break them. Otherwise a rule whose pattern matches
// nothing would pass forever.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "@notejam/local/settings";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "notejam-imports-"));
let violations: string[] = [];

const EMPTY = "export const nothing = 0;\n";
const importing = (path: string) => `import { nothing } from "${path}";\nexport const same = nothing;\n`;
const importingTypes = (path: string) =>
  `import type { nothing } from "${path}";\nexport type Same = typeof nothing;\n`;

/** The files by path: `allowed` ones import as the code does, and each of the `forbidden` ones breaks a rule. */
const targets = {
  "packages/core/src/config.ts": EMPTY,
  "packages/core/src/administration/migrate.ts": EMPTY,
  "packages/core/src/db/client.ts": EMPTY,
  "packages/core/src/note/index.ts": EMPTY,
  "packages/core/src/note/schema.ts": EMPTY,
  "packages/data-api/src/index.ts": EMPTY,
  "packages/functions/src/api/app.ts": EMPTY,
  "packages/functions/src/api/problems.ts": EMPTY,
  "packages/client/src/index.ts": EMPTY,
  "packages/functions/src/web-headers.ts": EMPTY,
  "packages/local/src/start.ts": EMPTY,
  "packages/local/src/aws/endpoints.ts": EMPTY,
  "packages/cli/src/main.ts": EMPTY,
  "packages/command-line/src/index.ts": EMPTY,
  "packages/tools/src/run.ts": EMPTY,
  "packages/bench/src/load.ts": EMPTY,
  "packages/web/src/app/shell.ts": EMPTY,
  "packages/web/src/page/keys.ts": EMPTY,
  "packages/web/src/pads/pads.ts": EMPTY,
  "stacks/app/api.ts": EMPTY,
};
const allowed = {
  "packages/core/src/a.test.ts": importing("../../data-api/src/index.ts"),
  "packages/core/src/administration/u.ts": importing("../db/client.ts"),
  "packages/core/src/db/u.ts": importing("./client.ts"),
  "packages/functions/src/u.ts": importing("../../core/src/administration/migrate.ts"),
  "packages/functions/src/b.ts": importing("../../core/src/note/index.ts"),
  "packages/local/src/c.ts": importing("../../functions/src/api/app.ts"),
  "packages/functions/test/u.ts": importing("../../client/src/index.ts"),
  "packages/client/src/a.ts": importingTypes("../../functions/src/api/app.ts"),
  "packages/client/src/b.ts": importing("../../functions/src/api/problems.ts"),
  "packages/client/src/c.ts": importing("../../core/src/note/schema.ts"),
  "packages/client/src/d.test.ts": importing("node:fs"),
  "packages/cli/src/e.ts": importing("../../client/src/index.ts"),
  "packages/cli/src/f.ts": importing("../../command-line/src/index.ts"),
  "packages/local/src/e.ts": importing("../../command-line/src/index.ts"),
  "stacks/e.ts": importing("../packages/command-line/src/index.ts"),
  "packages/functions/src/x.test.ts": importing("../../local/src/aws/endpoints.ts"),
  "packages/local/src/r.ts": importing("../../cli/src/main.ts"),
  "packages/local/src/s.ts": importing("../../client/src/index.ts"),
  "packages/web/src/f.ts": importing("../../client/src/index.ts"),
  "packages/web/src/d.ts": importing("../../core/src/note/schema.ts"),
  "packages/web/src/e.ts": importingTypes("../../functions/src/api/app.ts"),
  "packages/web/src/main.tsx": importing("./app/shell.ts"),
  "packages/web/src/app/routes.tsx": importing("../pads/pads.ts"),
  "packages/web/src/trash/trash.ts": importing("../page/keys.ts"),
  "stacks/f.ts": importing("../packages/core/src/config.ts"),
  "stacks/g.ts": importing("../packages/functions/src/web-headers.ts"),
  "packages/core/src/o.ts": importing("./n.ts"),
  "packages/core/src/q.test.ts": importing("a-tool"),
};
const surroundings = {
  "tsconfig.json": "{}",
  "package.json": JSON.stringify({ devDependencies: { "a-tool": "1.0.0" } }),
  "node_modules/a-tool/package.json": JSON.stringify({
    name: "a-tool",
    type: "module",
    exports: "./index.js",
  }),
  "node_modules/a-tool/index.js": EMPTY,
};
const forbidden = {
  "packages/core/src/a.ts": [importing("../../functions/src/api/app.ts"), "core-stands-alone"],
  "packages/core/src/b.ts": [importing("../../data-api/src/index.ts"), "core-stands-alone"],
  "packages/core/src/note/v.ts": [importing("../db/client.ts"), "statements-begin-with-the-viewer"],
  "packages/functions/src/w.ts": [
    importing("../../core/src/db/client.ts"),
    "statements-begin-with-the-viewer",
  ],
  "packages/core/src/note/w.ts": [importing("../administration/migrate.ts"), "nothing-served-administers"],
  "packages/functions/src/jobs/w.ts": [
    importing("../../../core/src/administration/migrate.ts"),
    "nothing-served-administers",
  ],
  "packages/core/src/c.test.ts": [importing("../../local/src/start.ts"), "core-tests-use-data-api-only"],
  "packages/functions/src/d.ts": [importing("../../data-api/src/index.ts"), "functions-use-core-only"],
  "packages/functions/src/v.ts": [importing("../../local/src/aws/endpoints.ts"), "functions-use-core-only"],
  "packages/functions/src/w.test.ts": [
    importing("../../local/src/start.ts"),
    "functions-tests-use-aws-stand-ins",
  ],
  "packages/local/src/aws/x.ts": [
    importing("../../../functions/src/web-headers.ts"),
    "aws-stand-ins-stand-alone",
  ],
  "packages/local/src/aws/y.ts": [importing("../start.ts"), "aws-stand-ins-stand-alone"],
  "packages/data-api/src/e.ts": [importing("../../core/src/config.ts"), "data-api-stands-alone"],
  "packages/local/src/f.ts": [importing("../../web/src/app/shell.ts"), "local-uses-what-it-runs"],
  "packages/local/src/g.ts": [importing("../../../stacks/app/api.ts"), "local-uses-what-it-runs"],
  "packages/client/src/e.ts": [importing("../../core/src/note/index.ts"), "client-uses-the-contract-only"],
  "packages/client/src/f.test.ts": [importing("../../local/src/start.ts"), "client-uses-the-contract-only"],
  "packages/client/src/g.ts": [
    importing("../../functions/src/api/app.ts"),
    "client-uses-types-of-functions-only",
  ],
  "packages/client/src/h.ts": [importing("node:fs"), "client-runs-in-browsers"],
  "packages/functions/src/y.ts": [importing("../../client/src/index.ts"), "functions-use-core-only"],
  "packages/cli/src/s.ts": [importing("../../functions/src/api/app.ts"), "cli-uses-client-and-core-only"],
  "packages/command-line/src/u.ts": [importing("../../cli/src/main.ts"), "command-line-stands-alone"],
  "packages/local/src/t.ts": [importing("../../tools/src/run.ts"), "nothing-uses-the-tools"],
  "packages/web/src/h.ts": [importing("../../core/src/note/index.ts"), "web-uses-schemas-of-core-only"],
  "packages/web/src/i.ts": [importing("../../functions/src/api/app.ts"), "web-uses-types-of-functions-only"],
  "packages/web/src/notes/list/j.ts": [importing("../../app/shell.ts"), "only-main-uses-the-frame"],
  "packages/web/src/page/k.ts": [importing("../pads/pads.ts"), "pages-kit-knows-no-subject"],
  "stacks/j.ts": [importing("../packages/core/src/note/index.ts"), "stacks-use-shared-definitions-only"],
  "stacks/k.ts": [importing("../packages/bench/src/load.ts"), "nothing-uses-the-benchmarks"],
  "packages/core/src/l.ts": [importing("./a.test.ts"), "nothing-uses-tests"],
  "packages/core/src/m.ts": [importing("./missing.ts"), "everything-resolves"],
  "packages/core/src/n.ts": [importing("./o.ts"), "no-circle"],
  "packages/web/vite.config.ts": [
    importing("../functions/src/api/app.ts"),
    "vite-uses-shared-definitions-only",
  ],
  "packages/core/src/p.ts": [importing("a-tool"), "shipped-code-needs-no-dev-dependency"],
} as const;

beforeAll(async () => {
  const files = Object.entries({ ...targets, ...allowed, ...surroundings });
  const broken = Object.entries(forbidden).map(([path, [text]]) => [path, text] as const);
  for (const [path, text] of [...files, ...broken]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const rules = join(ROOT, ".dependency-cruiser.json");
  const { output } = await run(
    "depcruise",
    ["packages", "stacks", "--config", rules, "--output-type", "json"],
    {
      cwd: folder,
    },
  );
  const found: { from: string; rule: { name: string } }[] = JSON.parse(output).summary.violations;
  violations = found.map(({ from, rule }) => `${from} ${rule.name}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each(Object.entries(forbidden))("%s breaks a rule", (path, [, rule]) => {
  expect(violations).toContain(`${path} ${rule}`);
});

test.each(Object.keys({ ...targets, ...allowed }))("%s breaks no rule", (path) => {
  expect(violations.filter((violation) => violation.startsWith(`${path} `))).toEqual([]);
});
