// A text in which matches are marked.
import { For } from "solid-js";

/** `ranges`: in UTF-16 units, in order, without overlaps. */
export function Marked(props: { text: string; ranges: readonly (readonly [number, number])[] | undefined }) {
  const parts = () => {
    let at = 0;
    const all: { text: string; isFound: boolean }[] = [];
    for (const [from, to] of props.ranges ?? []) {
      all.push(
        { text: props.text.slice(at, from), isFound: false },
        { text: props.text.slice(from, to), isFound: true },
      );
      at = to;
    }
    return [...all, { text: props.text.slice(at), isFound: false }];
  };
  return <For each={parts()}>{(part) => (part.isFound ? <mark>{part.text}</mark> : part.text)}</For>;
}

/** Where `text` has `sought`, whatever its case, in UTF-16 units. */
export function rangesOf(text: string, sought: string): [number, number][] {
  if (sought === "") return [];
  const ranges: [number, number][] = [];
  // A few letters change their length in lower case: then the ranges would be wrong.
  const [lower, part] = [text.toLowerCase(), sought.toLowerCase()];
  if (lower.length !== text.length) return lower.includes(part) ? [[0, text.length]] : [];
  for (let at = lower.indexOf(part); at >= 0; at = lower.indexOf(part, at + part.length)) {
    ranges.push([at, at + part.length]);
  }
  return ranges;
}
