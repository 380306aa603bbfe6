// Finds the bold, italic and struck words of pasted HTML. Word writes `b` elements whose style is about other scripts, Google Docs a
// `b` around everything that is not bold, and spans with a weight. So the elements are made again, from what holds for each text.
import { isBlank, styleOf } from "./pasted-style.ts";

/** The elements of marks, the outermost first. */
const MARKS = ["strong", "em", "s"] as const;
type Marks = Readonly<Record<(typeof MARKS)[number], boolean>>;

const NONE: Marks = { strong: false, em: false, s: false };
const BOLD_FROM = 600;
/** Some sites show their bold words no bolder than this. */
const BOLD_ELEMENT_FROM = 500;

/** Elements that say nothing but how their text looks. */
const LOOKS = "b, strong, i, em, s, del, strike, span, font";
/** These are bold anyway. */
const HEADINGS = "h1, h2, h3, h4, h5, h6, th";
/** A part of a text that is marked as a whole. */
const ATOMS = "code, kbd, samp, tt";

/** Makes `strong`, `em` and `s` of how each text in `root` looks, and takes all other elements about looks away. */
export function markAsItLooks(root: DocumentFragment): void {
  markChildren(root, NONE);
  liftOutOfLinks(root);
  join(root);
}

function markChildren(parent: ParentNode & Node, marks: Marks): void {
  for (const child of [...parent.childNodes]) {
    if (child instanceof Text) {
      if (!isBlank(child)) wrap(child, marks);
    } else if (child instanceof Element && !isVerbatim(child)) {
      const own = marksOf(child, marks);
      if (child.matches(ATOMS)) {
        wrap(child, own);
        continue;
      }
      markChildren(child, own);
      if (child.matches(LOOKS)) child.replaceWith(...child.childNodes);
    }
  }
}

/** Code, or the lines of an editor, whose colours and weights mean nothing. */
function isVerbatim(element: Element): boolean {
  return (
    element.localName === "pre" || (element.localName === "div" && styleOf(element, "white-space") === "pre")
  );
}

function marksOf(element: Element, outer: Marks): Marks {
  const name = element.localName;
  const slant = styleOf(element, "font-style");
  const line = `${styleOf(element, "text-decoration")} ${styleOf(element, "text-decoration-line")}`;
  return {
    strong: isBold(element) ?? outer.strong,
    em: slant === undefined ? outer.em || name === "i" || name === "em" : /italic|oblique/.test(slant),
    s: outer.s || ["s", "del", "strike"].includes(name) || line.includes("line-through"),
  };
}

/** Undefined if the element doesn't say. */
function isBold(element: Element): boolean | undefined {
  if (element.closest(HEADINGS)) return false;
  const isBoldElement = element.matches("b, strong");
  const weight = styleOf(element, "font-weight");
  if (weight === "bold" || weight === "bolder") return true;
  if (weight === "normal" || weight === "lighter") return false;
  const number = Number.parseInt(weight ?? "", 10);
  if (number > 0) return number >= (isBoldElement ? BOLD_ELEMENT_FROM : BOLD_FROM);
  return isBoldElement ? true : undefined;
}

function wrap(node: ChildNode, marks: Marks): void {
  const wrapped = MARKS.filter((mark) => marks[mark]);
  const outermost = wrapped.reduceRight<ChildNode | undefined>((inner, mark) => {
    const element = (node.ownerDocument as Document).createElement(mark);
    if (inner) element.append(inner);
    return element;
  }, undefined);
  if (!outermost) return;
  node.replaceWith(outermost);
  let innermost: Node = outermost;
  while (innermost.firstChild) innermost = innermost.firstChild;
  innermost.appendChild(node);
}

/** A link that is wholly bold is in bold words: so it joins with those around it. */
function liftOutOfLinks(root: DocumentFragment): void {
  for (const link of root.querySelectorAll("a, u, ins")) {
    for (;;) {
      const mark: ChildNode | null = link.firstChild;
      const isWhole = mark instanceof Element && mark === link.lastChild && isMark(mark);
      if (!isWhole) break;
      mark.replaceWith(...mark.childNodes);
      link.replaceWith(mark);
      mark.append(link);
    }
  }
}

/** Joins marks of the same kind that follow each other, also over white space. */
function join(parent: ParentNode & Node): void {
  let before: Element | undefined;
  let blanks: ChildNode[] = [];
  for (const child of [...parent.childNodes]) {
    if (before && child instanceof Element && child.localName === before.localName && isMark(child)) {
      before.append(...blanks, ...child.childNodes);
      child.remove();
      blanks = [];
    } else if (before && isBlank(child)) {
      blanks.push(child);
    } else {
      if (before) join(before);
      before = child instanceof Element && isMark(child) ? child : undefined;
      blanks = [];
      if (!before && child instanceof Element) join(child);
    }
  }
  if (before) join(before);
}

function isMark(element: Element): boolean {
  return element.matches(MARKS.join());
}
