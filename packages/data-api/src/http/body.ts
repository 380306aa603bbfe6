// The body of a request, read whole, within its limits.
import type { IncomingMessage } from "node:http";
import type { Clock } from "../clock.ts";
import { DataApiError } from "../errors.ts";
import { LIMITS } from "../limits.ts";

/** The client went away before it had sent its request. */
export class ClientGone extends Error {}

/** @throws DataApiError for a body that is too long or too slow, ClientGone. What comes after that is thrown away. */
export function readBody(request: IncomingMessage, clock: Clock): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = clock.after(LIMITS.requestMs, () => refuse(requestTimeout()));
    function refuse(error: Error): void {
      timer.cancel();
      chunks.length = 0;
      reject(error);
    }
    if (Number(request.headers["content-length"]) > LIMITS.requestBytes) refuse(tooLarge());
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > LIMITS.requestBytes) refuse(tooLarge());
      else chunks.push(chunk);
    });
    request.on("end", () => {
      timer.cancel();
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    request.on("error", () => refuse(new ClientGone()));
  });
}

function tooLarge(): DataApiError {
  return new DataApiError(
    "RequestEntityTooLargeException",
    `The request is too large; at most ${LIMITS.requestBytes} bytes are allowed.`,
  );
}

function requestTimeout(): DataApiError {
  return new DataApiError(
    "RequestTimeoutException",
    `The request did not arrive within ${LIMITS.requestMs / 1000} seconds.`,
  );
}
