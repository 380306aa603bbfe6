// What is made of the roles: CODEOWNERS, by which GitHub asks for a review, and the tables of OWNERSHIP.md.
import type { Roles } from "./roles.ts";

export const CODEOWNERS_FILE = ".github/CODEOWNERS";
export const PAGE = "stacks/OWNERSHIP.md";

/** Lines between which the page's tables are. */
const MARKS = {
  begin: "<!-- Made by `npm run owners` of .github/roles.json. -->",
  end: "<!-- The end of what it makes. -->",
};

/** The file for GitHub. A path whose role nobody holds is a comment, so that a wider path's holders are asked, if there are any. */
export function codeownersOf({ roles, paths }: Roles): string {
  const width = Math.max(...Object.keys(paths).map((pattern) => pattern.length));
  const lines = Object.entries(paths).map(([pattern, role]) => {
    const holders = roles[role]?.holders ?? [];
    return holders.length > 0
      ? `${pattern.padEnd(width)} ${holders.join(" ")}`
      : `# ${pattern.padEnd(width)} ${role}: nobody holds this role yet`;
  });
  return `# Made by \`npm run owners\` of roles.json beside it: change that, and run it again. The last line that matches a file counts.
${lines.join("\n")}
`;
}

/**
 * @param page the text of OWNERSHIP.md
 * @returns the same with the tables of today
 * @throws Error if the page has no place for them
 */
export function pageOf({ roles, paths, runbooks }: Roles, page: string): string {
  const [before, rest] = page.split(`${MARKS.begin}\n`);
  const [, after] = (rest ?? "").split(MARKS.end);
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has no place for the tables.`);
  const of = (given: Record<string, string>, role: string) =>
    Object.keys(given).filter((one) => given[one] === role);
  const rows = Object.entries(roles).map(([role, { decides, holders }]) => [
    `**${role}**`,
    decides,
    of(paths, role)
      .map((pattern) => `\`${pattern}\``)
      .join(" "),
    of(runbooks, role).join(" · "),
    holders.map((holder) => `\`${holder}\``).join(" ") || "nobody yet",
  ]);
  const table = [
    ["role", "decides", "paths", "runbooks", "held by"],
    ["---", "---", "---", "---", "---"],
    ...rows,
  ]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
  return `${before}${MARKS.begin}\n\n${table}\n\n${MARKS.end}${after}`;
}
