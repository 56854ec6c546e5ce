/**
 * The columns of an event source: counts, distinct days, sums, means, extremes, spread, shares of frequent categories,
 * distinct members and references over windows; recency, rhythm and trend. Each carries the sentence that explains it.
 */

import { singular } from '../../data/schema/lexicon.ts';
import { signalOf } from './lexicon-signals.ts';
import type { EventSource, Formula, NumericMeasure, PlanInput, SourceColumn } from './plan-types.ts';
import type { Family, FeatureColumn, Scope, Signal } from './types.ts';
import { nearestWindow } from './windows.ts';
import { columnWords, eventWords, windowWords } from './words.ts';

/** A column with its worth: lower goes first when the plan must be cut. */
export interface RankedColumn extends SourceColumn {
  readonly worth: number;
}

interface Shape {
  readonly formula: Formula;
  readonly primitive: string;
  readonly sentence: string;
  readonly name: string;
  readonly worth: number;
  readonly family?: Family;
  readonly column?: string;
  /** Only rows with this value of `column` are read. */
  readonly value?: string;
  readonly w?: number;
  readonly unit?: FeatureColumn['unit'];
  readonly categories?: readonly string[];
}

export function eventColumns(source: EventSource, input: PlanInput): readonly RankedColumn[] {
  const shapes = [
    ...countShapes(source, input),
    ...numericShapes(source, input),
    ...categoryShapes(source, input),
    ...rhythmShapes(source, input),
  ];
  return shapes.map((shape) => toColumn(source, input, shape));
}

function toColumn(source: EventSource, input: PlanInput, s: Shape): RankedColumn {
  const family = s.family ?? (source.excludeSelf ? 'peers' : 'windows');
  const days = s.w === undefined ? undefined : source.windows[s.w];
  const meta: FeatureColumn = {
    name: `${prefixOf(source)}.${s.name}${s.w === undefined ? '' : days === undefined ? '.ever' : `.${days}d`}`,
    kind: s.categories ? 'categorical' : 'numeric',
    ...(s.categories ? { categories: s.categories } : {}),
    family,
    scope: scopeOf(source, input, s),
    signal: signalIn(source, input, s, family),
    path: [...source.group.up, ...source.down],
    table: source.table,
    ...(s.column === undefined ? {} : { column: s.column }),
    primitive: s.primitive,
    ...(days === undefined ? {} : { windowDays: days }),
    ...rowsOf(source, s),
    sentence: s.sentence,
    ...(s.unit === undefined ? {} : { unit: s.unit }),
  };
  return { meta, formula: s.formula, worth: s.worth };
}

/** Which of the source's rows the column reads; absent when all. */
function rowsOf(source: EventSource, s: Shape): Pick<FeatureColumn, 'rows'> {
  const rows = {
    ...(s.value === undefined ? {} : { value: s.value }),
    ...(source.stream === 'closed' ? { closed: true } : {}),
    ...(source.excludeSelf ? { others: true } : {}),
    ...(source.group.column === undefined ? {} : { sameValue: source.group.column }),
  };
  return Object.keys(rows).length === 0 ? {} : { rows };
}

/** Members of an account engage together; rows that merely share a source or an industry are peers. */
function signalIn(source: EventSource, input: PlanInput, s: Shape, family: Family): Signal {
  if (source.memberStep === undefined) return signalOf(source.table, s.column, family, s.primitive);
  const group = input.schema.tables.find((t) => t.name === source.group.table);
  const shared =
    source.group.column !== undefined || group?.origin.kind === 'derived' || group?.role === 'lookup';
  if (shared) return source.down.at(-1)?.table === input.entityTable ? 'source' : 'peer wins';
  return 'multi-contact engagement';
}

/** Path in link columns, so that names are unique and stable: `touches`, `account_id>touches`. */
export function prefixOf(source: EventSource): string {
  const links = [...source.group.up, ...source.down].map((step) => step.link);
  const plain = source.group.up.length === 0 && source.group.column === undefined && source.down.length === 1;
  const value = source.group.column === undefined ? '' : `#${source.group.column}>`;
  const closed = source.stream === 'closed' ? '(closed)' : '';
  const others = source.excludeSelf ? '(others)' : '';
  return `${plain ? `${source.table}[${links[0]}]` : `${value}${links.join('>')}`}${closed}${others}`;
}

const hasParent = (input: PlanInput): boolean =>
  input.schema.links.some((l) => l.from === input.entityTable && l.to !== l.from);

/** Sums over the account count as account totals; those of an entity with parents as its own. */
function scopeOf(source: EventSource, input: PlanInput, s: Shape): Scope {
  const additive = s.primitive === 'count' || s.primitive === 'sum';
  if (source.group.column !== undefined) return 'relational';
  if (source.group.up.length === 0) {
    if (source.table === input.entityTable) return 'relational';
    if (!additive) return 'relational';
    return source.down.length === 1 && hasParent(input) ? 'own' : 'account';
  }
  return additive && source.group.up.length === 1 && !source.excludeSelf ? 'account' : 'relational';
}

function countShapes(source: EventSource, input: PlanInput): Shape[] {
  const noun = eventWords(source, input.entityTable);
  const all = source.windows.length;
  const every = source.dated ? range(all + 1) : [all];
  const shapes: Shape[] = every.map((w) => ({
    formula: { kind: 'count', w },
    primitive: 'count',
    name: 'count',
    w,
    unit: 'count',
    sentence: `${noun} ${windowWords(source.windows[w])}`,
    worth: w === all ? 0 : 1 + w * 0.05,
  }));
  if (source.dated && source.detail !== 'brief') {
    for (const w of picks(source, [30, 90])) {
      shapes.push({
        formula: { kind: 'days', w },
        primitive: 'days',
        name: 'days',
        w,
        unit: 'count',
        sentence: `days with ${noun} ${windowWords(source.windows[w])}`,
        worth: 2.5,
      });
    }
  }
  if (source.memberStep !== undefined && source.table !== input.entityTable) {
    for (const w of source.dated ? picks(source, [7, 14, 30]) : [all]) {
      shapes.push({
        formula: { kind: 'members', w },
        primitive: 'members',
        name: 'members',
        w,
        unit: 'count',
        family: 'peers',
        sentence: `distinct ${columnWords(input.entityTable)} with ${noun} ${windowWords(source.windows[w])}`,
        worth: 1.2,
      });
    }
  }
  if (source.detail !== 'brief') {
    source.refs.forEach((link, ref) => {
      for (const w of picks(source, source.detail === 'full' ? [90] : [])) {
        shapes.push({
          formula: { kind: 'refs', ref, w },
          primitive: 'distinct',
          name: `distinct.${link}`,
          column: link,
          w,
          unit: 'count',
          sentence: `distinct ${columnWords(link.split('.').at(-1) ?? link)} among ${noun} ${windowWords(source.windows[w])}`,
          worth: 3,
        });
      }
    });
  }
  return shapes;
}

function numericShapes(source: EventSource, input: PlanInput): Shape[] {
  const noun = eventWords(source, input.entityTable);
  const all = source.windows.length;
  const full = source.detail === 'full';
  return source.numeric.flatMap((measure, x): Shape[] => {
    const what = measureWords(measure);
    const cells = measure.times === undefined ? measure.column : `${measure.column}×${measure.times}`;
    const shape = (kind: 'sum' | 'mean' | 'std' | 'min' | 'max', w: number, worth: number): Shape => ({
      formula: { kind, x, w },
      primitive: kind,
      name: `${kind}.${cells}`,
      column: measure.column,
      w,
      sentence: `${STATISTIC[kind]} ${what} of ${noun} ${windowWords(source.windows[w])}`,
      worth: worth + x * 0.3,
    });
    const sums = (full ? picks(source, [30, 90]) : picks(source, [90])).map((w) => shape('sum', w, 2));
    if (source.detail === 'brief') return [shape('sum', all, 2.5)];
    const more: Shape[] = [shape('mean', all, 2.2), shape('max', all, 3)];
    if (full)
      more.push(
        shape('std', all, 3.6),
        shape('min', all, 3.8),
        ...picks(source, [90])
          .slice(0, 1)
          .map((w) => shape('mean', w, 3.2)),
      );
    if (full && source.dated) {
      more.push({
        formula: { kind: 'lastValue', x },
        primitive: 'last',
        name: `last.${cells}`,
        column: measure.column,
        sentence: `${what} of the last of the ${noun}`,
        worth: 3,
      });
    }
    return [...sums, ...more];
  });
}

const measureWords = (m: NumericMeasure): string =>
  m.times === undefined ? columnWords(m.column) : `${columnWords(m.column)} × ${columnWords(m.times)}`;

const STATISTIC = { sum: 'total', mean: 'mean', std: 'spread of', min: 'smallest', max: 'largest' } as const;

function categoryShapes(source: EventSource, input: PlanInput): Shape[] {
  const noun = eventWords(source, input.entityTable);
  const full = source.detail === 'full';
  return source.categories.flatMap((measure, c): Shape[] => {
    const what = columnWords(measure.column);
    const perValue = measure.values.flatMap((value, v): Shape[] => {
      const named = measure.boolean ? (value === 'true' ? what : `not ${what}`) : `${what} ${words(value)}`;
      const one = (kind: 'category' | 'share', w: number, worth: number): Shape => ({
        formula: { kind, c, v, w },
        primitive: kind,
        name: `${kind}.${measure.column}=${value}`,
        column: measure.column,
        ...(kind === 'category' ? { value } : {}),
        w,
        unit: kind === 'share' ? 'share' : 'count',
        sentence: `${kind === 'share' ? 'share of ' : ''}${noun} with ${named} ${windowWords(source.windows[w])}`,
        worth: worth + v * 0.15 + c * 0.3,
      });
      const windows = source.detail === 'brief' ? [source.windows.length] : picks(source, [30]);
      const counts = windows.map((w) => one('category', w, 2.4));
      if (!full) return counts;
      const since: Shape[] = source.dated
        ? [
            {
              formula: { kind: 'sinceCategory', c, v },
              primitive: 'sinceCategory',
              name: `since.${measure.column}=${value}`,
              column: measure.column,
              value,
              unit: 'days',
              family: 'recency',
              sentence: `days since the last of the ${noun} with ${named}`,
              worth: 2.9 + v * 0.15 + c * 0.3,
            },
          ]
        : [];
      return [...counts, one('share', source.windows.length, 3.1), ...since];
    });
    const last: Shape[] =
      full && source.dated && !measure.boolean
        ? [
            {
              formula: { kind: 'lastCategory', c },
              primitive: 'last',
              name: `last.${measure.column}`,
              column: measure.column,
              categories: [...measure.values, '(other)'],
              sentence: `${what} of the last of the ${noun}`,
              worth: 2.3 + c * 0.3,
            },
          ]
        : [];
    return [...perValue, ...last];
  });
}

const words = (value: string): string => columnWords(value);

function rhythmShapes(source: EventSource, input: PlanInput): Shape[] {
  if (!source.dated) return [];
  const noun = eventWords(source, input.entityTable);
  const one = singular(noun);
  const family: Family = 'recency';
  const since = (kind: 'sinceLast' | 'sinceFirst', sentence: string, worth: number): Shape => ({
    formula: { kind },
    primitive: kind,
    name: kind,
    unit: 'days',
    family,
    sentence,
    worth,
  });
  const shapes = [since('sinceLast', `days since the last of the ${noun}`, 0.5)];
  if (source.detail === 'brief') return shapes;
  shapes.push(since('sinceFirst', `days since the first of the ${noun}`, 2));
  const [short, long] = trendWindows(source);
  if (short !== undefined && long !== undefined) {
    shapes.push({
      formula: { kind: 'trend', short, long },
      primitive: 'trend',
      name: 'trend',
      family,
      unit: 'share',
      sentence: `share of the ${noun} ${windowWords(source.windows[long])} that fall in the last ${source.windows[short]} days`,
      worth: 2.1,
    });
  }
  if (source.detail !== 'full') return shapes;
  const rhythm = (kind: 'span' | 'meanGap' | 'gapRatio', sentence: string, worth: number): Shape => ({
    formula: { kind },
    primitive: kind,
    name: kind,
    family,
    sentence,
    worth,
    ...(kind === 'gapRatio' ? {} : { unit: 'days' as const }),
  });
  return [
    ...shapes,
    rhythm('span', `days between the first and the last of the ${noun}`, 3.3),
    rhythm('meanGap', `mean days between ${noun}`, 2.7),
    rhythm('gapRatio', `silence since the last ${one} against the usual gap`, 2.2),
  ];
}

function trendWindows(source: EventSource): readonly [number | undefined, number | undefined] {
  const n = source.windows.length;
  if (n === 0) return [undefined, undefined];
  const short = Math.min(nearestWindow(source.windows, 14), n - 1);
  const long = Math.min(Math.max(nearestWindow(source.windows, 60), short + 1), n);
  return [short, long];
}

/** Windows nearest the wanted lengths, and all time. */
function picks(source: EventSource, wanted: readonly number[]): readonly number[] {
  const all = source.windows.length;
  if (!source.dated) return [all];
  return [...new Set([...wanted.map((d) => nearestWindow(source.windows, d)), all])];
}

const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
