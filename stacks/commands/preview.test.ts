// `npm run preview`, run as npm runs it, against GitHub and CloudFormation on loopback.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { PREVIEWS_MAX } from "../stage/sizes.ts";
import { type Surroundings, stacksOf, surroundings } from "../testing/pipeline.ts";

const around: Surroundings = await surroundings();
const { account, github } = around;
const folder = mkdtempSync(join(tmpdir(), "notejam-preview-"));
afterAll(() => {
  around.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => around.reset());

const preview = (args: string[], environment: Record<string, string | undefined> = {}) =>
  around.command("preview.ts", args, environment);

/** As GitHub starts a workflow for an event of a pull request. */
function startedBy(number: number, sha = github.pullRequests[number]?.sha ?? "c0ffee") {
  const path = join(folder, `event-${number}.json`);
  writeFileSync(path, JSON.stringify({ action: "synchronize", pull_request: { number, head: { sha } } }));
  return { GITHUB_EVENT_PATH: path };
}

const CREATED = (stage: string) => [`CreateStack ${stage}-notejam-data`, `CreateStack ${stage}-notejam-app`];

test("a pull request gets a stage and one comment with its address, which each deployment changes", async () => {
  github.pullRequests[7] = { state: "open", sha: "a1" };
  github.comments = Array.from({ length: 120 }, (_, i) => ({
    id: i,
    issue: 7,
    body: i === 0 ? "<!-- notejam preview -->\nquoted by a person" : "a review",
    user: { type: "User" },
  }));

  expect(await preview(["deploy"], startedBy(7))).toMatchObject({ code: 0, stderr: "" });
  expect(account.changes).toEqual(CREATED("pr-7"));
  const first = github.comments.slice(120);
  expect(first.map(({ body }) => body)).toEqual([
    "<!-- notejam preview -->\nThe preview of a1 is at https://pr-7.example.com. It is removed when this pull request is closed.",
  ]);

  github.pullRequests[7] = { state: "open", sha: "b2" };
  expect(await preview(["deploy"], startedBy(7))).toMatchObject({ code: 0 });
  expect(github.comments.slice(120).map(({ body }) => body)).toEqual([first[0]?.body.replace("a1", "b2")]);
  expect(github.changes).toEqual(["POST /issues/7/comments", `PATCH /issues/comments/${first[0]?.id}`]);
});

test("a run of an older commit, as one that is run again, deploys nothing over a newer one", async () => {
  github.pullRequests[7] = { state: "open", sha: "b2" };

  const { code, stdout } = await preview(["deploy"], startedBy(7, "a1"));

  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: "Pull request 7 has b2 by now, whose own run deploys it. Nothing is deployed.\n",
  });
  expect([account.changes, github.changes]).toEqual([[], []]);
});

test("it is removed when the pull request is closed, and its comment says so", async () => {
  github.pullRequests[7] = { state: "closed" };
  account.stacks = { ...stacksOf("pr-7"), ...stacksOf("pr-70"), ...stacksOf("dev") };

  expect(await preview(["remove"], startedBy(7))).toMatchObject({ code: 0, stderr: "" });

  expect(account.changes).toEqual(["DeleteStack pr-7-notejam-app", "DeleteStack pr-7-notejam-data"]);
  expect(github.comments.map(({ body }) => body)).toEqual([
    "<!-- notejam preview -->\nThe preview was removed.",
  ]);
});

test.each([{ from: "someone/notejam" }, { from: null }])(
  "a pull request from a fork ($from) gets no stage, whatever the workflow says",
  async ({ from }) => {
    github.pullRequests[7] = { state: "open", from };

    const { code, stdout, stderr } = await preview(["deploy"], startedBy(7));

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(
      `Pull request 7 comes from a fork (${from ?? "which is gone"}), so it gets no stage: its code would run with rights in the account.\n`,
    );
    expect([...account.changes, ...github.changes]).toEqual([]);
  },
);

test("at most so many pull requests have a stage: one more is refused, and one that has it is deployed", async () => {
  github.pullRequests[7] = { state: "open" };
  github.pullRequests[8] = { state: "open" };
  const numbers = Array.from({ length: PREVIEWS_MAX }, (_, i) => i + 8);
  account.stacks = Object.assign({}, ...numbers.map((number) => stacksOf(`pr-${number}`)));

  const refused = await preview(["deploy"], startedBy(7));

  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toContain(`${PREVIEWS_MAX} pull requests have a stage, and ${PREVIEWS_MAX} may.`);
  expect(account.changes).toEqual([]);
  expect(await preview(["deploy"], startedBy(8))).toMatchObject({ code: 0 });
});

test("an event that came late changes nothing: a closed one gets no stage, an open one keeps it", async () => {
  github.pullRequests[7] = { state: "closed" };
  expect(await preview(["deploy"], startedBy(7))).toMatchObject({
    code: 1,
    stderr: "Pull request 7 is closed, so it gets no stage.\n",
  });

  github.pullRequests[7] = { state: "open" };
  account.stacks = stacksOf("pr-7");
  expect(await preview(["remove"], startedBy(7))).toMatchObject({
    code: 0,
    stdout: "Pull request 7 is open again, so its stage pr-7 stays.\n",
  });
  expect(account.changes).toEqual([]);
});

test("a stage that is being changed is not deployed meanwhile", async () => {
  github.pullRequests[7] = { state: "open" };
  account.stacks = stacksOf("pr-7", {}, "DELETE_IN_PROGRESS");

  expect(await preview(["deploy", "--pull-request", "7"])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The stage pr-7 is being changed: .*DELETE_IN_PROGRESS/),
  });
  expect(account.changes).toEqual([]);
});

test.each([
  {
    args: ["deploy"],
    says: "Name a pull request with --pull-request: no event of one has started this.\n",
    code: 1,
  },
  {
    args: ["remove", "--pull-request", "../1"],
    says: "Option '--pull-request <number>' argument '../1' is invalid. It must be the number of a pull request. See npm run preview -- --help.\n",
    code: 2,
  },
])("$args is refused in one line", async ({ args, says, code }) => {
  expect(await preview(args)).toEqual({ code, stdout: "", stderr: says });
});

test.each([
  {
    environment: { GITHUB_TOKEN: undefined },
    says: "GITHUB_TOKEN is not set. Set it to a token that may read the repository.\n",
  },
  {
    environment: { GITHUB_REPOSITORY: "notejam" },
    says: 'GITHUB_REPOSITORY is "notejam". Set it to the repository, as in owner/notejam.\n',
  },
  {
    environment: { GITHUB_TOKEN: "another" },
    says: "GitHub can't be asked (GET /pulls/7): it answered 401. Nothing was changed by this.\n",
  },
])("without GitHub nothing is deployed: $says", async ({ environment, says }) => {
  expect(await preview(["deploy"], { ...startedBy(7), ...environment })).toEqual({
    code: 1,
    stdout: "",
    stderr: says,
  });
  expect(account.changes).toEqual([]);
});
