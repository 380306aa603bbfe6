// Answers that are not JSON: the API passes their bytes or text unchanged.
import { isUtf8 } from "node:buffer";

/** An answer of this media type, as an operation describes it. */
export interface Media {
  mediaType: string;
}

/** @param mediaType `image/png`, `text/plain; charset=utf-8` */
export function media(mediaType: string): Media {
  return { mediaType };
}

export function isMedia(described: object): described is Media {
  return "mediaType" in described;
}

/** Type and subtype without parameters, in lower case: `text/plain`. */
function essenceOf(mediaType: string): string {
  return (mediaType.split(";", 1)[0] ?? "").trim().toLowerCase();
}

const TEXT = /^(text\/.+|application\/(.+\+)?(json|xml)|application\/javascript)$/;

/** Whether a media type is text by definition. */
export function isText(mediaType: string): boolean {
  return TEXT.test(essenceOf(mediaType));
}

/** Whether bytes of this media type survive as a string of UTF-8. */
export function isTextual(mediaType: string, bytes: Uint8Array): boolean {
  return isText(mediaType) && isUtf8(bytes);
}
