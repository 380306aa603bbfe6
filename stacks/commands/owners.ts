// `npm run owners`: makes CODEOWNERS, and the tables of stacks/OWNERSHIP.md, of .github/roles.json.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CODEOWNERS_FILE, codeownersOf, PAGE, pageOf } from "../ownership/owners.ts";
import { ROLES_FILE, readRoles } from "../ownership/roles.ts";
import { runCommand, valuesOf } from "./command.ts";

const USAGE = `Makes ${CODEOWNERS_FILE}, and the tables of ${PAGE}, of ${ROLES_FILE}.

Usage: npm run owners

  --help   prints this text

${ROLES_FILE} gives each path and each runbook a role. Who holds a role is the team's affair: write teams or users of GitHub to
"holders", as "@example/platform", run this, and commit all three files. The exit code is 0, or 1 if the roles are wrong.
`;

await runCommand(USAGE, async (args) => {
  valuesOf(args, {});
  // npm runs its scripts in the repository's folder.
  const root = process.cwd();
  const roles = readRoles(root);
  const page = readFileSync(join(root, PAGE), "utf8");
  const made = { [CODEOWNERS_FILE]: codeownersOf(roles), [PAGE]: pageOf(roles, page) };
  for (const [file, text] of Object.entries(made)) {
    writeFileSync(join(root, file), text);
    process.stdout.write(`${file}\n`);
  }
  return 0;
});
