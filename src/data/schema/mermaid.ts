/** The schema as a Mermaid entity-relationship diagram: keys, times and links; other columns are left out. */
import type { Link, Table, WorkspaceConfig } from './types.ts';

export function schemaMermaid(config: WorkspaceConfig): string {
  const { tables, links } = config.schema;
  const ids = new Map(tables.map((t, i) => [t.name, `t${i}`]));
  return [
    'erDiagram',
    ...tables.map((t) => entity(t, ids.get(t.name)!, links)),
    ...links.map(
      (l) =>
        `  ${ids.get(l.to)} ||--o${l.unique ? '|' : '{'} ${ids.get(l.from)} : "${plain(l.columns.join(', '))}"`,
    ),
  ].join('\n');
}

function entity(table: Table, id: string, links: readonly Link[]): string {
  const foreign = new Set(links.filter((l) => l.from === table.name).flatMap((l) => l.columns));
  const shown = table.columns.filter(
    (c) => table.key.includes(c.name) || foreign.has(c.name) || c.name === table.time,
  );
  const lines = shown.map((c) => {
    const marks = [table.key.includes(c.name) ? 'PK' : '', foreign.has(c.name) ? 'FK' : ''].filter(
      (m) => m !== '',
    );
    const note = c.name === table.time ? ' "time"' : '';
    return `    ${c.type} ${word(c.name)}${marks.length > 0 ? ` ${marks.join(', ')}` : ''}${note}`;
  });
  return [`  ${id}["${plain(table.name)}"] {`, ...lines, '  }'].join('\n');
}

/** Mermaid text has no escapes: quotes and control characters are replaced. */
const plain = (text: string): string => text.replace(/["\p{Cc}]/gu, "'");
const word = (text: string): string => {
  const made = text.replace(/[^\p{L}\p{N}_]+/gu, '_');
  return /^\p{L}/u.test(made) ? made : `c_${made}`;
};
