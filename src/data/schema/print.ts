/** The schema as text: one table of tables, then links, derived links and targets. */
import type { History, Table, WorkspaceConfig } from './types.ts';

export function printSchema(config: WorkspaceConfig): string {
  const { tables, links, derivedLinks } = config.schema;
  const sections = [
    grid(['table', 'role', 'key', 'time', 'label time', 'columns', 'left out'], tables.map(tableRow)),
    grid(
      ['link', '→', 'kind'],
      links.map((l) => [l.name, l.to, l.unique ? '1:1' : 'n:1']),
    ),
    grid(
      ['derived link', 'table', 'by'],
      derivedLinks.map((d) => [d.kind, d.table, d.by.join(', ')]),
    ),
    grid(['column with a history', 'known'], tables.flatMap(historyRows)),
    grid(
      ['target', 'for each', 'predicate'],
      config.targets.map((t) => [t.name, t.table, t.predicate]),
    ),
  ];
  return sections.filter((s) => s !== '').join('\n\n');
}

function tableRow(t: Table): readonly string[] {
  const left = t.columns.filter((c) => c.mutable !== undefined && !c.history && !c.trusted).length;
  const from = t.origin.kind === 'derived' ? `${t.role} (of ${t.origin.table})` : t.role;
  return [
    t.name,
    from,
    t.key.length === 0 ? '(row number)' : t.key.join(' | '),
    t.time ?? (t.origin.kind === 'derived' ? '(first seen)' : '–'),
    t.labelTime ?? '',
    String(t.columns.length),
    left === 0 ? '' : String(left),
  ];
}

function historyRows(t: Table): readonly (readonly string[])[] {
  return t.columns.flatMap((c) => {
    if (!c.history) return [];
    const { history } = c;
    const name = `${t.name}.${c.name}`;
    if (history.kind === 'changedAt') return [[name, `from ${history.column} on`]];
    if (history.kind === 'table') return [[name, `from ${changesName(history)} by ${history.time}`]];
    return [
      [
        name,
        Object.entries(history.times)
          .map(([v, at]) => `${v} at ${at}`)
          .join(', '),
      ],
    ];
  });
}

const changesName = ({ table, value, where }: Extract<History, { kind: 'table' }>): string =>
  where ? `${table}.${value} where ${where.column} is ${where.equals}` : `${table}.${value}`;

/** Columns padded to their widest cell; empty without rows. Control characters would break the lines: shown as ·. */
function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const clean = [head, ...rows].map((row) => row.map((cell) => cell.replace(/\p{Cc}/gu, '·')));
  const widths = head.map((_, i) => Math.max(...clean.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  const [title, ...body] = clean.map(line);
  return [title, widths.map((w) => '─'.repeat(w)).join('  '), ...body].join('\n');
}
