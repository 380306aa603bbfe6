// Checks a request's body before its fields: its size, its media type, and for JSON its syntax in UTF-8.
import type { HonoRequest } from "hono";
import { essenceOf, type Media } from "./media.ts";
import { RequestError } from "./request-error.ts";

/** The Data API takes at most 4 MiB in a request. */
export const BODY_MAX_BYTES = 4 * 1024 * 1024;

/** `application/json`, in UTF-8 if it names a charset. */
const JSON_MEDIA_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/** A JSON body: its value, and the names of the outermost object's members, with repetitions. */
export interface JsonBody {
  value: unknown;
  names: string[];
}

/**
 * Reads the body as JSON; undefined if there is none.
 * @throws RequestError `too_large`, `unsupported_media_type`, `malformed`, in this order
 */
export async function readJson(request: HonoRequest): Promise<JsonBody | undefined> {
  const bytes = await readBytes(request);
  if (bytes === undefined) return undefined;
  if (!JSON_MEDIA_TYPE.test(request.header("Content-Type") ?? "")) throw unsupported("application/json");
  const text = decode(bytes);
  return { value: parse(text), names: namesOfMembers(text) };
}

/**
 * Reads a body of another media type, as it is; undefined if there is none.
 * @throws RequestError `too_large`, `unsupported_media_type`, in this order
 */
export async function readMedia(request: HonoRequest, { mediaType }: Media): Promise<Uint8Array | undefined> {
  const bytes = await readBytes(request);
  if (bytes === undefined) return undefined;
  if (essenceOf(request.header("Content-Type") ?? "") !== essenceOf(mediaType)) throw unsupported(mediaType);
  return bytes;
}

async function readBytes(request: HonoRequest): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.byteLength === 0) return undefined;
  if (bytes.byteLength <= BODY_MAX_BYTES) return bytes;
  throw new RequestError("too_large", {
    detail: `The body has ${bytes.byteLength} bytes; at most ${BODY_MAX_BYTES} are allowed.`,
  });
}

function unsupported(expected: string): RequestError {
  return new RequestError("unsupported_media_type", {
    detail: `Send the body as Content-Type: ${expected}.`,
  });
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new RequestError("malformed", { detail: "The body is not UTF-8." });
  }
}

/** The parser's error quotes the text, which may be private, so it is dropped. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestError("malformed");
  }
}

/**
 * The names of the outermost object's members in order, with repetitions. JSON.parse keeps only the last of repeated
 * members.
 * @param json valid JSON whose outermost value is an object
 */
export function namesOfMembers(json: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let nameIsNext = false;
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case "{":
      case "[":
        depth++;
        nameIsNext = depth === 1;
        break;
      case "}":
      case "]":
        depth--;
        break;
      case ",":
        nameIsNext = depth === 1;
        break;
      case '"': {
        const end = endOfString(json, at);
        if (nameIsNext) names.push(JSON.parse(json.slice(at, end + 1)));
        nameIsNext = false;
        at = end;
      }
    }
  }
  return names;
}

/** Index of the quote that ends the string which begins at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at;
}
