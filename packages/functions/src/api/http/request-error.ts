// The error for a request that the HTTP layer refuses before core sees it.
import { AppError } from "@notejam/core/errors";
import type { RequestCode } from "../problems.ts";

/** An error of the HTTP layer, like `AppError` in the domain. */
export class RequestError extends AppError<RequestCode> {
  override name = "RequestError";
}
