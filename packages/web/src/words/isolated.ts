// Names in a sentence, whatever their direction. Elements isolate by `dir="auto"` and `<bdi>`; this is for plain texts: the dock,
// the tab's title, labels.

/** Written from the right, or a control of direction: the rest can't turn the words around it. */
const TURNS =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const ISOLATES = /[\u2066-\u2069]/g;
const FIRST_STRONG_ISOLATE = "\u2068";
const POP_DIRECTIONAL_ISOLATE = "\u2069";

/**
 * A value that leaves the direction of the text around it alone: what it opens ends with it, and it ends nothing that it has not
 * opened.
 * @see https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
 */
export function isolated(value: string): string {
  if (!TURNS.test(value)) return value;
  let open = 0;
  const balanced = value.replace(ISOLATES, (control) => {
    if (control !== POP_DIRECTIONAL_ISOLATE) open++;
    else if (open === 0) return "";
    else open--;
    return control;
  });
  return FIRST_STRONG_ISOLATE + balanced + POP_DIRECTIONAL_ISOLATE.repeat(open + 1);
}
