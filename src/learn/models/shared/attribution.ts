/** Attributions of an increasing function of what was attributed. */
import type { Attribution } from '../types.ts';

/** Scales each row's values so that `base` + their sum is the row's entry of `totals`: signs and shares stay. */
export function rescale({ values }: Attribution, base: number, totals: Float64Array): Attribution {
  const sums = new Float64Array(totals.length);
  for (const column of values) for (let i = 0; i < sums.length; i++) sums[i]! += column[i]!;
  const scale = totals.map((total, i) => (Math.abs(sums[i]!) > 1e-9 ? (total - base) / sums[i]! : 1));
  return { base, values: values.map((column) => column.map((v, i) => v * scale[i]!)) };
}
