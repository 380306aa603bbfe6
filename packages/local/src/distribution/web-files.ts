// The built web app as CloudFront serves it: with the same headers, and with the page for paths that name no file. Files are
// read once, at the start, so no path of a request reaches the disk. (sirv was tried: its 304 answers lack the headers and
// recognise a single tag only, it follows symbolic links out of the folder, and it reads the disk for each request.)
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { extname, join, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { cacheControl, WEB_HEADERS } from "@notejam/functions/web-headers";
import { type HttpResponse, pathOf, plainText } from "../aws/loopback.ts";

interface WebFile {
  path: string;
  type: string;
  etag: string;
  bytes: Buffer;
  /** Its bytes in the encodings that were asked for. */
  encoded: Partial<Record<Encoding, Promise<Buffer>>>;
}

/** The encodings of CloudFront, the one that it prefers first. */
const ENCODINGS = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes),
};
type Encoding = keyof typeof ENCODINGS;

/**
 * What CloudFront compresses: texts of these sizes in bytes.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
 */
const COMPRESSED = {
  least: 1000,
  most: 10_000_000,
  types: /^(?:text\/|application\/(?:json|manifest\+json)|image\/svg)/,
};

/** By the file's extension, as S3 has them. */
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

  /** @throws Error if `folder` has no index.html */
  constructor(folder: string) {
    const paths = globSync("**", { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
    this.#files = new Map(
      paths
        .map((entry) => readWebFile(folder, join(entry.parentPath, entry.name)))
        .map((file) => [file.path, file]),
    );
    if (!this.#files.has(PAGE)) throw new Error(`The folder ${folder} has no built web app.`);
  }

  async respond(request: Pick<IncomingMessage, "method" | "url" | "headers">): Promise<HttpResponse> {
    const { method, url = "/", headers } = request;
    if (method !== "GET" && method !== "HEAD") {
      return plainText(405, "Only GET and HEAD are allowed here.", { ...WEB_HEADERS, allow: "GET, HEAD" });
    }
    const file = this.#find(url);
    if (!file)
      return plainText(404, "No file has this path.", { ...WEB_HEADERS, "cache-control": "no-store" });
    const encoding = encodingFor(file, headers["accept-encoding"]);
    const known = {
      ...WEB_HEADERS,
      "cache-control": cacheControl(file.path),
      etag: encoding ? `W/${file.etag}` : file.etag,
      ...(isCompressed(file) && { vary: "Accept-Encoding" }),
    };
    const cached = headers["if-none-match"]
      ?.split(",")
      .some((tag) => tag.trim().replace(/^W\//, "") === file.etag);
    if (cached) return { status: 304, headers: known, body: "" };
    const answer = { ...known, "content-type": file.type };
    if (!encoding) return { status: 200, headers: answer, body: file.bytes };
    file.encoded[encoding] ??= ENCODINGS[encoding](file.bytes);
    return {
      status: 200,
      headers: { ...answer, "content-encoding": encoding },
      body: await file.encoded[encoding],
    };
  }

  /** The rule of CloudFront's function (stacks/app/web.ts): a path whose last part has no dot is the page's. */
  #find(target: string): WebFile | undefined {
    const path = pathOf(target);
    const namesFile = path.slice(path.lastIndexOf("/")).includes(".");
    return this.#files.get(namesFile ? path : PAGE);
  }
}

function isCompressed({ bytes, type }: WebFile): boolean {
  return bytes.length >= COMPRESSED.least && bytes.length <= COMPRESSED.most && COMPRESSED.types.test(type);
}

/** @param accepted the request's Accept-Encoding. CloudFront reads no weights but 0. */
function encodingFor(file: WebFile, accepted: string | string[] | undefined): Encoding | undefined {
  if (!isCompressed(file)) return undefined;
  const names = String(accepted ?? "")
    .split(",")
    .filter((one) => !/;\s*q=0(?:\.0*)?\s*$/.test(one))
    .map((one) => one.split(";")[0]?.trim().toLowerCase());
  return (Object.keys(ENCODINGS) as Encoding[]).find((name) => names.includes(name));
}

function readWebFile(folder: string, file: string): WebFile {
  const bytes = readFileSync(file);
  const path = file.slice(folder.length).split(sep).join("/");
  return {
    path: path.startsWith("/") ? path : `/${path}`,
    type: TYPES[extname(file)] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 27)}"`,
    bytes,
    encoded: {},
  };
}
