// The texts of the trash, with those of forms and of the first page.
import { en as form } from "./en/form.ts";
import { en } from "./en/trash.ts";
import { withPart } from "./index.ts";

export const t = withPart({ ...form, ...en });
