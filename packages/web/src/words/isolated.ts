// Names in a sentence, whatever their direction. Elements isolate by `dir="auto"` and `<bdi>`; this is for plain texts: the dock,
// the tab's title, labels.

/** Letters that are written from the right, beyond U+FFFF by their first half, and controls of direction. */
const TURNS = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefe\ud802\ud803\ud83a\ud83b]/;
const ISOLATES = /[\u2066-\u2069]/g;

/**
 * A value that leaves the direction of the text around it alone, as from a first strong isolate to the end of it: what it embeds
 * or overrides ends with it, and isolates of its own are left out, since an end of one could be the end of this.
 * @see https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
 */
export function isolated(value: string): string {
  return TURNS.test(value) ? `\u2068${value.replace(ISOLATES, "")}\u2069` : value;
}
