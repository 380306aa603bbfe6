// Writes times in the contract's form.

type WithIso<Value> = Value extends Date ? string : Value;

/** `row` with each of its times in ISO 8601, in UTC with milliseconds. */
export function withIsoTimes<Row extends object>(row: Row): { [Key in keyof Row]: WithIso<Row[Key]> } {
  const entries = Object.entries(row).map(([key, value]) => [
    key,
    value instanceof Date ? value.toISOString() : value,
  ]);
  return Object.fromEntries(entries);
}
