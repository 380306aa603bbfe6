// Reads JSON that may be anything. The error of JSON.parse would quote it, and it may be private.

/** The value of `json`; undefined if it is not JSON. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The members of the object in `json`; undefined if it has no object. */
export function membersIn(json: string): Record<string, unknown> | undefined {
  const value = parseJson(json);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
