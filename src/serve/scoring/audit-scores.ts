/** Scores in use, judged like any other order: how much oftener the best fifth is won than the worst. */

import { pairedDifference } from '../../learn/metrics/bootstrap.ts';
import { liftTable, topToBottom } from '../../learn/metrics/lift-table.ts';
import { aurocMetric } from '../../learn/metrics/ranking.ts';
import type { ScoreAudit, SliceRow } from './audit-types.ts';
import { rateRow } from './backtest-figures.ts';
import { estimated, estimateOf } from './backtest-pool.ts';
import type { HeldOut } from './evaluate.ts';

const FIFTHS = 5;
/** Under this ratio a score adds little; rules of thumb usually reach 1.5 to 2. */
const USEFUL = 3;

export interface ScoreInUse {
  readonly name: string;
  readonly note: string | null;
  readonly score: ArrayLike<number>;
}

/** `model`: the highest rung on the same rows. */
export function auditScore(
  of: ScoreInUse,
  model: { readonly name: string; readonly score: Float32Array } | undefined,
  test: HeldOut,
  seed: number,
): ScoreAudit {
  const input = { score: of.score, label: test.label, clusters: test.clusters };
  const slices = liftTable(input, FIFTHS, seed).map((s): SliceRow => ({ slice: s.slice, ...rateRow(s) }));
  const { ratio, low, high } = topToBottom(input, FIFTHS, seed);
  const steep = { ratio, ci: [low, high] as const };
  const monotone = slices.every((s, k) => {
    const below = slices[k + 1];
    return below === undefined || s.ci[1] >= below.rate || s.rate >= below.rate;
  });
  const own = aurocMetric(of.score, test.label);
  const difference =
    model && model.name !== of.name
      ? estimateOf(pairedDifference(aurocMetric(model.score, test.label), own, test.clusters, { seed }))
      : null;
  return {
    name: of.name,
    note: of.note,
    auroc: estimated(own, test.clusters, seed),
    slices,
    top_to_bottom: steep,
    monotone,
    model_minus_score: difference,
    sentence: sentence(of.name, slices, steep, monotone),
  };
}

function sentence(
  name: string,
  slices: readonly SliceRow[],
  { ratio, ci }: ScoreAudit['top_to_bottom'],
  monotone: boolean,
): string {
  const [top, bottom] = [slices[0], slices.at(-1)];
  if (!top || !bottom) return `${name}: no case to judge it on.`;
  const percent = (x: number): string => `${(x * 100).toFixed(1)} %`;
  const cases = `${percent(top.rate)} of ${Math.round(top.rows)} in the best fifth against ${percent(bottom.rate)} of ${Math.round(bottom.rows)} in the worst`;
  const range = `${ratio.toFixed(1)}:1, 95 % interval ${ci[0].toFixed(1)} to ${ci[1].toFixed(1)}`;
  const order = monotone ? '' : ' Its fifths are not in order.';
  if (ci[1] < 1) return `${name} ranks the wrong way round: ${cases} (${range}).${order}`;
  if (ratio < USEFUL)
    return `${name} adds little: ${cases} (${range}; a score worth using reaches ${USEFUL}:1).${order}`;
  const sure = ci[0] >= USEFUL ? '' : ` That it reaches ${USEFUL}:1 is within noise.`;
  return `${name} separates: ${cases} (${range}).${sure}${order}`;
}
