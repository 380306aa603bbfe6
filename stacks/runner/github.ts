// What commands ask GitHub, with the variables that a workflow has: pull requests, branches, and the comment on a preview.
import { VisibleError } from "sst/error.js";

export interface PullRequest {
  number: number;
  state: "open" | "closed";
  head: { sha: string; repo: { full_name: string } | null };
  base: { repo: { full_name: string } };
}

interface Comment {
  id: number;
  body: string;
  user: { type: string } | null;
}

const PAGE = 100;

/** A request ends within this many milliseconds. */
const ANSWER_MS = 30_000;

/**
 * @throws VisibleError if the variables are missing. Each question throws one if GitHub does not answer it, so that nobody takes a
 * failure for an empty list.
 */
export function github() {
  const repository = variable(
    "GITHUB_REPOSITORY",
    /^[\w.-]+\/[\w.-]+$/,
    "the repository, as in owner/notejam",
  );
  const token = variable("GITHUB_TOKEN", /./, "a token that may read the repository");
  const api = process.env.GITHUB_API_URL ?? "https://api.github.com";

  async function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const why = (reason: string) =>
      new VisibleError(`GitHub can't be asked (${method} ${path}): ${reason}. Nothing was changed by this.`);
    try {
      const answer = await fetch(`${api}/repos/${repository}${path}`, {
        method,
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "x-github-api-version": "2022-11-28",
        },
        signal: AbortSignal.timeout(ANSWER_MS),
        ...(body && { body: JSON.stringify(body) }),
      });
      if (answer.ok) return (await answer.json()) as Answer;
      throw why(`it answered ${answer.status}`);
    } catch (error) {
      if (error instanceof VisibleError) throw error;
      const { message, cause } = error as Error;
      throw why(cause instanceof Error && cause.message ? cause.message : message);
    }
  }

  async function all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let page = 1; ; page++) {
      const join = path.includes("?") ? "&" : "?";
      const found = await ask<Item[]>("GET", `${path}${join}per_page=${PAGE}&page=${page}`);
      items.push(...found);
      if (found.length < PAGE) return items;
    }
  }

  return {
    pullRequest: (number: number) => ask<PullRequest>("GET", `/pulls/${number}`),

    async openPullRequests(): Promise<Set<number>> {
      return new Set((await all<PullRequest>("/pulls?state=open")).map(({ number }) => number));
    },

    async branches(): Promise<Set<string>> {
      return new Set((await all<{ name: string }>("/branches")).map(({ name }) => name));
    },

    /** Writes the comment of a pull request that begins with a mark, or changes it. */
    async comment(number: number, mark: string, text: string): Promise<void> {
      const comments = await all<Comment>(`/issues/${number}/comments`);
      const body = `${mark}\n${text}`;
      // A person may have quoted the mark.
      const own = comments.find((one) => one.user?.type === "Bot" && one.body.startsWith(mark));
      if (!own) await ask("POST", `/issues/${number}/comments`, { body });
      else if (own.body !== body) await ask("PATCH", `/issues/comments/${own.id}`, { body });
    },
  };
}

function variable(name: string, form: RegExp, what: string): string {
  const value = process.env[name];
  if (value && form.test(value)) return value;
  throw new VisibleError(`${name} is ${value ? `"${value}"` : "not set"}. Set it to ${what}.`);
}
