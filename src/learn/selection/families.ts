/**
 * Which groups of columns are worth their place: tried on forward folds inside training and validation rows, by a small
 * model. A group is columns of one family at one distance from the entity. Greedy, backwards from all columns: a group
 * goes when leaving it out does not raise the loss by more than a tolerance, which is the standard error (clustered by
 * account) times the group's share of all columns: the more columns a group has, the more its gain must stand out.
 */
import type { FeatureColumn } from '../features/types.ts';
import { forwardFolds, groupedFolds } from '../models/shared/folds.ts';
import { concatSamples, rarerClassRows } from '../models/shared/sample.ts';
import type { FitContext, Sample } from '../models/types.ts';
import { openTrial, type Trial, type TrialFold } from './trial.ts';

export interface GroupTrial {
  readonly group: string;
  readonly columns: number;
  readonly kept: boolean;
  /** Mean loss without the group less mean loss with it, among the groups left at the time: above 0, it helps. */
  readonly loss_change: number;
  readonly standard_error: number;
}

export interface FamilySelection {
  /** Indices of columns that go. */
  readonly dropped: readonly number[];
  /** Why nothing was tried, where nothing was. */
  readonly note?: string;
  readonly folds: number;
  /** Rows the losses rest on. */
  readonly rows: number;
  readonly trials: readonly GroupTrial[];
}

export interface SelectionInput extends FitContext {
  /** ms from which the label of each training, then each validation row was complete; NaN: not known. */
  readonly known: Float64Array;
}

/** Rows of the rarer outcome without which differences are noise. */
const ENOUGH = 200;
/** Fits of the small model a fold. */
const FITS = { quick: 0, normal: 24, best: 80 } as const;
const FOLDS = 3;

export async function selectFamilies(input: SelectionInput): Promise<FamilySelection> {
  const nothing = (note: string): FamilySelection => ({ dropped: [], note, folds: 0, rows: 0, trials: [] });
  if (FITS[input.budget] === 0) return nothing('families are not selected at budget quick');
  const all = concatSamples(input.train, input.val);
  const informative = input.task.type === 'binary' ? rarerClassRows(all.label) : all.label.length;
  if (informative < ENOUGH)
    return nothing(`families are not selected: ${informative} of ${ENOUGH} outcomes needed`);
  const groups = groupColumns(all.matrix.columns);
  const folds = maturedFolds(all, input);
  if (groups.size < 2 || folds.length < 2)
    return nothing('families are not selected: too few groups or cutoffs');
  const trial = await openTrial(all, folds, input);
  try {
    return {
      ...(await search(trial, groups, all.matrix.columns.length, input)),
      folds: folds.length,
      rows: trial.rows,
    };
  } finally {
    await trial.close();
  }
}

/**
 * Only what the relational models alone read is put to the test, and what is derived: a rung that stands for what users
 * have today keeps all it would have.
 */
const isTried = (c: FeatureColumn): boolean =>
  !c.primitive.startsWith('points.') &&
  (c.scope === 'relational' || c.scope === 'own' || ['text', 'rank', 'similar'].includes(c.family));

/** `family, n links away` → indices, in order of first column. */
export function groupColumns(columns: readonly FeatureColumn[]): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  columns.forEach((c, i) => {
    if (!isTried(c)) return;
    const links = c.path.length === 1 ? '1 link away' : `${c.path.length} links away`;
    const name = c.path.length === 0 ? c.family : `${c.family}, ${links}`;
    const group = groups.get(name);
    if (group) group.push(i);
    else groups.set(name, [i]);
  });
  return groups;
}

/** Forward folds, each learned from labels complete by its first test cutoff; by account where there are no cutoffs. */
function maturedFolds(all: Sample, { known, seed, task }: SelectionInput): readonly TrialFold[] {
  const folds = all.cutoff.some(Number.isNaN)
    ? byAccount(all, seed)
    : forwardFolds(all.cutoff, FOLDS).map(({ train, test }) => {
        const first = test.reduce((at, r) => Math.min(at, all.cutoff[r]!), Number.POSITIVE_INFINITY);
        return { train: train.filter((r) => !(known[r]! > first)), test };
      });
  const differs = (rows: Uint32Array): boolean => new Set(Array.from(rows, (r) => all.label[r]!)).size > 1;
  return folds.filter(
    ({ train, test }) => differs(test) && train.length > 0 && (task.type === 'regression' || differs(train)),
  );
}

function byAccount(all: Sample, seed: number): readonly TrialFold[] {
  const fold = groupedFolds(all.cluster, FOLDS, seed);
  const rows = Uint32Array.from(fold.keys());
  return Array.from({ length: FOLDS }, (_, f) => ({
    train: rows.filter((r) => fold[r] !== f),
    test: rows.filter((r) => fold[r] === f),
  }));
}

interface Change {
  readonly mean: number;
  readonly se: number;
}

async function search(
  trial: Trial,
  groups: ReadonlyMap<string, readonly number[]>,
  width: number,
  { budget, progress, signal }: SelectionInput,
): Promise<Pick<FamilySelection, 'dropped' | 'trials'>> {
  const gone = new Set<number>();
  const trials = new Map<string, GroupTrial>();
  let fits = 0;
  const lossesWithout = (left: Iterable<number>): Promise<Float64Array> => {
    signal?.throwIfAborted();
    progress?.({ stage: 'select families', done: fits++, total: FITS[budget], unit: 'fits' });
    const out = new Set([...gone, ...left]);
    return trial.losses(Array.from({ length: width }, (_, c) => c).filter((c) => !out.has(c)));
  };
  let base = await lossesWithout([]);
  const first: { readonly name: string; readonly change: Change }[] = [];
  for (const [name, columns] of groups) {
    if (fits >= FITS[budget]) break;
    const change = changeOf(trial, base, await lossesWithout(columns));
    first.push({ name, change });
    trials.set(name, asTrial(name, columns, change, true));
  }
  const worth = (c: Change, columns: readonly number[]): boolean => c.mean > (c.se * columns.length) / width;
  const candidates = first
    .filter(({ name, change }) => !worth(change, groups.get(name)!))
    .sort((a, b) => a.change.mean - b.change.mean || (a.name < b.name ? -1 : 1));
  for (const { name } of candidates) {
    if (fits >= FITS[budget]) break;
    const columns = groups.get(name)!;
    const losses = await lossesWithout(columns);
    const change = changeOf(trial, base, losses);
    const kept = worth(change, columns);
    trials.set(name, asTrial(name, columns, change, kept));
    if (kept) continue;
    for (const c of columns) gone.add(c);
    base = losses;
  }
  return { dropped: [...gone].sort((a, b) => a - b), trials: [...trials.values()] };
}

const asTrial = (group: string, columns: readonly number[], change: Change, kept: boolean): GroupTrial => ({
  group,
  columns: columns.length,
  kept,
  loss_change: change.mean,
  standard_error: change.se,
});

/** Weighted mean of the paired differences, and its standard error over accounts. */
function changeOf({ weight, cluster }: Trial, before: Float64Array, after: Float64Array): Change {
  const total = weight.reduce((sum, w) => sum + w, 0);
  const mean = weight.reduce((sum, w, i) => sum + w * (after[i]! - before[i]!), 0) / total;
  const sums = new Map<number, number>();
  weight.forEach((w, i) => {
    sums.set(cluster[i]!, (sums.get(cluster[i]!) ?? 0) + w * (after[i]! - before[i]! - mean));
  });
  const squares = [...sums.values()].reduce((sum, s) => sum + s * s, 0);
  const scale = sums.size > 1 ? sums.size / (sums.size - 1) : 1;
  return { mean, se: Math.sqrt(squares * scale) / total };
}
