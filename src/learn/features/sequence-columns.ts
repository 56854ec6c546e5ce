/**
 * Order as columns: which type came first and how long until the next, runs of types right after each other, types in
 * order with others between, how far along the usual order an entity is. What to look at was learned (sequence-learn.ts).
 */
import { picks, type Shape } from './event-shape.ts';
import type { EventSource, JourneyPart, PlanInput, SequenceMeasure } from './plan-types.ts';
import { columnWords, eventWords, valueWords, windowWords } from './words.ts';

/** How many of each kind a source of this detail gets. */
const LIMITS = {
  full: { pairs: 4, steps: 8, chains: 2, places: 3 },
  medium: { pairs: 2, steps: 3, chains: 0, places: 0 },
  brief: { pairs: 0, steps: 0, chains: 0, places: 0 },
} as const;

interface Context {
  readonly source: EventSource;
  readonly sequence: SequenceMeasure;
  /** `visits` */
  readonly noun: string;
}

export function sequenceShapes(source: EventSource, input: PlanInput): readonly Shape[] {
  const { sequence } = source;
  if (!sequence || !source.dated || source.detail === 'brief') return [];
  const context = { source, sequence, noun: source.parts ? 'events' : eventWords(source, input.entityTable) };
  return [
    ...stageShapes(context),
    ...pairShapes(context),
    ...stepShapes(context),
    ...chainShapes(context),
    ...placeShapes(context),
    ...previousShapes(context),
  ];
}

const partOf = ({ source }: Context, v: number): JourneyPart | undefined =>
  source.parts?.find((p) => p.letters.some((l) => l.code === v));

/** `page pricing`; in a journey `visits with page pricing`. */
function letterWords(context: Context, v: number): string {
  const { source, sequence } = context;
  const part = partOf(context, v);
  if (!part) return valueWords(source.categories[sequence.c]!, source.categories[sequence.c]!.values[v]!);
  const value = part.letters.find((l) => l.code === v)?.value;
  const table = columnWords(part.table);
  return part.column === undefined || value === undefined
    ? table
    : `${table} with ${columnWords(part.column)} ${columnWords(value)}`;
}

/** Unique and stable, for the column's name. */
const letterNames = ({ source, sequence }: Context, letters: readonly number[]): string =>
  letters.map((v) => JSON.stringify(source.categories[sequence.c]!.values[v])).join('>');

/** What every column about these letters has in common; it speaks of the rows of the last. */
function about(
  context: Context,
  letters: readonly number[],
): Pick<Shape, 'family' | 'signal' | 'part' | 'column'> {
  const part = partOf(context, letters.at(-1)!);
  const column = context.source.parts ? part?.column : context.source.categories[context.sequence.c]!.column;
  return {
    family: 'sequence',
    signal: 'buying-stage sequence',
    ...(part === undefined ? {} : { part }),
    ...(column === undefined ? {} : { column }),
  };
}

function stageShapes(context: Context): readonly Shape[] {
  const { sequence, noun } = context;
  if (sequence.stages.length === 0) return [];
  const common = about(context, sequence.stages);
  const order = sequence.stages.map((v) => letterWords(context, v)).join(', ');
  const name = letterNames(context, sequence.stages);
  return [
    {
      ...common,
      formula: { kind: 'stage' },
      primitive: 'stage',
      name: `stage.${name}`,
      sentence: `steps reached by ${noun} of the usual order ${order}`,
      worth: 1.5,
    },
    {
      ...common,
      formula: { kind: 'stageDays' },
      primitive: 'stageDays',
      name: `stageDays.${name}`,
      unit: 'days',
      sentence: `days since ${noun} first got as far as they are in the order ${order}`,
      worth: 1.7,
    },
    {
      ...common,
      signal: 'velocity',
      formula: { kind: 'stageSpan' },
      primitive: 'stageSpan',
      name: `stageSpan.${name}`,
      unit: 'days',
      sentence: `days ${noun} took from the first step to the furthest in the order ${order}`,
      worth: 1.9,
    },
  ];
}

function pairShapes(context: Context): readonly Shape[] {
  const { source, sequence, noun } = context;
  return sequence.pairs.slice(0, LIMITS[source.detail].pairs).flatMap(([from, to], i): Shape[] => {
    const [a, b] = [letterWords(context, from), letterWords(context, to)];
    const name = letterNames(context, [from, to]);
    return [
      {
        ...about(context, [from, to]),
        formula: { kind: 'before', from, to },
        primitive: 'before',
        name: `before.${name}`,
        sentence: `${a} came before ${b} among ${noun}`,
        worth: 2.3 + i * 0.3,
      },
      {
        ...about(context, [from, to]),
        signal: 'velocity',
        formula: { kind: 'between', from, to },
        primitive: 'between',
        name: `between.${name}`,
        unit: 'days',
        sentence: `days from the first ${a} to the first ${b} among ${noun}`,
        worth: 2.1 + i * 0.3,
      },
    ];
  });
}

function stepShapes(context: Context): readonly Shape[] {
  const { source, sequence, noun } = context;
  const all = source.windows.length;
  return sequence.steps.slice(0, LIMITS[source.detail].steps).flatMap((letters, step): Shape[] => {
    const said = letters.map((v) => letterWords(context, v));
    const run = `from ${said.join(' straight to ')}`;
    const name = letterNames(context, letters);
    const one = (kind: 'step' | 'stepShare', w: number, worth: number): Shape => ({
      ...about(context, letters),
      formula: { kind, step, w },
      primitive: kind,
      name: `${kind}.${name}`,
      w,
      unit: kind === 'step' ? 'count' : 'share',
      sentence: `${kind === 'step' ? 'times' : 'share of steps'} ${run} among ${noun} ${windowWords(source.windows[w])}`,
      worth: worth + step * 0.2,
    });
    const windows = source.detail === 'full' ? picks(source, [90]) : [all];
    const counts = windows.map((w) => one('step', w, w === all ? 2 : 2.6));
    return source.detail === 'full' && step < 3 ? [...counts, one('stepShare', all, 2.8)] : counts;
  });
}

function chainShapes(context: Context): readonly Shape[] {
  const { source, sequence, noun } = context;
  return sequence.chains.slice(0, LIMITS[source.detail].chains).flatMap((letters, chain) => {
    const [a, b, c] = letters.map((v) => letterWords(context, v));
    return picks(source, [30, 90]).map(
      (w): Shape => ({
        ...about(context, letters),
        formula: { kind: 'chain', chain, w },
        primitive: 'chain',
        name: `chain.${letterNames(context, letters)}`,
        w,
        sentence: `${a}, later ${b}, later ${c} among ${noun} ${windowWords(source.windows[w])}`,
        worth: 2.7 + chain * 0.4,
      }),
    );
  });
}

function placeShapes(context: Context): readonly Shape[] {
  const { source, sequence, noun } = context;
  const { values } = source.categories[sequence.c]!;
  return values.slice(0, LIMITS[source.detail].places).map((_, v): Shape => {
    return {
      ...about(context, [v]),
      formula: { kind: 'place', v },
      primitive: 'place',
      name: `place.${letterNames(context, [v])}`,
      sentence: `place of ${letterWords(context, v)} in the order in which kinds of ${noun} first came`,
      worth: 3.2 + v * 0.2,
    };
  });
}

/** What was before the last: the value that a history left, the type of the last event but one. */
function previousShapes(context: Context): readonly Shape[] {
  const { source, sequence, noun } = context;
  if (source.detail !== 'full' || !source.prompt || source.parts) return [];
  const measure = source.categories[sequence.c]!;
  return [
    {
      ...about(context, [0]),
      formula: { kind: 'previousCategory', c: sequence.c },
      primitive: 'previous',
      name: `previous.${measure.column}`,
      categories: [...measure.values, '(other)'],
      sentence: `${columnWords(measure.column)} of the last but one of the ${noun}`,
      worth: 2.9,
    },
  ];
}
