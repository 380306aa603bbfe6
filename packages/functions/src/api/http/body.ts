// What is asked of a request's body before its fields are looked at: its size, its media type, JSON in UTF-8.
import { AppError } from "@notejam/core/errors";
import type { HonoRequest } from "hono";

/** A body over 4 MiB: the Data API takes no more. */
export const BODY_MAX_BYTES = 4 * 1024 * 1024;

/** `application/json`, in UTF-8 if it says in what. */
const JSON_MEDIA_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/** A body that was read: the value, and the names of the outermost object's members, a repeated one repeatedly. */
export interface JsonBody {
  value: unknown;
  names: string[];
}

/**
 * Reads the body as JSON; undefined where there is none.
 * @throws AppError `too_large`, `unsupported_media_type`, `malformed`, in this order
 */
export async function readJson(request: HonoRequest): Promise<JsonBody | undefined> {
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength === 0) return undefined;
  if (bytes.byteLength > BODY_MAX_BYTES) {
    throw new AppError("too_large", {
      detail: `The body has ${bytes.byteLength} bytes; ${BODY_MAX_BYTES} are the most.`,
    });
  }
  if (!JSON_MEDIA_TYPE.test(request.header("Content-Type") ?? "")) {
    throw new AppError("unsupported_media_type", {
      detail: "Send the body as Content-Type: application/json.",
    });
  }
  const text = decode(bytes);
  return { value: parse(text), names: namesOfMembers(text) };
}

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AppError("malformed", { detail: "The body is not UTF-8." });
  }
}

/** The parser's own error quotes the text, which is nobody's business: it goes no further. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("malformed");
  }
}

/**
 * The names of the outermost object's members, in order, repeated ones repeatedly: of these JSON.parse keeps the last
 * one and says nothing.
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
