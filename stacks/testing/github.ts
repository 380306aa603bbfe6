// GitHub's API on loopback, as far as commands ask it: pull requests, branches and comments of one repository.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

const REPOSITORY = "example/notejam";

export interface StubGitHub {
  /** By number. */
  pullRequests: Record<number, { state: "open" | "closed"; from?: string | null; sha?: string }>;
  branches: string[];
  comments: { id: number; issue: number; body: string; user: { type: string } }[];
  /** Answers everything with this status, if it is set. */
  fails?: number;
  /** What was changed, as in `POST /issues/1/comments`. */
  changes: string[];
  environment: Record<string, string>;
  close(): void;
}

export async function stubGitHub(): Promise<StubGitHub> {
  const github: StubGitHub = {
    pullRequests: {},
    branches: ["main"],
    comments: [],
    changes: [],
    environment: {},
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const url = new URL(request.url ?? "", "http://localhost");
    const path = url.pathname.replace(`/repos/${REPOSITORY}`, "");
    const isKnown = request.headers.authorization === "Bearer token";
    const found =
      github.fails || !isKnown ? undefined : answer(github, request.method ?? "", path, url, body);
    response.writeHead(found === undefined ? (github.fails ?? (isKnown ? 404 : 401)) : 200);
    response.end(JSON.stringify(found ?? { message: "refused" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  github.environment = {
    GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_TOKEN: "token",
  };
  return github;
}

function answer(github: StubGitHub, method: string, path: string, url: URL, body: string): unknown {
  const page = <Item>(items: Item[]) => {
    const size = Number(url.searchParams.get("per_page") ?? 30);
    const from = (Number(url.searchParams.get("page") ?? 1) - 1) * size;
    return items.slice(from, from + size);
  };
  if (path === "/branches") return page(github.branches.map((name) => ({ name })));
  if (path === "/pulls") {
    const state = url.searchParams.get("state");
    const found = Object.entries(github.pullRequests).filter(([, one]) => one.state === state);
    return page(found.map(([number]) => ({ number: Number(number) })));
  }
  const [, pull] = /^\/pulls\/(\d+)$/.exec(path) ?? [];
  if (pull !== undefined) {
    const found = github.pullRequests[Number(pull)];
    if (!found) return undefined;
    const { state, from = REPOSITORY, sha = "c0ffee" } = found;
    const head = { sha, repo: from === null ? null : { full_name: from } };
    return { number: Number(pull), state, head, base: { repo: { full_name: REPOSITORY } } };
  }
  const [, issue] = /^\/issues\/(\d+)\/comments$/.exec(path) ?? [];
  if (issue !== undefined && method === "GET") {
    return page(github.comments.filter((one) => one.issue === Number(issue)));
  }
  github.changes.push(`${method} ${path}`);
  if (issue !== undefined && method === "POST") {
    const made = { id: 1000 + github.comments.length, issue: Number(issue), user: { type: "Bot" } };
    github.comments.push({ ...made, ...JSON.parse(body) });
    return made;
  }
  const [, id] = /^\/issues\/comments\/(\d+)$/.exec(path) ?? [];
  const comment = github.comments.find((one) => one.id === Number(id));
  if (!comment || method !== "PATCH") return undefined;
  return Object.assign(comment, JSON.parse(body));
}
