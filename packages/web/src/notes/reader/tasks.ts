// Ticks a task where its text is: Markdown's parser of the editor says where each box stands in the source.
import { GFM, parser } from "@lezer/markdown";

const markdown = parser.configure(GFM);

/**
 * The text with its task number `index` ticked or not.
 * @param count the tasks that the reader shows
 * @returns undefined if the source has another number of tasks, so that it is not certain which one is meant
 */
export function withTask(text: string, index: number, isDone: boolean, count: number): string | undefined {
  const boxes: { from: number; to: number }[] = [];
  markdown.parse(text).iterate({
    enter(node) {
      if (node.name === "TaskMarker") boxes.push({ from: node.from, to: node.to });
    },
  });
  const box = boxes[index];
  if (!box || boxes.length !== count) return undefined;
  return `${text.slice(0, box.from)}[${isDone ? "x" : " "}]${text.slice(box.to)}`;
}
