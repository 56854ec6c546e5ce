/**
 * Nearest earlier examples whose outcome was known by the row's cutoff, other entities only: how many of them won, and
 * how much nearer the nearest win is than the nearest loss.
 *
 * The law: a row's neighbours are training rows with a label complete by the row's cutoff, placed by their values as of
 * their own cutoff. Static tasks have no cutoffs: their neighbours are evidence, never columns.
 */
import type { FeatureColumn, FeatureMatrix } from '../types.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { nearest, type Reference } from './nearest.ts';
import { everyNth } from './signal.ts';
import { learnSpace, pointsOf } from './space.ts';
import type { DeriveInput, ExampleRows, LearnInput, SimilarState } from './types.ts';

/** Quick keeps neighbours as evidence only: as columns they cost more than the rest of its features. */
const LIMITS = {
  quick: { references: 1000, axes: 12, columns: false },
  normal: { references: 2500, axes: 24, columns: true },
  best: { references: 5000, axes: 32, columns: true },
} as const;
/** Wins, and losses, without which likeness says nothing. */
const ENOUGH = 20;
const NEIGHBOURS = 15;

export interface SimilarExample {
  readonly entityId: string;
  /** ms; null for static tasks. */
  readonly cutoff: number | null;
  readonly known: number | null;
  readonly won: boolean;
  /** In the standardised space; comparable within one state. */
  readonly distance: number;
}

/** Undefined for labels other than yes/no, for labels of unknown date, and with too few wins or losses. */
export function learnSimilar(input: LearnInput): SimilarState | undefined {
  const { matrix, rows, labels, plan } = input;
  if (labels.type !== 'binary') return undefined;
  const dated = !plan.input.static;
  const limits = LIMITS[input.budget];
  const usable = dated ? input.train.filter((r) => !Number.isNaN(labels.known[r]!)) : input.train;
  const picked = [...everyNth(usable, limits.references)].sort(
    (a, b) => (dated ? labels.known[a]! - labels.known[b]! : 0) || a - b,
  );
  const won = picked.map((r) => labels.value[r]! > 0.5);
  const wins = won.filter(Boolean).length;
  if (wins < ENOUGH || won.length - wins < ENOUGH) return undefined;
  const space = learnSpace(input, limits.axes);
  if (space.length === 0) return undefined;
  return {
    space,
    references: {
      entityId: picked.map((r) => rows.entityId[r]!),
      cutoff: picked.map((r) => (dated ? rows.cutoff[r]! : null)),
      known: picked.map((r) => (dated ? labels.known[r]! : null)),
      won,
      points: toBase64(pointsOf(matrix, picked, space)),
    },
    columns: dated && limits.columns ? similarColumns(plan.input.entityTable) : [],
  };
}

export function applySimilar(
  { matrix, rows, control }: DeriveInput,
  state: SimilarState | undefined,
): FeatureMatrix {
  if (!state || state.columns.length === 0) return matrix;
  const references = referencesOf(state);
  const points = pointsOf(
    matrix,
    rows.cutoff.map((_, i) => i),
    state.space,
  );
  const share = new Float32Array(matrix.rows).fill(Number.NaN);
  const lead = new Float32Array(matrix.rows).fill(Number.NaN);
  const width = state.space.length;
  for (let r = 0; r < matrix.rows; r++) {
    if (r % 1000 === 0) control.signal?.throwIfAborted();
    const known = countKnown(references, rows.cutoff[r]!);
    if (known.wins < ENOUGH || known.losses < ENOUGH) continue;
    const at = points.subarray(r * width, (r + 1) * width);
    const near = nearest(references, at, {
      until: known.until,
      not: rows.entityId[r]!,
      wins: NEIGHBOURS,
      losses: NEIGHBOURS,
    });
    const all = [...near].sort((a, b) => a.distance - b.distance || a.index - b.index).slice(0, NEIGHBOURS);
    share[r] = all.filter((n) => references.won[n.index]).length / all.length;
    lead[r] = firstOf(near, references, false) - firstOf(near, references, true);
  }
  return {
    rows: matrix.rows,
    columns: [...matrix.columns, ...state.columns],
    data: [...matrix.data, share, lead],
  };
}

type Near = readonly { readonly index: number; readonly distance: number }[];

const firstOf = (near: Near, references: Reference, won: boolean): number =>
  near.find((n) => references.won[n.index] === won)?.distance ?? Number.NaN;

/**
 * For each of `which` rows of `matrix` the nearest wins, nearest first, then the nearest losses: of other entities, known
 * by the row's cutoff. `matrix` is what `applyDerived` returned, before screening: it has the columns of all axes.
 */
export function nearestExamples(
  state: SimilarState,
  matrix: FeatureMatrix,
  rows: ExampleRows,
  which: ArrayLike<number>,
  count: { readonly wins: number; readonly losses: number },
): readonly (readonly SimilarExample[])[] {
  const references = referencesOf(state);
  const points = pointsOf(matrix, which, state.space);
  const width = state.space.length;
  return Array.from(which, (row, i) => {
    const { until } = countKnown(references, rows.cutoff[row]!);
    const at = points.subarray(i * width, (i + 1) * width);
    const found = nearest(references, at, { until, not: rows.entityId[row]!, ...count });
    return found.map(({ index, distance }) => exampleOf(state, index, distance));
  });
}

const exampleOf = ({ references }: SimilarState, index: number, distance: number): SimilarExample => ({
  entityId: references.entityId[index]!,
  cutoff: references.cutoff[index]!,
  known: references.known[index]!,
  won: references.won[index]!,
  distance,
});

const referencesOf = ({ references, space }: SimilarState): Reference => ({
  points: fromBase64(references.points),
  width: space.length,
  entityId: references.entityId,
  known: references.known,
  won: references.won,
});

/** References known by `cutoff`: the first `until`. */
function countKnown(
  { known, won }: Reference,
  cutoff: number,
): { readonly until: number; readonly wins: number; readonly losses: number } {
  let [until, wins] = [0, 0];
  while (until < known.length && (known[until] === null || known[until]! <= cutoff))
    wins += won[until++] ? 1 : 0;
  return { until, wins, losses: until - wins };
}

const SENTENCES = {
  winShare: `share of the ${NEIGHBOURS} most similar earlier cases that were positive`,
  lead: 'how much nearer the most similar positive case is than the most similar negative one',
} as const;

const similarColumns = (table: string): readonly FeatureColumn[] =>
  (['winShare', 'lead'] as const).map((statistic) => ({
    name: `similar.${statistic}`,
    kind: 'numeric',
    family: 'similar',
    scope: 'relational',
    signal: 'peer wins',
    path: [],
    table,
    primitive: `similar.${statistic}`,
    sentence: SENTENCES[statistic],
    ...(statistic === 'winShare' ? { unit: 'share' as const } : {}),
  }));
