// The texts of forms, with those of the first page.
import { en } from "./en/form.ts";
import { withPart } from "./index.ts";

export const t = withPart(en);

/** A text whose key is made of what the service answered; undefined if there is none. */
export const find = t as (key: string, values?: Record<string, string | number>) => string | undefined;
