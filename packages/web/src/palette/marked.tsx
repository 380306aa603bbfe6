// A text with the parts marked that were found.
import { For } from "solid-js";

/** `ranges`: in UTF-16 units, in order, none over another. */
export function Marked(props: { text: string; ranges: readonly (readonly [number, number])[] }) {
  const parts = () => {
    let at = 0;
    const all: { text: string; isFound: boolean }[] = [];
    for (const [from, to] of props.ranges) {
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
