/**
 * Where a backtest stands: test blocks going back in time. A block holds the cutoffs of up to a month (or one label
 * window, if shorter); its first cutoff is the origin, by which every label that trains has matured.
 */
import { addUnits, DAY_MS, unitDays } from '../../query/task/calendar.ts';
import { inFold } from '../../query/task/finish.ts';
import { allLabels } from '../../query/task/resplit.ts';
import type { SplitName, Task } from '../../query/task/types.ts';

/** First and last test cutoff, ms. */
export interface Block {
  readonly first: number;
  readonly last: number;
}

export interface Blocks {
  /** Newest first. */
  readonly blocks: readonly Block[];
  /** Distance of the cutoffs, so that every origin replays the same ones; absent for calendar months. */
  readonly stepDays?: number;
}

const BLOCK_DAYS = 30;

/** `task`: the query's task as compared; its newest test cutoff is the newest of the backtest. */
export function queryBlocks(task: Task, stepDays: number | undefined, wanted: number): Blocks {
  const { cutoff, split } = task.snapshots;
  const of = (name: SplitName): readonly number[] =>
    [...new Set(Array.from(cutoff).filter((_, i) => split[i] === name))].sort((a, b) => a - b);
  const newest = of('test').at(-1)!;
  const replayed = of('train');
  const horizon = task.horizon!;
  const gaps = replayed.slice(1).map((at, k) => (at - replayed[k]!) / DAY_MS);
  const days = stepDays ?? (gaps.length > 0 ? Math.min(...gaps) : unitDays(horizon.end, horizon.unit));
  const calendar =
    stepDays === undefined && horizon.unit === 'months' && gaps.some((g) => Math.abs(g - days) > 1e-6);
  const at = (k: number): number =>
    calendar ? addUnits(newest, -k * horizon.end, 'months') : newest - k * days * DAY_MS;
  const oldest = replayed[0] ?? newest;
  const roomy = addUnits(oldest, 2 * horizon.end, horizon.unit);
  const length = Math.min(BLOCK_DAYS, unitDays(horizon.end, horizon.unit));
  const size = Math.max(1, Math.floor(length / (calendar ? length : days) + 1e-9));
  const blocks: Block[] = [];
  for (let b = 0; b < wanted; b++) {
    const block = { first: at((b + 1) * size - 1), last: at(b * size) };
    if (block.first < roomy && b > 0) break;
    blocks.push(block);
  }
  return { blocks, ...(calendar ? {} : { stepDays: days }) };
}

/** Labelled rows before a block from which a model can be learned at all. */
const LEAST_KNOWN = 40;

/** Blocks of a task table: calendar months of its cutoffs, as far back as enough labels had matured. */
export function tableBlocks(task: Task, wanted: number): Blocks {
  const label = allLabels(task);
  const { cutoff } = task.snapshots;
  const months = new Map<string, { first: number; last: number }>();
  cutoff.forEach((at, i) => {
    if (Number.isNaN(at) || Number.isNaN(label[i]!)) return;
    const month = new Date(at).toISOString().slice(0, 7);
    const found = months.get(month);
    months.set(month, { first: Math.min(found?.first ?? at, at), last: Math.max(found?.last ?? at, at) });
  });
  const blocks = [...months.values()].sort((a, b) => b.first - a.first);
  const usable = blocks.filter((b) => knownRows(task, label, b.first).length >= LEAST_KNOWN);
  return { blocks: usable.slice(0, wanted) };
}

/** Rows whose label was complete by `origin`; without a horizon, all with an earlier cutoff. */
function knownRows(task: Task, label: Float64Array, origin: number): readonly number[] {
  const { horizon } = task;
  const complete = (at: number): number => (horizon ? addUnits(at, horizon.end, horizon.unit) : at + 1);
  return [...task.snapshots.cutoff.keys()].filter(
    (i) => !Number.isNaN(label[i]!) && complete(task.snapshots.cutoff[i]!) <= origin,
  );
}

export interface BlockRows {
  readonly rows: readonly number[];
  readonly split: readonly SplitName[];
  readonly validation: Task['validation'];
}

/**
 * Rows of a task table for one block: the newest quarter of the matured rows validates, later in time than training;
 * where they share one moment or one class, whole accounts do.
 */
export function rowsOfBlock(task: Task, block: Block, seed: number): BlockRows {
  const label = allLabels(task);
  const { cutoff, cluster } = task.snapshots;
  const known = [...knownRows(task, label, block.first)].sort((a, b) => cutoff[a]! - cutoff[b]! || a - b);
  const test = [...cutoff.keys()].filter(
    (i) => !Number.isNaN(label[i]!) && cutoff[i]! >= block.first && cutoff[i]! <= block.last,
  );
  const from = cutoff[known[Math.floor(known.length * 0.75)]!]!;
  const later = known.filter((i) => cutoff[i]! >= from);
  const byTime =
    later.length < known.length && new Set(later.map((i) => label[i])).size > 1 ? from : undefined;
  const early = (i: number): SplitName =>
    (byTime === undefined ? inFold(cluster[i]!, seed) : cutoff[i]! >= byTime) ? 'val' : 'train';
  return {
    rows: [...known, ...test],
    split: [...known.map(early), ...test.map((): SplitName => 'test')],
    validation: byTime === undefined ? 'grouped-folds' : 'time',
  };
}
