// The built web app as CloudFront serves it: the same headers, the page in place of paths that name no file, and nothing
// else of this machine. Files are read once, at the start, so a request finds what was read, and no path leads elsewhere.
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { extname, join, sep } from "node:path";
import { cacheControl, WEB_HEADERS } from "@notejam/functions/web-headers";
import { type HttpResponse, pathOf, plainText } from "../aws/loopback.ts";

interface WebFile {
  path: string;
  type: string;
  etag: string;
  bytes: Buffer;
}

/** By the file's ending, as S3 is told when they are uploaded. */
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const PAGE = "/index.html";

export class WebFiles {
  readonly #files: ReadonlyMap<string, WebFile>;

  /** @throws Error where `folder` has no index.html */
  constructor(folder: string) {
    const paths = globSync("**", { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
    this.#files = new Map(
      paths
        .map((entry) => readWebFile(folder, join(entry.parentPath, entry.name)))
        .map((file) => [file.path, file]),
    );
    if (!this.#files.has(PAGE)) throw new Error(`There is no built web app in ${folder}.`);
  }

  async respond(request: Pick<IncomingMessage, "method" | "url" | "headers">): Promise<HttpResponse> {
    const { method, url = "/", headers } = request;
    if (method !== "GET" && method !== "HEAD") {
      return plainText(405, "This is read only.", { ...WEB_HEADERS, allow: "GET, HEAD" });
    }
    const file = this.#find(url);
    if (!file)
      return plainText(404, "There is no such file.", { ...WEB_HEADERS, "cache-control": "no-store" });
    const known = { ...WEB_HEADERS, "cache-control": cacheControl(file.path), etag: file.etag };
    const cached = headers["if-none-match"]
      ?.split(",")
      .some((tag) => tag.trim().replace(/^W\//, "") === file.etag);
    if (cached) return { status: 304, headers: known, body: "" };
    return { status: 200, headers: { ...known, "content-type": file.type }, body: file.bytes };
  }

  /** The rule of CloudFront's function (stacks/app/web.ts): the page stands for each path whose last part has no dot. */
  #find(target: string): WebFile | undefined {
    const path = pathOf(target);
    const namesFile = path.slice(path.lastIndexOf("/")).includes(".");
    return this.#files.get(namesFile ? path : PAGE);
  }
}

function readWebFile(folder: string, file: string): WebFile {
  const bytes = readFileSync(file);
  const path = file.slice(folder.length).split(sep).join("/");
  return {
    path: path.startsWith("/") ? path : `/${path}`,
    type: TYPES[extname(file)] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 27)}"`,
    bytes,
  };
}
