/**
 * Attributions per column → contributions per signal. Margins are additive, so any partition of the columns is too:
 * base + the sum over signals = the margin. Columns are partitioned once per matrix; a row then costs one pass.
 */
import type { FeatureColumn } from '../features/types.ts';
import type { Attribution } from '../models/types.ts';
import type { ListedSignal, Part, PartDefinition, SignalGroup } from './types.ts';

/** One part per signal, path, table, window and choice of rows, in order of first column. */
export function partitionColumns(columns: readonly FeatureColumn[]): readonly PartDefinition[] {
  const parts = new Map<string, PartDefinition & { columns: number[] }>();
  columns.forEach((column, index) => {
    const key = partKey(column);
    const part = parts.get(key);
    if (part) part.columns.push(index);
    else parts.set(key, { ...meaningOf(column), columns: [index] });
  });
  return [...parts.values()];
}

const meaningOf = (c: FeatureColumn): Omit<PartDefinition, 'columns'> => ({
  signal: c.signal,
  path: c.path,
  table: c.table,
  windowDays: c.windowDays,
});

/** Attributes of a row say different things; counts of the same rows say one. */
function partKey(c: FeatureColumn): string {
  const attribute = c.family === 'static' || c.family === 'parents' ? (c.column ?? c.name) : '';
  const steps = c.path.map((s) => [s.link, s.direction]);
  return JSON.stringify([c.signal, steps, c.table, c.windowDays ?? 0, attribute, c.rows ?? 0]);
}

/** Signals of one row, largest |contribution| first; parts and signals that say nothing are left out. */
export function groupSignals(
  definitions: readonly PartDefinition[],
  attribution: Attribution,
  row: number,
): readonly SignalGroup[] {
  const bySignal = new Map<string, Part[]>();
  for (const definition of definitions) {
    const part = partOf(definition, attribution, row);
    if (part.contribution === 0) continue;
    const parts = bySignal.get(definition.signal);
    if (parts) parts.push(part);
    else bySignal.set(definition.signal, [part]);
  }
  return [...bySignal.values()]
    .map((parts) => ({ signal: parts[0]!.of.signal, contribution: total(parts), parts: parts.sort(bySize) }))
    .filter((group) => group.contribution !== 0)
    .sort((a, b) => bySize(a, b) || (a.signal < b.signal ? -1 : 1));
}

/** Plain loops: this runs once per row and column. */
function partOf(of: PartDefinition, attribution: Attribution, row: number): Part {
  let contribution = 0;
  for (const column of of.columns) contribution += attribution.values[column]![row]!;
  const along = contribution < 0 ? -1 : 1;
  let lead = of.columns[0]!;
  let most = Number.NEGATIVE_INFINITY;
  for (const column of of.columns) {
    const pull = attribution.values[column]![row]! * along;
    if (pull > most) [lead, most] = [column, pull];
  }
  return { of, contribution, lead };
}

interface Weighed {
  readonly contribution: number;
}

const total = (of: readonly Weighed[]): number => of.reduce((sum, x) => sum + x.contribution, 0);
const bySize = (a: Weighed, b: Weighed): number => Math.abs(b.contribution) - Math.abs(a.contribution);

/** The `limit` largest signals, and the rest as one signal 'other'; shares add to 1. */
export function listSignals(groups: readonly SignalGroup[], limit = 5): readonly ListedSignal[] {
  const named = groups.filter((g) => g.signal !== 'other').slice(0, limit);
  const rest = groups.filter((g) => !named.includes(g));
  const other: SignalGroup = {
    signal: 'other',
    contribution: total(rest),
    parts: rest.flatMap((g) => g.parts).sort(bySize),
  };
  const listed = other.contribution === 0 ? named : [...named, other];
  const all = listed.reduce((sum, g) => sum + Math.abs(g.contribution), 0);
  return listed.map((g) => ({
    ...g,
    share: Math.abs(g.contribution) / all,
    direction: g.contribution > 0 ? 'up' : 'down',
    folded: g === other ? rest.length : 0,
  }));
}

/** Largest |base + sum of contributions − margin| over the rows: the contract allows 1e-4. */
export function additivityError(attribution: Attribution, margins: ArrayLike<number>): number {
  let worst = 0;
  for (let row = 0; row < margins.length; row++) {
    const sum = attribution.values.reduce((s, column) => s + column[row]!, attribution.base);
    worst = Math.max(worst, Math.abs(sum - margins[row]!));
  }
  return worst;
}
