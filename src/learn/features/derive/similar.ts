/**
 * Nearest earlier examples whose outcome was known by the row's cutoff, other entities only: how many of them won, and
 * how much nearer the nearest win is than the nearest loss.
 *
 * The law: a row's neighbours are training rows with a label complete by the row's cutoff, placed by their values as of
 * their own cutoff. Static tasks have no cutoffs: every outcome would be known, the row's own among them.
 */
import type { FeatureColumn, FeatureMatrix } from '../types.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { nearest, type Reference } from './nearest.ts';
import { everyNth } from './signal.ts';
import { learnSpace, pointsOf } from './space.ts';
import type { DeriveInput, LearnInput, SimilarState } from './types.ts';

/** Quick goes without: neighbours cost more than the rest of its features. */
const LIMITS = {
  quick: undefined,
  normal: { references: 2500, axes: 24 },
  best: { references: 5000, axes: 32 },
} as const;
/** Wins, and losses, without which likeness says nothing. */
const ENOUGH = 20;
const NEIGHBOURS = 15;

/** Undefined for labels other than yes/no, for labels of unknown date, static tasks, and too few wins or losses. */
export function learnSimilar(input: LearnInput): SimilarState | undefined {
  const { matrix, rows, labels, plan } = input;
  const limits = LIMITS[input.budget];
  if (labels.type !== 'binary' || plan.input.static || !limits) return undefined;
  const usable = input.train.filter((r) => !Number.isNaN(labels.known[r]!));
  const picked = [...everyNth(usable, limits.references)].sort(
    (a, b) => labels.known[a]! - labels.known[b]! || a - b,
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
      known: picked.map((r) => labels.known[r]!),
      won,
      points: toBase64(pointsOf(matrix, picked, space)),
    },
    columns: similarColumns(plan.input.entityTable),
  };
}

export function applySimilar(
  { matrix, rows, control }: DeriveInput,
  state: SimilarState | undefined,
): FeatureMatrix {
  if (!state) return matrix;
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
  while (until < known.length && known[until]! <= cutoff) wins += won[until++] ? 1 : 0;
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
