/** The kinds of change that make a state of a versioned thing. */
export const KINDS = [
  "create",
  "save",
  "merge",
  "conflict",
  "delete",
  "restore",
  "revert",
  "import",
] as const;

export type Kind = (typeof KINDS)[number];
