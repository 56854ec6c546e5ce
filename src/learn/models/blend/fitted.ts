/**
 * Members' margins averaged, then made true probabilities. Attributions are averaged alike. A calibrated log-odds is an
 * increasing function of the averaged one, not a linear one, so a row's attributions are the averaged ones times
 * (calibrated − calibrated base) ÷ (averaged − base): signs and shares stay, and the sum is exact.
 */
import type { RunControl } from '../../../util/progress.ts';
import type { FeatureMatrix } from '../../features/types.ts';
import { rescale } from '../shared/attribution.ts';
import { type BetaCalibration, calibrateMargin } from '../shared/calibration.ts';
import { type ClassCalibration, calibrateClasses } from '../shared/class-calibration.ts';
import { logit, sigmoid, softmaxRows } from '../shared/math.ts';
import { boundsAt, type VennAbers } from '../shared/venn-abers.ts';
import type { Attribution, Fitted, Interval } from '../types.ts';
import { average, marginOf } from './average.ts';

/** From averaged margins to predictions. */
export type BlendLink =
  | {
      readonly type: 'binary';
      readonly calibration: BetaCalibration;
      /** Of calibrated held-out log-odds. Absent without validation rows. */
      readonly bounds?: VennAbers;
      /** Added to calibrated log-odds: what brings the refitted members to the level of the held-out ones; the trend. */
      readonly refit: number;
      readonly trend: number;
    }
  | { readonly type: 'multiclass'; readonly calibration: ClassCalibration }
  | { readonly type: 'regression' };

export interface FittedMember {
  readonly name: string;
  readonly weight: number;
  readonly fitted: Fitted;
}

export function restoreBlend(link: BlendLink, members: readonly FittedMember[]): Fitted {
  const margin = async (matrix: FeatureMatrix, control?: RunControl): Promise<Float64Array> =>
    linkMargins(link, await averagedMargins(link.type, members, matrix, control));
  const fitted: Fitted = {
    predict: async (matrix, control) => toPrediction(link, await margin(matrix, control)),
    margin,
    save: () => ({
      link,
      members: members.map((m) => ({ name: m.name, weight: m.weight, state: m.fitted.save() })),
    }),
    ...(link.type === 'binary' && link.bounds
      ? { interval: async (matrix, control) => intervalOf(link, await margin(matrix, control)) }
      : {}),
  };
  if (members.some((member) => !member.fitted.attribute)) return fitted;
  return {
    ...fitted,
    attribute: async (matrix, control, output = 0) => {
      const sum = await averagedAttribution(members, matrix, control, output);
      switch (link.type) {
        case 'regression':
          return sum;
        case 'multiclass':
          return scaleClass(link.calibration, sum, output);
        case 'binary':
          return rescale(sum, linkMargin(link, sum.base), await margin(matrix, control));
      }
    },
  };
}

const linkMargin = (link: BlendLink & { readonly type: 'binary' }, margin: number): number =>
  link.trend + link.refit + calibrateMargin(link.calibration, margin);

function linkMargins(link: BlendLink, margins: Float64Array): Float64Array {
  switch (link.type) {
    case 'regression':
      return margins;
    case 'multiclass':
      return calibrateClasses(link.calibration, margins);
    case 'binary':
      return margins.map((m) => linkMargin(link, m));
  }
}

function toPrediction(link: BlendLink, margins: Float64Array): Float32Array {
  if (link.type === 'multiclass') return softmaxRows(margins, link.calibration.offsets.length);
  return Float32Array.from(margins, link.type === 'binary' ? sigmoid : (v) => v);
}

/** Bounds move with the trend as the probability does, and hold it: calibration is smooth where they are steps. */
function intervalOf(
  { bounds, trend }: BlendLink & { readonly type: 'binary' },
  margins: Float64Array,
): Interval {
  const low = new Float32Array(margins.length);
  const high = new Float32Array(margins.length);
  const moved = (p: number): number => (p <= 0 || p >= 1 ? p : sigmoid(logit(p) + trend));
  margins.forEach((margin, i) => {
    const [below, above] = boundsAt(bounds!, margin - trend);
    const p = sigmoid(margin);
    low[i] = Math.min(moved(below), p);
    high[i] = Math.max(moved(above), p);
  });
  return { cases: bounds!.cases, low, high };
}

export async function averagedMargins(
  type: BlendLink['type'],
  members: readonly FittedMember[],
  matrix: FeatureMatrix,
  control?: RunControl,
): Promise<Float64Array> {
  const margins: Float64Array[] = [];
  for (const { fitted } of members) margins.push(await marginOf(fitted, matrix, type, control));
  return average(
    margins,
    members.map(({ weight }) => weight),
  );
}

async function averagedAttribution(
  members: readonly FittedMember[],
  matrix: FeatureMatrix,
  control: RunControl | undefined,
  output: number,
): Promise<Attribution> {
  const values = matrix.columns.map(() => new Float64Array(matrix.rows));
  let base = 0;
  for (const { fitted, weight } of members) {
    const part = await fitted.attribute!(matrix, control, output);
    base += weight * part.base;
    values.forEach((into, c) => {
      const from = part.values[c]!;
      for (let i = 0; i < into.length; i++) into[i]! += weight * from[i]!;
    });
  }
  return { base, values };
}

const scaleClass = (
  { slope, offsets }: ClassCalibration,
  { base, values }: Attribution,
  output: number,
): Attribution => ({
  base: slope * base + offsets[output]!,
  values: values.map((column) => column.map((v) => slope * v)),
});
