/** Plain text tables: columns padded to their widest cell, numbers to the right, two blanks between. */
export interface TextColumn<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** Longer cells are cut and end in `…`. */
  readonly maxWidth?: number;
}

export function printTable<Row>(rows: readonly Row[], columns: readonly TextColumn<Row>[]): string {
  const cells = rows.map((row) => columns.map((c) => cut(oneLine(c.value(row)), c.maxWidth)));
  const widths = columns.map((c, i) =>
    Math.max(c.title.length, ...cells.map((line) => line[i]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) =>
        columns[i]?.align === 'right' ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(columns.map((c) => c.title)), rule, ...cells.map(line)].join('\n');
}

// Cells come from the user's data: a line break or an escape sequence must not reach the terminal.
const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');

const cut = (text: string, width = Number.POSITIVE_INFINITY): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`;
