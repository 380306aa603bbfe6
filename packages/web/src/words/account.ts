// The texts of the account's pages, with those of forms and of the first page.
import { en as account } from "./en/account.ts";
import { en as form } from "./en/form.ts";
import { withPart } from "./index.ts";

export const t = withPart({ ...form, ...account });
