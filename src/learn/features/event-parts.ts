/**
 * What each column of an event source is made of: aggregates over the rows of one age band ("parts", additive or extreme
 * over bands), and the cells of staged rows that those read.
 */
import {
  and,
  call,
  coalesce,
  col,
  count,
  countAll,
  countDistinct,
  eq,
  gt,
  isNull,
  max,
  maxBy,
  min,
  mul,
  or,
  sub,
  sum,
} from '../../data/sql/build.ts';
import type { Expr } from '../../data/sql/tree.ts';
import { clip } from './event-sql.ts';
import type { Formula, PlannedSource, SequenceMeasure } from './plan-types.ts';

export const DAY_MICROS = 86_400_000_000;

export interface Part {
  readonly name: string;
  readonly aggregate: Expr;
  /** Cells that staging must add for it. */
  readonly cells: readonly string[];
}

const part = (name: string, aggregate: Expr, ...cells: readonly string[]): Part => ({
  name,
  aggregate,
  cells,
});

/** Parts by name, each once. */
export function partsOf(source: PlannedSource): ReadonlyMap<string, Part> {
  const all = source.columns.flatMap((c) => partsIn(c.formula, source));
  return new Map(all.map((p) => [p.name, p]));
}

export const cellsOf = (source: PlannedSource): ReadonlySet<string> =>
  new Set([...partsOf(source).values()].flatMap((p) => p.cells));

const AGE = col('age');
const RANK = [col('rank')];

const rows = part('n', countAll());
const newest = part('amin', min(AGE));
const oldest = part('amax', max(AGE));
const activeDays = part('dd', countDistinct(call('int_div', AGE, DAY_MICROS)));
const longestPause = part('pause', max(col('gap')), 'gap');
const fullestWeek = part('week', max(col('week')), 'week');
const lastRank = part('rank', max(col('rank')), 'rank');

const has = (c: number, v: number): Expr => eq(col(`c${c}`), v);
const ofCategory = (c: number, v: number): Part => part(`c${c}_${v}`, countAll({ filter: has(c, v) }));
const firstOf = (c: number, v: number): Part => part(`first${c}_${v}`, max(AGE, { filter: has(c, v) }));
const total = (x: number): Part => part(`sx${x}`, sum(col(`x${x}`)));
const filled = (x: number): Part => part(`n${x}`, count(col(`x${x}`)));
const gated = (x: number, c: number, v: number): readonly Part[] => [
  part(`gs${x}_${c}_${v}`, sum(col(`x${x}`), { filter: has(c, v) })),
  part(`gn${x}_${c}_${v}`, count(col(`x${x}`), { filter: has(c, v) })),
];

/** Squares are of values clipped to ±3e9 scaled units, so that they fit 64 bits. */
function spread(x: number): readonly Part[] {
  const clipped = clip(col(`x${x}`), 3_000_000_000);
  return [filled(x), part(`sxx${x}`, sum(mul(clipped, clipped))), part(`sxc${x}`, sum(clipped))];
}

function stepPart(step: number, { c, steps }: SequenceMeasure): Part {
  const letters = steps[step]!;
  const cells = [`c${c}`, `before_c${c}`, `second_c${c}`].slice(0, letters.length);
  const backwards = [...letters].reverse();
  const filter = and(...cells.map((name, i) => eq(col(name), backwards[i]!)));
  return part(`step${step}`, countAll({ filter }), ...cells.slice(1));
}

/** A row that begins a session: the first, or one after a longer pause. */
function sessionPart(name: string, aggregate: (filter: Expr) => Expr, gap: number, ...cells: string[]): Part {
  return part(name, aggregate(or(isNull(col('gap')), gt(col('gap'), gap))), 'gap', ...cells);
}

function partsIn(f: Formula, source: PlannedSource): readonly Part[] {
  const { sequence } = source;
  const gap = source.sessionGap ?? 0;
  const sessions = sessionPart('sessions', (filter) => countAll({ filter }), gap);
  switch (f.kind) {
    case 'count':
    case 'trend':
      return [rows];
    case 'days':
      return [activeDays];
    case 'category':
      return [ofCategory(f.c, f.v)];
    case 'share':
      return [ofCategory(f.c, f.v), rows];
    case 'sum':
      return [total(f.x)];
    case 'mean':
      return [total(f.x), filled(f.x)];
    case 'std':
      return spread(f.x);
    case 'min':
      return [part(`mn${f.x}`, min(col(`x${f.x}`)))];
    case 'max':
      return [part(`mx${f.x}`, max(col(`x${f.x}`)))];
    case 'lastValue':
      return [part(`lx${f.x}`, maxBy(col(`x${f.x}`), RANK), 'rank')];
    case 'lastCategory':
      return [part(`l${f.c}`, maxBy(col(`c${f.c}`), RANK), 'rank')];
    case 'sinceCategory':
      return [part(`s${f.c}_${f.v}`, min(AGE, { filter: has(f.c, f.v) }))];
    case 'sinceLast':
      return [newest];
    case 'sinceFirst':
      return [oldest];
    case 'span':
      return [newest, oldest];
    case 'meanGap':
    case 'gapRatio':
      return [newest, oldest, rows];
    case 'gatedSum':
    case 'gatedMean':
      return gated(f.x, f.c, f.v);
    case 'gatedLast': {
      const last = maxBy(col(`x${f.x}`), RANK, { filter: has(f.c, f.v) });
      return [part(`gl${f.x}_${f.c}_${f.v}`, last, 'rank')];
    }
    case 'step':
      return [stepPart(f.step, sequence!)];
    case 'stepShare':
      return [stepPart(f.step, sequence!), rows];
    case 'chain':
      return [part(`chain${f.chain}`, min(col(`chain${f.chain}`)), `chain${f.chain}`)];
    case 'between':
    case 'before':
      return [f.from, f.to].map((v) => firstOf(sequence!.c, v));
    case 'place':
      return source.categories[sequence!.c]!.values.map((_, v) => firstOf(sequence!.c, v));
    case 'stage':
    case 'stageDays':
    case 'stageSpan':
      return sequence!.stages.map((v) => firstOf(sequence!.c, v));
    case 'sessions':
      return [sessions];
    case 'perSession':
      return [sessions, rows];
    case 'sessionsPerDay':
      return [sessions, activeDays];
    case 'lastSession':
      return [lastRank, sessionPart('begin', (filter) => max(col('rank'), { filter }), gap, 'rank')];
    case 'lastSessionMinutes':
      return [newest, sessionPart('begun', (filter) => min(AGE, { filter }), gap)];
    case 'longestGap':
      return [longestPause];
    case 'recordRatio':
      return [longestPause, newest];
    case 'burst':
      return [fullestWeek, rows, newest, oldest];
    case 'previousCategory': {
      const before = coalesce(col(`before_c${f.c}`), -1);
      return [part(`previous${f.c}`, maxBy(before, RANK), `before_c${f.c}`, 'rank')];
    }
    case 'lastChange': {
      const change = sub(col(`x${f.x}`), col(`before_x${f.x}`));
      return [part(`change${f.x}`, maxBy(change, RANK), `before_x${f.x}`, 'rank')];
    }
    case 'members':
    case 'refs':
      return [];
  }
}
