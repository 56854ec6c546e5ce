/**
 * The ceiling: where true probabilities are known, as in a simulated company, how far each rung comes on the way from
 * chance to them. No score can rank better than the truth does, but for luck.
 */
import { LeadlightError } from '../../errors.ts';
import { clusteredInterval } from '../../learn/metrics/bootstrap.ts';
import type { WeightedMetric } from '../../learn/metrics/ranked.ts';
import { aurocMetric } from '../../learn/metrics/ranking.ts';
import type { CeilingDetail, CeilingOptions, CeilingReport, CeilingRung } from './ceiling-types.ts';
import { compare } from './compare.ts';
import type { WorkspaceContext } from './context.ts';
import { EMPTY, type HeldOut, judge } from './evaluate.ts';
import { compileTarget } from './resolve.ts';
import { readTruth, type Truth } from './truth-file.ts';
import type { CompareDetail, RungResult } from './types.ts';

const DAY = 86_400_000;
const LEVEL = 9;

/** @throws LeadlightError USAGE for other than yes/no questions; TASK_TABLE_INVALID; TASK_EMPTY when nothing is joined. */
export async function ceiling(context: WorkspaceContext, options: CeilingOptions): Promise<CeilingDetail> {
  const checked = compileTarget(context, options)?.checked;
  if (checked?.taskType !== 'binary')
    throw new LeadlightError('USAGE', {
      problem: `True probabilities are of a yes or no; this target is ${checked?.taskType ?? 'a task table'}`,
      remedy: 'Ask a yes-or-no question by --query or --target.',
    });
  const truth = await readTruth(options.truth, checked.entity.table, options.outcome);
  const { dates, left } = judgedDates(truth.dates);
  const step = dates.length > 1 ? (dates[1]! - dates[0]!) / DAY : undefined;
  const detail = await compare(context, {
    ...options,
    ...(step === undefined || options.stepDays !== undefined ? {} : { stepDays: step }),
    testAt: iso(dates[0]!),
    testTo: iso(dates.at(-1)!),
  });
  return { detail, ceiling: judged(detail, truth, left, options.seed ?? 1) };
}

const iso = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** All when they lie evenly, as test cutoffs do; else the newest. */
function judgedDates(dates: readonly number[]): {
  readonly dates: readonly number[];
  readonly left: readonly number[];
} {
  const step = dates.length > 1 ? dates[1]! - dates[0]! : 0;
  const even = dates.every((d, i) => i === 0 || d - dates[i - 1]! === step);
  return even ? { dates, left: [] } : { dates: dates.slice(-1), left: dates.slice(0, -1) };
}

function judged(detail: CompareDetail, truth: Truth, left: readonly number[], seed: number): CeilingReport {
  const place = Array.from(detail.entityIds, (id, i) => truth.of(id, detail.cutoffs[i]!));
  const rows = Int32Array.from([...place.keys()].filter((i) => place[i] !== undefined));
  if (rows.length === 0)
    throw new LeadlightError('TASK_EMPTY', {
      problem: `None of the ${detail.entityIds.length} test cases has a true probability in the file`,
      remedy: 'Check that it is of the same export, and that --outcome is the one asked about.',
    });
  const pick = (values: ArrayLike<number>): Float32Array => Float32Array.from(rows, (i) => values[i]!);
  const label = pick(detail.outcomes);
  const probability = Float32Array.from(rows, (i) => place[i]!.probability);
  const test: HeldOut = {
    rows,
    label,
    clusters: {
      account: Int32Array.from(rows, (i) => detail.accounts[i]!),
      cutoff: Float64Array.from(rows, (i) => detail.cutoffs[i]!),
    },
  };
  const best = aurocMetric(probability, label);
  return {
    outcome: truth.outcome,
    dates: [...new Set(test.clusters.cutoff ? Array.from(test.clusters.cutoff) : [])].sort().map(iso),
    rows: rows.length,
    positives: label.reduce((n, y) => n + (y > 0.5 ? 1 : 0), 0),
    expected: probability.reduce((sum, p) => sum + p, 0),
    standard_error: mean(Array.from(rows, (i) => place[i]!.standardError)),
    without_truth: detail.entityIds.length - rows.length,
    truth: figures('true probabilities', LEVEL, probability, test, seed),
    rungs: detail.report.rungs.flatMap((r) => {
      const prediction = detail.predictions[r.name];
      return prediction ? [rungOf(r, pick(prediction), best, test, seed)] : [];
    }),
    notes: [
      ...(left.length === 0
        ? []
        : [
            `The dates of the file do not lie evenly: judged at the newest, without ${left.map(iso).join(', ')}.`,
          ]),
      ...disagreement(probability, label),
    ],
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);

/** Outcomes far from what the probabilities add up to: likely another question than the file's. */
function disagreement(probability: Float32Array, label: Float32Array): readonly string[] {
  const expected = probability.reduce((sum, p) => sum + p, 0);
  const variance = probability.reduce((sum, p) => sum + p * (1 - p), 0);
  const came = label.reduce((sum, y) => sum + y, 0);
  if (Math.abs(came - expected) <= 5 * Math.sqrt(variance) + 0.25 * expected) return [];
  return [
    `The probabilities add up to ${expected.toFixed(1)}, and ${came} came: the file may be of another outcome than the question.`,
  ];
}

function rungOf(
  { name, level, note }: RungResult,
  prediction: Float32Array,
  best: WeightedMetric,
  test: HeldOut,
  seed: number,
): CeilingRung {
  const own = aurocMetric(prediction, test.label);
  const share: WeightedMetric = (weight) => {
    const room = best(weight) - 0.5;
    return room > 0 ? (own(weight) - 0.5) / room : Number.NaN;
  };
  const { estimate, low, high } = clusteredInterval(share, test.clusters, { seed });
  return {
    ...figures(name, level, prediction, test, seed),
    ...(note === undefined ? {} : { note }),
    share: Number.isFinite(estimate) ? estimate : null,
    share_ci: Number.isFinite(low) ? [low, high] : null,
  };
}

function figures(
  name: string,
  level: number,
  prediction: Float32Array,
  test: HeldOut,
  seed: number,
): RungResult {
  const rung = { name, level, seconds: 0 };
  return test.rows.length === 0
    ? { ...rung, ...EMPTY }
    : judge(rung, { type: 'binary' }, prediction, test, seed);
}
