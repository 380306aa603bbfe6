// What pasted HTML says with inline styles. Its `style` attributes were renamed before it was parsed (quiet-html.ts).

const STYLE = "data-style";

/** The value of a property in an element's own style, in lower case. The last declaration counts. */
export function styleOf(element: Element, property: string): string | undefined {
  let value: string | undefined;
  for (const declaration of (element.getAttribute(STYLE) ?? "").split(";")) {
    const colon = declaration.indexOf(":");
    if (declaration.slice(0, colon).trim().toLowerCase() === property)
      value = declaration
        .slice(colon + 1)
        .trim()
        .toLowerCase();
  }
  return value;
}

const BLOCKS =
  "address, article, aside, blockquote, body, center, dd, details, div, dl, dt, figure, footer, form, h1, h2, h3, h4, h5, h6, header, hr, li, main, nav, ol, p, pre, section, summary, table, tbody, td, tfoot, th, thead, tr, ul";

export function isBlock(node: Node | null): boolean {
  return node instanceof Element && node.matches(BLOCKS);
}

/** Whether a node is white space between elements, or a comment. */
export function isBlank(node: Node): boolean {
  return node instanceof Text ? node.data.trim() === "" : !(node instanceof Element);
}
