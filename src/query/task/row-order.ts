/**
 * Cutoffs that are coarser than the rows: the task table dates a whole month alike, while the rows of the entity table
 * stand in the order in which they happened. When the user says so, rows of one cutoff are spread evenly, by whole days,
 * over the time until the next.
 */
import { LeadlightError } from '../../errors.ts';
import { DAY_MS, printMoment } from './calendar.ts';

/** Days that the last cutoff stands for when it is the only one. */
const ALONE_DAYS = 1;

/**
 * Cutoff of each task row, ms.
 * @throws LeadlightError TASK_TABLE_INVALID when there are no cutoffs, or the order of rows contradicts them.
 */
export function spreadByRowOrder(cutoff: Float64Array, entityRow: Int32Array, file: string): Float64Array {
  const order = Array.from(entityRow.keys())
    .filter((i) => entityRow[i]! >= 0)
    .sort((a, b) => entityRow[a]! - entityRow[b]!);
  checkOrder(order, cutoff, entityRow, file);
  const spread = cutoff.slice();
  const groups = groupsOf(order, cutoff);
  groups.forEach((group, g) => {
    const from = cutoff[group[0]!]!;
    const days = Math.max(ALONE_DAYS, Math.round(lengthOf(groups, g, cutoff) / DAY_MS));
    group.forEach((i, k) => {
      spread[i] = from + Math.floor((k / group.length) * days) * DAY_MS;
    });
  });
  return spread;
}

/** Task rows of each cutoff, in the order of their entities. */
function groupsOf(order: readonly number[], cutoff: Float64Array): readonly (readonly number[])[] {
  const groups: number[][] = [];
  for (const i of order) {
    const last = groups.at(-1);
    if (last && cutoff[last[0]!] === cutoff[i]) last.push(i);
    else groups.push([i]);
  }
  return groups;
}

/** Time until the next cutoff; the last is as long as the one before it. */
function lengthOf(groups: readonly (readonly number[])[], g: number, cutoff: Float64Array): number {
  const at = (k: number): number => cutoff[groups[k]?.[0] ?? -1] ?? Number.NaN;
  const length = g + 1 < groups.length ? at(g + 1) - at(g) : at(g) - at(g - 1);
  return Number.isNaN(length) ? 0 : length;
}

function checkOrder(
  order: readonly number[],
  cutoff: Float64Array,
  entityRow: Int32Array,
  file: string,
): void {
  const wrong = order.findIndex(
    (i, k) => !(cutoff[i]! >= (k === 0 ? Number.NEGATIVE_INFINITY : cutoff[order[k - 1]!]!)),
  );
  if (wrong < 0) return;
  const i = order[wrong]!;
  const problem = Number.isNaN(cutoff[i]!)
    ? 'it has no cutoffs to order rows within'
    : `row ${entityRow[i]} has cutoff ${printMoment(cutoff[i]!)}, earlier than the row before it`;
  throw new LeadlightError('TASK_TABLE_INVALID', {
    file,
    problem: `--row-order needs entity rows in the order in which they happened, but ${problem}`,
    remedy: 'Sort the entity table by time, or leave --row-order out.',
  });
}
