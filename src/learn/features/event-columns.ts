/**
 * The columns of an event source: counts, distinct days, sums, means, extremes, spread, shares of frequent categories,
 * distinct members and references over windows; recency, rhythm and trend. Each carries the sentence that explains it.
 */

import { singular } from '../../data/schema/lexicon.ts';
import { picks, type RankedColumn, range, type Shape, toColumn } from './event-shape.ts';
import { gatedShapes } from './gated-columns.ts';
import type { EventSource, PlanInput } from './plan-types.ts';
import { sequenceShapes } from './sequence-columns.ts';
import { sessionShapes } from './session-columns.ts';
import type { Family } from './types.ts';
import { nearestWindow } from './windows.ts';
import { columnWords, eventWords, measureWords, valueWords, windowWords } from './words.ts';

export function eventColumns(source: EventSource, input: PlanInput): readonly RankedColumn[] {
  const own = [
    ...countShapes(source, input),
    ...numericShapes(source, input),
    ...categoryShapes(source, input),
    ...rhythmShapes(source, input),
    ...gatedShapes(source, input),
  ];
  const shapes = [
    ...(source.parts ? [] : own),
    ...sequenceShapes(source, input),
    ...sessionShapes(source, input),
  ];
  return shapes.map((shape) => toColumn(source, input, shape));
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

const STATISTIC = { sum: 'total', mean: 'mean', std: 'spread of', min: 'smallest', max: 'largest' } as const;

function categoryShapes(source: EventSource, input: PlanInput): Shape[] {
  const noun = eventWords(source, input.entityTable);
  const full = source.detail === 'full';
  return source.categories.flatMap((measure, c): Shape[] => {
    const what = columnWords(measure.column);
    const perValue = measure.values.slice(0, measure.counted).flatMap((value, v): Shape[] => {
      const named = valueWords(measure, value);
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
