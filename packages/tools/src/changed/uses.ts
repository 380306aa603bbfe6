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
 * The tests that are reached by the service alone, with what each is about: it runs if a file there has changed. One of them
 * is about all of the service.
 */
export const ABOUT: Readonly<Record<string, readonly string[]>> = {
  "packages/local/src/start.test.ts": ["packages/local/"],
  "packages/local/src/dev.test.ts": ["packages/local/"],
  "packages/web/e2e/accessibility.test.ts": [
    "packages/web/src/app/",
    "packages/web/src/page/",
    "packages/web/src/ui/",
    "packages/web/src/styles/",
  ],
  "packages/web/e2e/account.test.ts": [
    "packages/web/src/account/",
    "packages/core/src/account/",
    "packages/core/src/device/",
    "packages/core/src/password-reset/",
    "packages/core/src/rate-limit/",
    "packages/core/src/session/",
  ],
  "packages/web/e2e/attacks.test.ts": ["packages/web/src/notes/markdown/"],
  "packages/web/e2e/conflicts.test.ts": ["packages/web/src/notes/merge/"],
  "packages/web/e2e/crash.test.ts": ["packages/web/src/data/"],
  "packages/web/e2e/failures.test.ts": ["packages/web/src/data/", "packages/client/"],
  "packages/web/e2e/history.test.ts": [
    "packages/web/src/notes/history/",
    "packages/core/src/history/",
    "packages/core/src/revision/",
  ],
  "packages/web/e2e/notes.test.ts": ["packages/web/src/notes/list/", "packages/core/src/note/"],
  "packages/web/e2e/pads.test.ts": [
    "packages/web/src/pads/",
    "packages/web/src/places/",
    "packages/core/src/pad/",
  ],
  "packages/web/e2e/palette.test.ts": ["packages/web/src/palette/", "packages/core/src/search/"],
  "packages/web/e2e/past.test.ts": ["packages/web/src/past/"],
  "packages/web/e2e/reading.test.ts": ["packages/web/src/notes/reader/"],
  "packages/web/e2e/rounds.test.ts": [""],
  "packages/web/e2e/selection.test.ts": ["packages/web/src/notes/list/"],
  "packages/web/e2e/skew.test.ts": ["packages/client/"],
  "packages/web/e2e/trash.test.ts": ["packages/web/src/trash/", "packages/core/src/trash/"],
  "packages/web/e2e/words.test.ts": ["packages/web/src/words/"],
  "packages/web/e2e/writing.test.ts": ["packages/web/src/notes/editor/"],
};
