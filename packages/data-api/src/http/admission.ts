// Who is let in. Any web page can send requests to a loopback address, so what a browser could send without asking
// first is refused before it is read.
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { DataApiError } from "../errors.ts";

/**
 * @param accessKeyId the one that requests must be signed with; undefined: any
 * @throws DataApiError for a request that no SDK would send and a browser might, and for another access key id
 */
export function admit(request: IncomingMessage, accessKeyId: string | undefined): void {
  const { headers } = request;
  if (headers.origin !== undefined) {
    throw new DataApiError(
      "ForbiddenException",
      "Requests from web pages (with an Origin header) are refused.",
    );
  }
  if (!isLoopback(headers.host ?? "")) {
    throw new DataApiError("ForbiddenException", "The Host header must name a loopback address.");
  }
  if (!/^AWS4-HMAC-SHA256 .*\bSignature=/.test(headers.authorization ?? "")) {
    throw new DataApiError(
      "MissingAuthenticationTokenException",
      `Missing Authentication Token: sign the request with SigV4; ${accessKeyId === undefined ? "any credentials do" : "this server has an access key id of its own"}.`,
    );
  }
  if (accessKeyId !== undefined && !isSignedWith(accessKeyId, headers.authorization ?? "")) {
    throw new DataApiError(
      "UnrecognizedClientException",
      "The access key id of the request is not the one that this server was started with.",
    );
  }
  if (hasNoBody(request)) return;
  const [mediaType = ""] = (headers["content-type"] ?? "").split(";", 1);
  if (!/^application\/(?:json|x-amz-json-1\.[01])$/i.test(mediaType.trim())) {
    throw new DataApiError("UnsupportedMediaTypeException", "The Content-Type must be application/json.");
  }
}

/**
 * The id alone is compared, and is the secret: nobody reads or changes a request on its way over loopback, so its signature
 * would prove no more. And the request is refused before its body is read.
 */
function isSignedWith(accessKeyId: string, authorization: string): boolean {
  const [, given = ""] = /\bCredential=([^/,\s]*)/.exec(authorization) ?? [];
  return timingSafeEqual(digest(given), digest(accessKeyId));
}

/** Digests have one length, which `timingSafeEqual` needs. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Such a request needs no Content-Type: a page can send a GET without asking, but a GET changes nothing here. */
function hasNoBody({ method, headers }: IncomingMessage): boolean {
  const { "content-length": length = "0", "transfer-encoding": encoding } = headers;
  return (method === "GET" || method === "DELETE") && length === "0" && encoding === undefined;
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host);
}
