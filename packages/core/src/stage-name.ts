// The names that a stage may have. The stacks refuse any other name, and so does the provider of databases
// (functions/src/stage-database.ts).

/** The stages that always exist. */
export const FIXED_STAGES = ["production", "staging", "dev"] as const;
export type FixedStage = (typeof FIXED_STAGES)[number];

/** The stage that has only the vaults with production's copies in another region. */
export const VAULT_STAGE_NAME = "vault";

/** CloudFront allows names of 64 characters, which also contain the app and a region. */
const LENGTH_MAX = 30;

/** GitHub numbers pull requests from 1. */
const PREVIEW = /^pr-[1-9]\d*$/;

/** Names that somebody may type for a fixed stage. They would make a small stage without protection. */
const MISTAKEN: Record<string, string> = {
  prod: "production",
  live: "production",
  stage: "staging",
  development: "dev",
};

/**
 * What is wrong with the name of a stage.
 * @returns a sentence; undefined if a stage can have the name
 */
export function stageNameProblem(name: string): string | undefined {
  if (Object.hasOwn(MISTAKEN, name)) return `No stage is called "${name}". Its name is ${MISTAKEN[name]}.`;
  if (name === "local") return 'A stage can\'t be called "local": that is the name of a laptop.';
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > LENGTH_MAX) {
    return `The stage name "${name}" must be lower-case letters, digits and single hyphens, begin with a letter, and have ${LENGTH_MAX} characters at most.`;
  }
  if (name.startsWith("pr-") && !isPreview(name)) {
    return `The stage name "${name}" must be pr-<number> with the number of a pull request, as in pr-123; a person's may not begin with "pr-".`;
  }
  return undefined;
}

/** Whether it is the name of a pull request's stage. */
export function isPreview(name: string): boolean {
  return PREVIEW.test(name);
}

export function isFixedStage(name: string): name is FixedStage {
  return FIXED_STAGES.some((fixed) => fixed === name);
}

/** Whether it is the name of a stage of a person or a pull request: one that has a database on the cluster of `dev`. */
export function isSharedStage(name: string): boolean {
  return stageNameProblem(name) === undefined && !isFixedStage(name) && name !== VAULT_STAGE_NAME;
}
