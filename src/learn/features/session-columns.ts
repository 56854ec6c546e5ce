/** Sessions (rows with no longer pause between), pauses and bursts as columns. */
import { picks, type Shape } from './event-shape.ts';
import type { EventSource, PlanInput } from './plan-types.ts';
import { eventWords, measureWords, windowWords } from './words.ts';

const DAY_MICROS = 86_400_000_000;

export function sessionShapes(source: EventSource, input: PlanInput): readonly Shape[] {
  if (source.sessionGap === undefined || source.detail === 'brief') return [];
  const noun = source.parts ? 'events' : eventWords(source, input.entityTable);
  const full = source.detail === 'full';
  return [
    ...sessions(source, noun, source.sessionGap),
    ...(full ? pauses(source, noun) : []),
    ...(full && source.prompt ? changes(source, noun) : []),
  ];
}

/** Dates without a clock have no sessions: days on end take their place. */
function sessions(source: EventSource, noun: string, gap: number): readonly Shape[] {
  const all = source.windows.length;
  const full = source.detail === 'full';
  const what = gap < DAY_MICROS ? 'sessions' : 'runs of days';
  const one = what === 'sessions' ? 'session' : 'run of days';
  const common = { family: 'sequence' as const, signal: 'engagement' as const };
  const counts = picks(source, full ? [30, 90] : [30]).map(
    (w): Shape => ({
      ...common,
      formula: { kind: 'sessions', w },
      primitive: 'sessions',
      name: 'sessions',
      w,
      unit: 'count',
      sentence: `${what} of ${noun} begun ${windowWords(source.windows[w])}`,
      worth: w === all ? 2 : 2.4,
    }),
  );
  const mean: Shape = {
    ...common,
    formula: { kind: 'perSession', w: all },
    primitive: 'perSession',
    name: 'perSession',
    sentence: `${noun} per ${one}`,
    worth: 2.2,
  };
  if (!full) return [...counts, mean];
  // Distinct days are the dearest total: over all tables' rows one column of them would cost half of the journey.
  const daily = source.parts ? [] : perDay(noun, what, common);
  return [...counts, mean, ...lastSession(source, noun, one), ...daily];
}

const perDay = (noun: string, what: string, common: Pick<Shape, 'family' | 'signal'>): readonly Shape[] => [
  {
    ...common,
    formula: { kind: 'sessionsPerDay' },
    primitive: 'sessionsPerDay',
    name: 'sessionsPerDay',
    sentence: `${what} of ${noun} per day with any`,
    worth: 3.4,
  },
];

function lastSession(source: EventSource, noun: string, one: string): readonly Shape[] {
  const common = { family: 'sequence' as const, signal: 'engagement' as const };
  const length: Shape = {
    ...common,
    formula: { kind: 'lastSession' },
    primitive: 'lastSession',
    name: 'lastSession',
    unit: 'count',
    sentence: `${noun} in the last ${one}`,
    worth: 2.5,
  };
  const minutes: Shape = {
    ...common,
    formula: { kind: 'lastSessionMinutes' },
    primitive: 'lastSessionMinutes',
    name: 'lastSessionMinutes',
    sentence: `minutes the last ${one} of ${noun} took`,
    worth: 3,
  };
  return source.prompt ? [length, minutes] : [];
}

function pauses(source: EventSource, noun: string): readonly Shape[] {
  const recency = { family: 'recency' as const };
  const silence: readonly Shape[] = [
    {
      ...recency,
      signal: 'silence',
      formula: { kind: 'longestGap' },
      primitive: 'longestGap',
      name: 'longestGap',
      unit: 'days',
      sentence: `days of the longest silence between ${noun}`,
      worth: 3.1,
    },
    {
      ...recency,
      signal: 'silence',
      formula: { kind: 'recordRatio' },
      primitive: 'recordRatio',
      name: 'recordRatio',
      sentence: `silence since the last of the ${noun} against the longest before`,
      worth: 2.4,
    },
  ];
  const burst: Shape = {
    ...recency,
    signal: 'velocity',
    formula: { kind: 'burst' },
    primitive: 'burst',
    name: 'burst',
    sentence: `${noun} of the busiest 7 days against a mean week`,
    worth: 2.6,
  };
  return source.parts ? [] : [...silence, burst];
}

/** Which way a number went at the last row: the last step of its history. */
const changes = (source: EventSource, noun: string): readonly Shape[] =>
  source.numeric.slice(0, 2).map((measure, x): Shape => {
    const cells = measure.times === undefined ? measure.column : `${measure.column}×${measure.times}`;
    return {
      formula: { kind: 'lastChange', x },
      primitive: 'lastChange',
      name: `lastChange.${cells}`,
      family: 'recency',
      signal: 'velocity',
      column: measure.column,
      sentence: `change of ${measureWords(measure)} from the last but one to the last of the ${noun}`,
      worth: 3 + x * 0.3,
    };
  });
