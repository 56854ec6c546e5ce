/**
 * Lags: the target itself over earlier windows, as features of amounts. One column a window back, one a step ahead for
 * the same season before, and the mean and median of the windows back. Sources: direct multi-step forecasting with
 * lagged targets (Taieb et al. 2012); the per-entity mean as the baseline that is hard to beat.
 */
import type { Engine } from '../../../data/engine/types.ts';
import type { Schema } from '../../../data/schema/types.ts';
import { toSql } from '../../../data/sql/print.ts';
import { unitDays } from '../../../query/task/calendar.ts';
import { changingCell } from '../../../query/task/changing-cells.ts';
import {
  lagWindows,
  type PastTarget,
  type PastWindow,
  pastTargetQuery,
  seasonWindows,
} from '../../../query/task/past-target.ts';
import type { FeatureColumn, PathStep } from '../types.ts';

export interface LagPlan {
  readonly target: PastTarget;
  readonly entityTable: string;
  readonly windows: readonly PastWindow[];
  /** One a window, then the mean and the median of the lags. */
  readonly columns: readonly FeatureColumn[];
}

/** Windows back: two years of quarters, eight weeks of weeks. */
export const LAGS = 8;

export const LAG = 'lag';
export const SEASON = 'lag.season';
export const LAG_MEAN = 'lag.mean';
export const LAG_MEDIAN = 'lag.median';

/** No plan, and why, where the target reads cells of which only the present value is known. */
export function planLags(
  schema: Schema,
  entityTable: string,
  target: PastTarget,
): { readonly lags?: LagPlan; readonly notes: readonly string[] } {
  const changing = changingCell(schema, target.aggregate);
  if (changing === undefined) return { lags: lagPlan(schema, entityTable, target), notes: [] };
  const why = `${changing} may change after the row is written and has no history`;
  return { notes: [`left out: the target over earlier windows (${why})`] };
}

function lagPlan(schema: Schema, entityTable: string, target: PastTarget): LagPlan {
  const { aggregate, window } = target;
  const days = unitDays(window.end, window.unit);
  const base = {
    kind: 'numeric',
    family: 'outcome',
    scope: 'own',
    signal: 'past deals',
    path: pathDown(schema, entityTable, aggregate.path ?? []),
    table: aggregate.source.table,
  } as const;
  const span = `${window.end} ${window.unit}`;
  const what = `${WORDS[aggregate.fn]} ${aggregate.source.column === '*' ? aggregate.source.table : `${aggregate.source.column} of ${aggregate.source.table}`}`;
  const lags = lagWindows(target, LAGS);
  const seasons = seasonWindows(target);
  return {
    target,
    entityTable,
    windows: [...lags, ...seasons],
    columns: [
      ...lags.map((_, k) => ({
        ...base,
        name: `target.lag${k + 1}`,
        primitive: LAG,
        ...(k === 0 ? { windowDays: days } : {}),
        sentence: k === 0 ? `${what} in the last ${span}` : `${what} ${k} × ${span} earlier`,
      })),
      ...seasons.map((_, s) => ({
        ...base,
        name: `target.season${s + 1}`,
        primitive: SEASON,
        sentence: `${what} in the same season before${seasons.length > 1 ? `, step ${s + 1}` : ''}`,
      })),
      ...[LAG_MEAN, LAG_MEDIAN].map((primitive) => ({
        ...base,
        name: `target.${primitive}`,
        primitive,
        sentence: `${primitive === LAG_MEAN ? 'mean' : 'median'} ${what} per ${span} before`,
      })),
    ],
  };
}

const WORDS: Readonly<Record<PastTarget['aggregate']['fn'], string>> = {
  SUM: 'total',
  AVG: 'average',
  MIN: 'least',
  MAX: 'greatest',
  COUNT: 'number of',
  COUNT_DISTINCT: 'number of different',
  FIRST: 'first',
  LAST: 'last',
  LIST_DISTINCT: 'different',
};

/** The links of an aggregate run from its table to the entity; features walk the other way. */
export function pathDown(schema: Schema, entityTable: string, links: readonly string[]): readonly PathStep[] {
  let here = entityTable;
  return [...links].reverse().map((name) => {
    const link = schema.links.find((l) => l.name === name)!;
    const down = link.to === here;
    here = down ? link.from : link.to;
    return { link: name, direction: down ? 'down' : 'up', table: here };
  });
}

/** Data of `plan.columns` for the snapshots of `feat.snap`, in sid order. */
export async function computeLags(
  engine: Engine,
  schema: Schema,
  plan: LagPlan,
  frame: { readonly schema: string; readonly name: string },
  rows: number,
): Promise<readonly Float32Array[]> {
  const query = pastTargetQuery(schema, plan.entityTable, plan.target, plan.windows, frame);
  const data = await engine.float32(toSql(query, engine.dialect), rows, plan.windows.length);
  return [...data, ...summaries(data.slice(0, LAGS), rows)];
}

/** Mean and median over the windows that count; NaN where none does. */
function summaries(lags: readonly Float32Array[], rows: number): readonly Float32Array[] {
  const mean = new Float32Array(rows);
  const median = new Float32Array(rows);
  for (let i = 0; i < rows; i++) {
    const seen = lags.map((lag) => lag[i]!).filter((v) => !Number.isNaN(v));
    seen.sort((a, b) => a - b);
    mean[i] = seen.reduce((sum, v) => sum + v, 0) / seen.length;
    const low = seen[(seen.length - 1) >> 1] ?? Number.NaN;
    median[i] = (low + (seen[seen.length >> 1] ?? Number.NaN)) / 2;
  }
  return [mean, median];
}
