// Tags by what they are under: a slash ends the name of the one above, `work/meeting`.

export interface Tag {
  name: string;
  /** A parent counts a note once. */
  noteCount: number;
}

export interface TagNode extends Tag {
  /** The name without those of its parents. */
  label: string;
  under: TagNode[];
}

/** The tags that are under no other. @param tags with their parents, as the API lists them; the order stays */
export function treeOf(tags: readonly Tag[]): TagNode[] {
  const nodes = new Map(tags.map((tag) => [tag.name, { ...tag, label: tag.name, under: [] } as TagNode]));
  const top: TagNode[] = [];
  for (const node of nodes.values()) {
    const parent = parentsOf(node.name).find((name) => nodes.has(name));
    if (parent !== undefined) node.label = node.name.slice(parent.length + 1);
    (nodes.get(parent ?? "")?.under ?? top).push(node);
  }
  return top;
}

/** What a tag is under, the nearest first: `a/b` and `a` of `a/b/c`. */
export function parentsOf(name: string): string[] {
  const parents: string[] = [];
  for (let at = name.lastIndexOf("/"); at > 0; at = name.lastIndexOf("/", at - 1))
    parents.push(name.slice(0, at));
  return parents;
}
