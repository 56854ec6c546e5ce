/** Numbers of the rows with one value of a category: the amount of invoices paid late, the time spent on pricing pages. */
import { picks, type Shape } from './event-shape.ts';
import type { EventSource, PlanInput } from './plan-types.ts';
import { eventWords, measureWords, valueWords, windowWords } from './words.ts';

const LIMITS = { numeric: 2, categories: 1, values: 3 };

export function gatedShapes(source: EventSource, input: PlanInput): readonly Shape[] {
  if (source.detail !== 'full') return [];
  const noun = eventWords(source, input.entityTable);
  const all = source.windows.length;
  return source.numeric.slice(0, LIMITS.numeric).flatMap((measure, x) =>
    source.categories.slice(0, LIMITS.categories).flatMap((category, c) =>
      category.values.slice(0, LIMITS.values).flatMap((value, v): Shape[] => {
        const cells = measure.times === undefined ? measure.column : `${measure.column}×${measure.times}`;
        const rows = `${noun} with ${valueWords(category, value)}`;
        // The rows behind it are those of the gate.
        const common = { column: category.column, value };
        const rank = x * 0.3 + v * 0.15;
        const gated = (kind: 'gatedSum' | 'gatedMean', w: number, worth: number): Shape => ({
          ...common,
          formula: { kind, x, c, v, w },
          primitive: kind,
          name: `${kind}.${cells}|${category.column}=${value}`,
          w,
          sentence: `${kind === 'gatedSum' ? 'total' : 'mean'} ${measureWords(measure)} of ${rows} ${windowWords(source.windows[w])}`,
          worth: worth + rank,
        });
        const last: Shape = {
          ...common,
          formula: { kind: 'gatedLast', x, c, v },
          primitive: 'gatedLast',
          name: `gatedLast.${cells}|${category.column}=${value}`,
          sentence: `${measureWords(measure)} of the last of the ${rows}`,
          worth: 3.4 + rank,
        };
        return [
          ...picks(source, [90]).map((w) => gated('gatedSum', w, w === all ? 2.8 : 2.6)),
          gated('gatedMean', all, 3),
          ...(source.dated ? [last] : []),
        ];
      }),
    ),
  );
}
