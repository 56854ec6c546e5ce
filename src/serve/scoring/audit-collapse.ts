/**
 * Importance that collapses when a column is cut back to what was known: what tells winners from losers as exported but
 * not as of the cutoff was written after the outcome. Every column of the entity that may change is tried.
 */
import type { LabelledRow } from '../../data/quality/leak-cells.ts';
import { columnAuroc, type LeakCell } from '../../data/quality/separation.ts';
import { type Column, ROW } from '../../data/schema/types.ts';
import { as, asc, cast, col, eq, innerJoin, select, table } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { cellAsOf, historyJoin } from '../../learn/features/as-of.ts';
import { createFeatureTable, dropFeatureTable } from '../../learn/features/prepare.ts';
import type { Collapse } from './audit-types.ts';
import type { WorkspaceContext } from './context.ts';
import type { Prepared } from './prepare.ts';

const LEAST_ROWS = 100;
/** An exported column must say this much by itself to be worth a word. */
const TELLING = 0.6;
const MAP = 'collapse';

export async function findCollapses(
  context: WorkspaceContext,
  prepared: Prepared,
): Promise<readonly Collapse[]> {
  const { task } = prepared;
  const entity = context.config.schema.tables.find((t) => t.name === task.entityTable);
  if (task.static || task.type !== 'binary' || !entity) return [];
  const rows = labelledRows(prepared);
  if (rows.length < LEAST_ROWS) return [];
  const columns = entity.columns.filter(
    (c) => (c.mutable !== undefined || c.history !== undefined) && c.semantic !== 'key' && !c.trusted,
  );
  await createSidMap(context);
  const found: Collapse[] = [];
  for (const column of columns) {
    const cells = await readCells(context, entity.name, column);
    found.push(collapseOf(`${entity.name}.${column.name}`, column, cells, rows));
  }
  await dropFeatureTable(context.engine, MAP);
  return found.filter((c) => c.exported >= TELLING).sort((a, b) => b.exported - a.exported);
}

type Row = LabelledRow & { readonly sid: number };

function labelledRows({ task }: Prepared): readonly Row[] {
  const { entityRow, cutoff } = task.snapshots;
  return Array.from(task.visible.values).flatMap((label, sid) =>
    Number.isNaN(label) || entityRow[sid]! < 0
      ? []
      : [{ sid, entityRow: entityRow[sid]!, cutoff: cutoff[sid]!, label }],
  );
}

const createSidMap = ({ engine }: WorkspaceContext): Promise<void> =>
  createFeatureTable(
    engine,
    MAP,
    select({
      columns: [col('s', 'sid'), as(col('s', 'erow'), 'g'), col('s', 'cutoff')],
      from: table('snapshots', 's', 'task'),
    }),
  );

interface Cells {
  readonly exported: ReadonlyMap<number, LeakCell>;
  readonly asOf: ReadonlyMap<number, LeakCell>;
}

async function readCells(context: WorkspaceContext, entity: string, column: Column): Promise<Cells> {
  const { schema } = context.config;
  const own = schema.tables.find((t) => t.name === entity)!;
  const cutoff = col('s', 'cutoff');
  const query = select({
    columns: [
      as(col('s', 'sid'), 'sid'),
      as(cast(col('e', column.name), 'text'), 'exported'),
      ...(column.history ? [as(cast(cellAsOf(own, column, 'e', cutoff), 'text'), 'as_of')] : []),
    ],
    from: table('snapshots', 's', 'task'),
    joins: [
      innerJoin(table(entity, 'e', 'data'), eq(col('e', ROW), col('s', 'erow'))),
      ...historyJoin(schema, column, 'e', MAP),
    ],
    orderBy: [asc(col('s', 'sid'))],
  });
  const rows = await context.engine.rows(toSql(query, context.engine.dialect));
  const cell = (v: unknown): LeakCell => {
    if (v === null || v === undefined) return null;
    const number = Number(v);
    return column.type === 'text' || Number.isNaN(number) ? String(v) : number;
  };
  return {
    exported: new Map(rows.map((r) => [Number(r.sid), cell(r.exported)])),
    asOf: new Map(rows.map((r) => [Number(r.sid), cell(r.as_of)])),
  };
}

function collapseOf(name: string, column: Column, cells: Cells, rows: readonly Row[]): Collapse {
  const label = Float64Array.from(rows, (r) => r.label);
  const positive = Uint8Array.from(label, (y) => (y > 0.5 ? 1 : 0));
  const fold = Uint8Array.from(rows, (r) => (Math.imul(r.entityRow + 1, 0x9e3779b1) >>> 16) & 1);
  const area = (of: ReadonlyMap<number, LeakCell>): number =>
    columnAuroc({ cells: rows.map((r) => of.get(r.sid) ?? null), label, fold }, positive);
  const exported = area(cells.exported);
  const asOf = column.history ? area(cells.asOf) : null;
  const left = Math.max(0, (asOf ?? 0.5) - 0.5);
  const collapsed = exported - 0.5 > 2 * left + 0.05;
  const then =
    asOf === null ? 'what it was at the cutoff is not known' : `as of the cutoff ${asOf.toFixed(3)}`;
  const told = collapsed ? 'it was written after the outcome and is not used as exported' : 'it holds';
  return {
    column: name,
    rows: rows.length,
    exported,
    as_of: asOf,
    collapsed,
    evidence: `alone its AUROC is ${exported.toFixed(3)} as exported, ${then}, on ${rows.length} rows: ${told}`,
  };
}
