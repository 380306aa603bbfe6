// Parses the query string as strictly as the body: each parameter once, in UTF-8. URLSearchParams would replace what it can't
// decode, so a search would look for something else.
import { addTo, type Fields, SENT_TWICE } from "./fields.ts";

/**
 * The parameters of `search` (`?pad=none&q=a%20b`, or empty).
 * @param fields receives the problems, by the parameter's name
 */
export function parseQuery(search: string, fields: Fields): Record<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of search.replace(/^\?/, "").split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const written = equals === -1 ? pair : pair.slice(0, equals);
    const name = decode(written) ?? written;
    const value = decode(equals === -1 ? "" : pair.slice(equals + 1));
    if (parameters.has(name)) addTo(fields, name, SENT_TWICE);
    else if (value === undefined)
      addTo(fields, name, { code: "invalid", message: "Not percent-encoded UTF-8" });
    parameters.set(name, value ?? "");
  }
  return Object.fromEntries(parameters);
}

/** `+` is a space, as forms write it; undefined if `written` is not percent-encoded UTF-8. */
function decode(written: string): string | undefined {
  try {
    return decodeURIComponent(written.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
