// What is wrong with a request before the domain sees it.
import { AppError } from "@notejam/core/errors";
import type { RequestCode } from "../problems.ts";

/** An outcome of the HTTP layer, as `AppError` is one of the domain. */
export class RequestError extends AppError<RequestCode> {
  override name = "RequestError";
}
