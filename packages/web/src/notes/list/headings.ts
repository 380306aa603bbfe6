/** A list's rows, with headings between them. */
export type Item<Row> = { heading: string } | { row: Row };

/** Puts a heading before each group of rows that have the same one. Rows without a heading follow the last group. */
export function withHeadings<Row>(
  rows: readonly Row[],
  headingOf: (row: Row) => string | undefined,
): Item<Row>[] {
  let last: string | undefined;
  return rows.flatMap((row) => {
    const heading = headingOf(row);
    const isNew = heading !== undefined && heading !== last;
    last = heading;
    return isNew ? [{ heading }, { row }] : [{ row }];
  });
}
