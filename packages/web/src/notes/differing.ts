// Where two texts differ, for the eye: the lines between the beginning and the end that they share.

export interface Parts {
  before: string;
  differs: string;
  after: string;
}

/** `text` in three parts, of which the middle one holds all lines that are not as in `other`. */
export function differing(text: string, other: string): Parts {
  const lines = text.split(/(?<=\n)/);
  const others = other.split(/(?<=\n)/);
  const most = Math.min(lines.length, others.length);
  let start = 0;
  while (start < most && lines[start] === others[start]) start++;
  let end = 0;
  while (end < most - start && lines.at(-1 - end) === others.at(-1 - end)) end++;
  return {
    before: lines.slice(0, start).join(""),
    differs: lines.slice(start, lines.length - end).join(""),
    after: lines.slice(lines.length - end).join(""),
  };
}
