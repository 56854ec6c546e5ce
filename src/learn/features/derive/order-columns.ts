/** Which neighbours in order and frequencies are tried, and what their columns are called. */
import { singular } from '../../../data/schema/lexicon.ts';
import { signalOf, words } from '../lexicon-signals.ts';
import { tableOf } from '../paths.ts';
import type { PlanInput } from '../plan-types.ts';
import type { FeatureColumn } from '../types.ts';
import { columnWords } from '../words.ts';
import type { OrderView } from './order-values.ts';
import type { OrderFormula } from './types.ts';

/** Values up to which a column is part of a row's profile; beyond, how often one occurs says more than which it is. */
const FEW = 50;

/** `rows`: the training rows that are looked at. */
export function candidatesOf(
  view: OrderView,
  rows: ArrayLike<number>,
  names: readonly string[],
  ordered: boolean,
): readonly OrderFormula[] {
  const distinct = new Map(names.map((name) => [name, distinctOf(view, rows, name)]));
  const varied = names.filter((name) => distinct.get(name)! > 1);
  const profile = varied.filter((name) => distinct.get(name)! <= FEW);
  const many = varied.filter((name) => distinct.get(name)! > FEW);
  const sides = view.both ? (['previous', 'next'] as const) : (['previous'] as const);
  const beside = sides.flatMap((side): readonly OrderFormula[] => [
    ...varied.map((column) => ({ kind: 'same', side, column }) as const),
    ...(varied.length > 1 ? [{ kind: 'agree', side, columns: varied } as const] : []),
    { kind: 'gap', side },
  ]);
  const runs: readonly OrderFormula[] = profile.length > 0 ? [{ kind: 'run', columns: profile }] : [];
  const together = [profile, varied].filter((columns) => columns.length > 1);
  const sets = [...many.map((name) => [name]), ...unlike(together)];
  return [
    ...(ordered ? [...beside, ...runs] : []),
    ...sets.map((columns) => ({ kind: 'frequency', columns }) as const),
  ];
}

const unlike = (sets: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  sets.filter((set, i) => sets.findIndex((other) => other.length === set.length) === i);

function distinctOf({ ordered, asked }: OrderView, rows: ArrayLike<number>, name: string): number {
  const codes = ordered.codes.get(name)!;
  const seen = new Set<number>();
  for (let i = 0; i < rows.length; i++) {
    const at = asked.at[rows[i]!]!;
    if (at >= 0 && !Number.isNaN(codes[at]!)) seen.add(codes[at]!);
  }
  return seen.size;
}

export function columnOf(f: OrderFormula, input: PlanInput, serial: string | undefined): FeatureColumn {
  const t = tableOf(input.schema, input.entityTable);
  const one =
    f.kind === 'same'
      ? f.column
      : f.kind === 'frequency' && f.columns.length === 1
        ? f.columns[0]
        : undefined;
  const family = f.kind === 'frequency' ? 'peers' : 'sequence';
  return {
    name: `${t.name}.${suffixOf(f)}`,
    kind: 'numeric',
    family,
    scope: 'flat',
    signal: one === undefined ? 'other' : signalOf(t.name, one, family, f.kind),
    path: [],
    table: t.name,
    ...(one === undefined ? {} : { column: one }),
    // A frequency counts rows of the entity's table like any other count.
    primitive: f.kind === 'frequency' ? 'count' : f.kind,
    ...(f.kind === 'frequency' && one !== undefined ? { rows: { others: true, sameValue: one } } : {}),
    sentence: sentenceOf(f, words(t.name), serial),
    ...unitOf(f, serial),
  };
}

function suffixOf(f: OrderFormula): string {
  switch (f.kind) {
    case 'same':
      return `${f.column}.same-as-${f.side}`;
    case 'agree':
    case 'gap':
      return `row.${f.kind}-${f.side}`;
    case 'run':
      return 'row.run';
    case 'frequency':
      return f.columns.length === 1 ? `${f.columns[0]}.frequency` : `row.frequency-${f.columns.length}`;
  }
}

function unitOf(f: OrderFormula, serial: string | undefined): Pick<FeatureColumn, 'unit'> {
  if (f.kind === 'same') return { unit: 'share' };
  if (f.kind === 'gap') return serial === undefined ? { unit: 'days' } : {};
  return f.kind === 'agree' ? {} : { unit: 'count' };
}

function sentenceOf(f: OrderFormula, noun: string, serial: string | undefined): string {
  switch (f.kind) {
    case 'same':
      return `share of the ${noun} entered ${beside(f.side)} that have the same ${columnWords(f.column)}`;
    case 'agree':
      return `columns that agree with the ${noun} entered ${beside(f.side)}`;
    case 'gap':
      return serial === undefined
        ? `days since the ${singular(noun)} entered before it`
        : `distance in ${columnWords(serial)} to the ${singular(noun)} entered ${f.side === 'previous' ? 'before' : 'after'} it`;
    case 'run':
      return `${noun} of the same profile entered in a row`;
    case 'frequency':
      return f.columns.length === 1
        ? `other ${noun} with the same ${columnWords(f.columns[0]!)}`
        : `other ${noun} with the same values in ${f.columns.length} columns`;
  }
}

const beside = (side: 'previous' | 'next'): string =>
  side === 'previous' ? 'with it or just before it' : 'with it or just after it';
