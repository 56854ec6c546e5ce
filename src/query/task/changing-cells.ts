/**
 * Cells that an aggregation over the past would read as exported, though they may change after the row is written: what
 * stood there at an earlier cutoff is not on record.
 */
import { isSettledLink } from '../../data/schema/dated-links.ts';
import type { Schema } from '../../data/schema/types.ts';
import type { Aggregate } from '../pql/ast.ts';
import { findColumn, happensLater } from './as-of.ts';
import { walk } from './explain-task.ts';
import { findLink, findTable } from './scope.ts';

/** The first such cell as `table.column`, links by their name; undefined when all is known as of any moment. */
export function changingCell(schema: Schema, target: Aggregate): string | undefined {
  const found: string[] = [];
  const read = (table: string, name: string): void => {
    const t = findTable(schema, table);
    const c = findColumn(t, name);
    const dated = c?.history !== undefined || c?.trusted === true || happensLater(t, name);
    if (c?.mutable !== undefined && !dated) found.push(`${table}.${name}`);
  };
  const follow = (names: readonly string[] = []): void => {
    for (const link of names.map((name) => findLink(schema, name)))
      if (!link.dated && !isSettledLink(schema, link)) found.push(link.name);
  };
  walk(target, (node) => {
    if (node.kind === 'becomes') return;
    const ref = node.kind === 'aggregate' ? node.source : node.left;
    if (node.kind === 'aggregate') follow(node.path);
    else if (ref.kind === 'column') follow(ref.path);
    if (ref.kind === 'column') read(ref.table, ref.column);
  });
  return found[0];
}
