// Checks a request's body before its fields are checked: its size, its media type, its encoding, the number of its members and its
// syntax. A stranger can send any body with any cookie, so cheap checks come first, and parsing comes last.
import { parseJson } from "@notejam/core/json";
import type { HonoRequest } from "hono";
import { RequestError } from "./request-error.ts";

/**
 * Members and elements that a JSON body may have, at any depth, if its route names no other limit. Most routes take a few. A
 * stranger may send a million.
 */
export const MEMBERS_MAX = 100;

export interface BodyLimits {
  maxBytes: number;
  /** Members and elements, at any depth. An empty object or array counts as one. */
  membersMax: number;
}

/** `application/json`, in UTF-8 if it names a charset. */
const JSON_MEDIA_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/** The values of Content-Encoding for a body that is sent as it is (RFC 9110, 8.4). */
const UNCODED = ["", "identity"];

/** A JSON body. */
export interface JsonBody {
  /** Undefined if the body has too many members: it was not parsed. */
  value: unknown;
  /** The names of the outermost object's members, with repetitions. Undefined if the body has too many members. */
  names: string[] | undefined;
}

/**
 * Reads the body as JSON; undefined if there is none.
 * @throws RequestError `too_large`, `unsupported_media_type`, `malformed`, in this order
 */
export async function readJson(
  request: HonoRequest,
  { maxBytes, membersMax }: BodyLimits,
): Promise<JsonBody | undefined> {
  const bytes = await readBytes(request, maxBytes);
  if (bytes === undefined) return undefined;
  if (!JSON_MEDIA_TYPE.test(request.header("Content-Type") ?? "")) {
    throw new RequestError("unsupported_media_type", {
      detail: "Send the body as Content-Type: application/json.",
    });
  }
  const text = decode(bytes);
  const names = namesOfMembers(text, membersMax);
  if (names === undefined) return { value: undefined, names };
  const value = parseJson(text);
  if (value === undefined) throw new RequestError("malformed");
  return { value, names: names.map((written) => JSON.parse(written)) };
}

async function readBytes(request: HonoRequest, maxBytes: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.byteLength === 0) return undefined;
  if (bytes.byteLength > maxBytes) {
    throw new RequestError("too_large", {
      detail: `The body has ${bytes.byteLength} bytes; at most ${maxBytes} are allowed.`,
    });
  }
  // A compressed body would get around the limit: a few KB can become any number of bytes.
  if (!UNCODED.includes((request.header("Content-Encoding") ?? "").toLowerCase())) {
    throw new RequestError("unsupported_media_type", { detail: "Send the body without Content-Encoding." });
  }
  return bytes;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new RequestError("malformed", { detail: "The body is not UTF-8." });
  }
}

/**
 * The names of the outermost object's members as they are written (`"a"`, `"\\u0061"`), in order and with repetitions.
 * JSON.parse would keep only the last of repeated members. The text need not be valid JSON, but then the names mean nothing.
 * @returns undefined if it has more than `max` members and elements, where an empty object or array counts as one
 */
export function namesOfMembers(json: string, max: number): string[] | undefined {
  const names: string[] = [];
  let depth = 0;
  let members = 0;
  let nameIsNext = false;
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case "{":
      case "[":
        depth++;
        members++;
        nameIsNext = depth === 1;
        break;
      case "}":
      case "]":
        depth--;
        break;
      case ",":
        members++;
        nameIsNext = depth === 1;
        break;
      case '"': {
        const end = endOfString(json, at);
        if (nameIsNext) names.push(json.slice(at, end + 1));
        nameIsNext = false;
        at = end;
      }
    }
    if (members > max) return undefined;
  }
  return names;
}

/** Index of the quote that ends the string which begins at `start`, or the end of the text. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at;
}
