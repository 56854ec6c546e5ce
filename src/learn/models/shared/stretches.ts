/**
 * Cutoffs cut into at most `count` stretches of about equal rows: the number of each row's, oldest 0, without gaps. Equal
 * cutoffs share one; undated rows are all in stretch 0.
 */
export function stretches(cutoff: Float64Array, count: number): Uint8Array {
  const rows = cutoff.length;
  if (rows === 0 || cutoff.some(Number.isNaN)) return new Uint8Array(rows);
  const sorted = Float64Array.from(cutoff).sort();
  const numbers = new Map<number, number>();
  let current = 0;
  let wanted = 0;
  for (let i = 0; i < rows; i++) {
    if (numbers.has(sorted[i]!)) continue;
    const share = Math.min(count - 1, Math.floor((i * count) / rows));
    if (i > 0 && share > wanted) {
      current++;
      wanted = share;
    }
    numbers.set(sorted[i]!, current);
  }
  return Uint8Array.from(cutoff, (c) => numbers.get(c)!);
}
