// Reads stacks/RUNBOOKS.md: its sections, and the commands in them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@notejam/local/settings";

export interface Section {
  heading: string;
  /** Its commands for bash, in order. */
  commands: string;
}

/** The section whose commands all others need. */
export const FIRST = "Before you begin";

export function readRunbooks(): Section[] {
  const text = readFileSync(join(ROOT, "stacks/RUNBOOKS.md"), "utf8");
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      heading: section.slice(0, section.indexOf("\n")),
      commands: [...section.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].map(([, block]) => block).join("\n"),
    }));
}
