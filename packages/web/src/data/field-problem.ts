// The messages for fields, from the API's codes: the same whether the form's check or the service found what is wrong.
import type { Problem } from "@notejam/client/problem";
import { NAME_MAX, PASSWORD_MAX, PASSWORD_MIN } from "@notejam/core/field/limits";
import { TEXT_MAX_BYTES } from "@notejam/core/note/limits";
import { find } from "../words/form.ts";
import { explain } from "./problem.ts";

const ofPassword = { too_short: PASSWORD_MIN, too_long: PASSWORD_MAX };

/** The limits that messages name, by field and code. */
const LIMITS: Record<string, Record<string, number>> = {
  password: ofPassword,
  currentPassword: ofPassword,
  newPassword: ofPassword,
  name: { too_long: NAME_MAX },
  text: { too_long: TEXT_MAX_BYTES / 1024 },
};

/** What is wrong with each field, by its name. A code that has no words here has the service's. */
export function fieldMessages(problem: Problem): Record<string, string> {
  return Object.fromEntries(
    Object.entries(problem.fields).map(([name, messages]) => [
      name,
      messageOf(problem, name, problem.codes[name]?.[0]) ?? messages[0] ?? "",
    ]),
  );
}

function messageOf(problem: Problem, name: string, code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  // The problem says what is taken, and which limit the account has reached.
  if (code === "taken" || code === "limit_reached") return explain(problem);
  const limit = LIMITS[name]?.[code];
  const values: Record<string, string | number> = limit === undefined ? {} : { limit };
  const own = find(`wrongIn.${name}.${code}`, values);
  const field = find(`field.${name}`);
  return own ?? (field && find(`wrong.${code}`, { field, ...values }));
}

/** What happened, with the first message for a field if there is one. */
export function explainWithFields(problem: Problem): string {
  return Object.values(fieldMessages(problem))[0] ?? explain(problem);
}
