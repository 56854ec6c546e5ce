/** Columns of events below rows that stand beside the entity or its parent: how many, of which kind, of how many rows. */
import { singular } from '../../data/schema/lexicon.ts';
import { picks, type RankedColumn, type Shape, toColumn } from './event-shape.ts';
import type { EventSource, PlanInput } from './plan-types.ts';
import { sideSignal, sideWords } from './side-steps.ts';
import type { SideStep } from './types.ts';
import { rowWords, valueWords, windowWords } from './words.ts';

export function sideColumns(source: EventSource, side: SideStep, input: PlanInput): readonly RankedColumn[] {
  const shapes = source.down.length === 0 ? ownShapes(source, side) : eventShapes(source, side);
  return shapes.map((shape) =>
    toColumn(source, input, { ...shape, family: 'peers', signal: sideSignal(side) }),
  );
}

/** The neighbours themselves, by when they came. */
const ownShapes = (source: EventSource, side: SideStep): readonly Shape[] =>
  // Arrivals are of the last days by themselves.
  (side.kind === 'arrival' ? [source.windows.length] : picks(source, [90])).map((w) =>
    counted(
      source,
      w,
      side.kind === 'arrival' ? sideWords(side) : `${sideWords(side)} ${windowWords(source.windows[w])}`,
    ),
  );

function eventShapes(source: EventSource, side: SideStep): readonly Shape[] {
  const beside = sideWords(side);
  const noun = `${rowWords(source)} of ${beside}`;
  const [recent] = picks(source, [90]);
  return [
    ...picks(source, [90]).map((w) => counted(source, w, `${noun} ${windowWords(source.windows[w])}`)),
    {
      formula: { kind: 'members', w: recent! },
      primitive: 'members',
      name: 'members',
      w: recent!,
      unit: 'count',
      sentence: `${beside} with ${rowWords(source)} ${windowWords(source.windows[recent!])}`,
      worth: 1.1,
    },
    ...source.categories.flatMap((measure, c) =>
      measure.values.slice(0, measure.counted).flatMap((value, v) =>
        [recent!].map(
          (w): Shape => ({
            formula: { kind: 'category', c, v, w },
            primitive: 'category',
            name: `category.${measure.column}=${value}`,
            column: measure.column,
            value,
            w,
            unit: 'count',
            sentence: `${rowWords(source)} with ${valueWords(measure, value)} of ${beside} ${windowWords(source.windows[w])}`,
            worth: 1.2 + v * 0.1,
          }),
        ),
      ),
    ),
    ...(source.dated
      ? [
          {
            formula: { kind: 'sinceLast' } as const,
            primitive: 'sinceLast',
            name: 'since-last',
            unit: 'days' as const,
            sentence: `days since the last ${singular(rowWords(source))} of ${beside}`,
            worth: 2,
          },
        ]
      : []),
  ];
}

const counted = (source: EventSource, w: number, sentence: string): Shape => ({
  formula: { kind: 'count', w },
  primitive: 'count',
  name: 'count',
  w,
  unit: 'count',
  sentence,
  worth: w === source.windows.length ? 1 : 1.05,
});
