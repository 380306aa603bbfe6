// What imports don't show: which files a file reads or starts, and which parts of the service the tests of the whole service are
// about.

/** What `npm start` runs. Whatever starts it uses all of it. */
export const SERVICE = "packages/local/src/start.ts";

/** What files use beside what they import or name. A path that ends with `/` is a folder with all that is in it. */
export const USES: Readonly<Record<string, readonly string[]>> = {
  [SERVICE]: [
    "packages/functions/src/",
    "packages/core/migrations/",
    "packages/web/src/",
    "packages/web/public/",
    "packages/web/index.html",
    "packages/web/vite.config.ts",
  ],
  "packages/local/src/dev.ts": [SERVICE],
  "packages/web/e2e/service.ts": [SERVICE],
  "packages/local/src/build.ts": ["packages/functions/src/", "packages/core/migrations/"],
  "packages/data-api/test/command-run.ts": ["packages/data-api/src/command/main.ts"],
  "packages/data-api/test/package.test.ts": ["packages/data-api/"],
  "packages/data-api/test/readme.test.ts": ["packages/data-api/"],
  "packages/tools/src/both-ways/both-ways.test.ts": ["packages/tools/src/both-ways/main.ts"],
  "packages/tools/src/quick.test.ts": ["packages/core/migrations/", "packages/core/src/"],
  "packages/web/src/words/literals.test.ts": ["packages/web/src/"],
  "stacks/test/ownership.test.ts": [".github/", "stacks/"],
  "stacks/testing/workflows.ts": [".github/"],
};

/** Files that all tests depend on. */
export const EVERYTHING: readonly string[] = ["package-lock.json", "tsconfig.json", "vitest.config.ts"];

/**
 * The tests that are reached by the service alone, with the folders that each is about: it runs if a file there has changed. One of
 * them is about all of the service. Paths are below `packages/`.
 */
export const ABOUT: Readonly<Record<string, readonly string[]>> = {
  "local/src/start.test.ts": ["local/"],
  "local/src/dev.test.ts": ["local/"],
  ...browserTests({
    accessibility: ["web/src/app/", "web/src/page/", "web/src/ui/", "web/src/styles/"],
    account: [
      "web/src/account/",
      ...["account", "device", "password-reset", "rate-limit", "session"].map(
        (thing) => `core/src/${thing}/`,
      ),
    ],
    attacks: ["web/src/notes/markdown/"],
    conflicts: ["web/src/notes/merge/"],
    crash: ["web/src/data/", "web/src/notes/left/"],
    failures: ["web/src/data/", "client/"],
    history: ["web/src/notes/history/", "core/src/history/", "core/src/revision/"],
    left: ["web/src/data/", "web/src/notes/left/"],
    notes: ["web/src/notes/list/", "core/src/note/"],
    pads: ["web/src/pads/", "web/src/places/", "core/src/pad/"],
    palette: ["web/src/palette/", "core/src/search/"],
    past: ["web/src/past/"],
    reading: ["web/src/notes/reader/"],
    rounds: [""],
    selection: ["web/src/notes/list/"],
    skew: ["client/"],
    trash: ["web/src/trash/", "core/src/trash/"],
    words: ["web/src/words/"],
    writing: ["web/src/notes/editor/"],
  }),
};

function browserTests(about: Record<string, string[]>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(about).map(([name, folders]) => [`web/e2e/${name}.test.ts`, folders]),
  );
}
