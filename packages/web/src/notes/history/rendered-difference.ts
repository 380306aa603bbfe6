// The difference between two notes as they read: of words, tasks and cells, not of Markdown's signs. What results is the page of the
// note after, with what was added and what was removed in it.
import { t } from "../../words/history.ts";
import { difference } from "./difference.ts";
import type { Part } from "./parts.ts";
import {
  type Column,
  columnsOf,
  type Item,
  itemsOf,
  keyOf,
  nodesOf,
  type Pair,
  pairsOf,
} from "./rendered-items.ts";

/** A block of the page with its changes. */
export interface Block {
  node: Node;
  isChanged: boolean;
}

export interface RenderedDifference {
  blocks: Block[];
  /** What was added and removed, in order. */
  parts: Part[];
}

type Change = "added" | "removed";

/** A part of a line: a text with the formats that it is in, or something else, like a picture, that `text` stands for. */
interface Run {
  text: string;
  formats: readonly Element[];
  object?: Element;
}

/** What stands for a picture among the words. */
const OBJECT = "\uFFFC";

/** @param deadline in milliseconds since 1970: what is not found by then counts as replaced */
export function renderedDifference(
  before: ParentNode,
  after: ParentNode,
  deadline: number,
): RenderedDifference {
  const parts: Part[] = [];
  /** The columns of the table whose rows are compared; none outside of it. */
  let columns: Column[] = [];

  function merge(before: readonly Item[], after: readonly Item[]): Block[] {
    return mergePairs(pairsOf(before, after, deadline));
  }

  function mergePairs(pairs: readonly Pair[]): Block[] {
    return pairs.flatMap(([one, other]) => {
      const count = parts.length;
      const nodes =
        one && other ? both(one, other) : other ? whole(other, "added") : one ? whole(one, "removed") : [];
      return nodes.map((node) => ({ node, isChanged: parts.length > count }));
    });
  }

  function both(before: Item, after: Item): Node[] {
    if (keyOf(before) === keyOf(after)) return nodesOf(after).map((node) => node.cloneNode(true));
    if (!(before instanceof Element && after instanceof Element))
      return line(nodesOf(before), nodesOf(after));
    const shell = after.cloneNode(false) as Element;
    const isTable = before instanceof HTMLTableElement && after instanceof HTMLTableElement;
    if (isTable) columns = columnsOf(before, after, deadline);
    const isRow = before instanceof HTMLTableRowElement && after instanceof HTMLTableRowElement;
    const blocks = isRow
      ? mergePairs(columns.map(([i, j]): Pair => [before.cells[i], after.cells[j]]))
      : merge(itemsOf(before), itemsOf(after));
    shell.append(...blocks.map(({ node }) => node));
    if (isTable) columns = [];
    return [shell];
  }

  /** All of it was added, or removed. */
  function whole(item: Item, change: Change): Node[] {
    if (item instanceof Element) {
      const shell = item.cloneNode(false) as Element;
      const items = itemsOf(item);
      if (items.length === 0) parts.push({ kind: change, text: "" });
      // A row has a cell in each column, also in those of the other table.
      const cells = item instanceof HTMLTableRowElement && columns.length > 0;
      const all = cells ? columns.map(([i, j]) => item.cells[change === "added" ? j : i]) : items;
      shell.append(...all.flatMap((one) => (one ? whole(one, change) : [document.createElement("td")])));
      return [shell];
    }
    const { runs, box } = runsOf(item);
    return [...drawn(box), ...marked(change, runs, 0, textOf(runs).length)];
  }

  function line(before: readonly Node[], after: readonly Node[]): Node[] {
    const [old, now] = [runsOf(before), runsOf(after)];
    const nodes: Node[] = drawn(now.box);
    let [from, at] = [0, 0];
    for (const { kind, text } of difference(textOf(old.runs), textOf(now.runs), deadline)) {
      if (kind === "kept") nodes.push(...copied(now.runs, at, at + text.length));
      else if (kind === "added") nodes.push(...marked(kind, now.runs, at, at + text.length));
      else nodes.push(...marked(kind, old.runs, from, from + text.length));
      if (kind !== "added") from += text.length;
      if (kind !== "removed") at += text.length;
    }
    if (old.box && now.box && isDone(old.box) !== isDone(now.box)) {
      const done = [{ text: t("history.done"), formats: [] }];
      nodes.push(
        document.createTextNode(" "),
        ...marked(isDone(now.box) ? "added" : "removed", done, 0, textOf(done).length),
      );
    }
    return nodes;
  }

  function marked(change: Change, runs: readonly Run[], from: number, to: number): Node[] {
    parts.push({ kind: change, text: textOf(runs).slice(from, to) });
    const mark = document.createElement(change === "added" ? "ins" : "del");
    const told = document.createElement("span");
    told.className = "hush";
    told.textContent = `${t(`history.${change}`)} `;
    mark.append(told, ...copied(runs, from, to));
    return [mark];
  }

  return { blocks: merge(itemsOf(before), itemsOf(after)), parts };
}

/** A line's parts, and the box of its task. */
function runsOf(nodes: readonly Node[]): { runs: Run[]; box: Element | undefined } {
  const runs: Run[] = [];
  let box: Element | undefined;
  // Where a line is broken in the source is nothing that one reads.
  const isCode = nodes[0]?.parentElement?.closest("pre") != null;
  const read = (node: Node, formats: readonly Element[]) => {
    if (node instanceof Text)
      runs.push({ text: isCode ? node.data : node.data.replace(/\s+/g, " "), formats });
    if (!(node instanceof Element)) return;
    if (node.matches(".task")) box ??= node;
    else if (node.matches("br")) runs.push({ text: "\n", formats, object: node });
    else if (node.matches("img")) runs.push({ text: OBJECT, formats, object: node });
    else for (const child of node.childNodes) read(child, [...formats, node]);
  };
  for (const node of nodes) read(node, []);
  return { runs, box };
}

const textOf = (runs: readonly Run[]) => runs.map(({ text }) => text).join("");

/** A part of a line, in its formats. @param from position in the text of `runs` */
function copied(runs: readonly Run[], from: number, to: number): Node[] {
  const copies = document.createDocumentFragment();
  const originals = new Map<Node, Element>();
  let start = 0;
  for (const { text, formats, object } of runs) {
    const part = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    start += text.length;
    if (part === "") continue;
    let parent: ParentNode & Node = copies;
    for (const format of formats) {
      const last: Node | null = parent.lastChild;
      const copy =
        last && originals.get(last) === format ? (last as Element) : (format.cloneNode(false) as Element);
      originals.set(copy, format);
      parent.append(copy);
      parent = copy;
    }
    parent.append(object ? object.cloneNode(true) : part);
  }
  return [...copies.childNodes];
}

const drawn = (box: Element | undefined): Node[] => (box ? [box.cloneNode(true)] : []);

const isDone = (box: Element) => box.matches(".done");
