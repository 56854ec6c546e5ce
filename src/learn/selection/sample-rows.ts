/** Rows that stand for many: all of the rarer outcome as far as they fit, every n-th of the others, weighted up again. */
import type { ModelTask } from '../models/types.ts';

export interface SampledRows {
  /** Ascending. */
  readonly rows: Uint32Array;
  /** How many rows each stands for. */
  readonly weight: Float32Array;
}

export function sampleRows(
  label: ArrayLike<number>,
  rows: ArrayLike<number>,
  task: ModelTask,
  most: number,
): SampledRows {
  const all = Array.from(rows);
  const positives = task.type === 'binary' ? all.filter((r) => label[r]! > 0.5) : [];
  const others = task.type === 'binary' ? all.filter((r) => !(label[r]! > 0.5)) : all;
  const [rare, common] = positives.length <= others.length ? [positives, others] : [others, positives];
  const few = thin(rare, Math.floor(most / 2));
  const many = thin(common, most - few.length);
  const weightOf = new Map([
    ...few.map((r) => [r, rare.length / few.length] as const),
    ...many.map((r) => [r, common.length / many.length] as const),
  ]);
  const picked = [...weightOf.keys()].sort((a, b) => a - b);
  return { rows: Uint32Array.from(picked), weight: Float32Array.from(picked, (r) => weightOf.get(r)!) };
}

function thin(rows: readonly number[], most: number): readonly number[] {
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!);
}
