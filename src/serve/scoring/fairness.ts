/**
 * Fields that must not decide: withheld from every model, then checked. Can the columns that are left tell them all the
 * same, which columns do, and does the score treat their values alike?
 */
import { columnAuroc } from '../../data/quality/separation.ts';
import { selectRows } from '../../learn/features/screen.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import { observedOverExpected } from '../../learn/metrics/drift.ts';
import { sliceShares } from '../../learn/metrics/lift-table.ts';
import { aurocMetric } from '../../learn/metrics/ranking.ts';
import { clusteredRate } from '../../learn/metrics/rate.ts';
import type { Sample } from '../../learn/models/types.ts';
import { inFold } from '../../query/task/finish.ts';
import type { Task } from '../../query/task/types.ts';
import type { FairnessValue, FairnessView } from './audit-types.ts';
import { rateRow } from './backtest-figures.ts';
import { estimated, NO_ESTIMATE } from './backtest-pool.ts';
import type { WorkspaceContext } from './context.ts';
import type { HeldOut } from './evaluate.ts';
import type { Prepared } from './prepare.ts';
import { fitRungs, type RungOptions } from './rungs.ts';
import { commonValues, MISSING, partOf, samplePart } from './segments.ts';

const PROXIES = 5;
/** Rows by which single columns are tried. */
const SAMPLE = 5000;
/** From here on the columns that are left give the field away. */
const GIVEN_AWAY = 0.7;
const PROBE = 'trees';

export interface FairnessInput {
  readonly column: string;
  readonly cells: ReadonlyMap<number, string>;
  readonly score: Float32Array;
  readonly prepared: Prepared;
  readonly test: HeldOut;
}

export async function fairnessView(
  context: WorkspaceContext,
  { column, cells, score, prepared, test }: FairnessInput,
  options: RungOptions,
): Promise<FairnessView> {
  const { task } = prepared;
  const groupOf = grouping(cells, task, test);
  const here = Array.from(test.rows, (sid) => groupOf(task.snapshots.entityRow[sid]!));
  const names = commonValues(here);
  const values = names.map((name) => valueView(name, here, score, test, options.seed));
  const told = names[0] ?? MISSING;
  const isTold = (sid: number): number => (groupOf(task.snapshots.entityRow[sid]!) === told ? 1 : 0);
  const probe = await predictability(context, prepared, test, isTold, options);
  const proxies = probe.value === null ? [] : proxiesOf(prepared, isTold);
  return {
    column,
    predictability: probe,
    told,
    values,
    proxies,
    sentence: sentence(column, told, probe, values, unseenRows(prepared, test, options.seed).length),
  };
}

/** Text as it stands; numbers of many values by whether they lie above the median. */
function grouping(
  cells: ReadonlyMap<number, string>,
  { snapshots }: Task,
  test: HeldOut,
): (entityRow: number) => string {
  const seen = Array.from(test.rows, (sid) => cells.get(snapshots.entityRow[sid]!)).filter(
    (v) => v !== undefined,
  );
  const numbers = seen.map(Number);
  const many = new Set(seen).size > 12 && numbers.every((x) => !Number.isNaN(x));
  if (!many) return (row) => cells.get(row) ?? MISSING;
  const middle = numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
  return (row) => {
    const cell = cells.get(row);
    return cell === undefined ? MISSING : Number(cell) > middle ? `above ${middle}` : `up to ${middle}`;
  };
}

function valueView(
  name: string,
  values: readonly string[],
  score: Float32Array,
  test: HeldOut,
  seed: number,
): FairnessValue {
  const rows = [...values.keys()].filter((k) => values[k] === name);
  const part = partOf(test, rows);
  const own = Float32Array.from(rows, (k) => score[k]!);
  const top = sliceShares(score, undefined, 5)[0]!;
  return {
    value: name,
    ...rateRow(clusteredRate(part.label, part.clusters)),
    mean_score: own.reduce((a, b) => a + b, 0) / rows.length,
    observed_over_expected: estimated(observedOverExpected(own, part.label), part.clusters, seed),
    in_top_fifth: rows.reduce((sum, k) => sum + top[k]!, 0) / rows.length,
  };
}

const unseenRows = ({ task }: Prepared, test: HeldOut, seed: number): readonly number[] =>
  [...test.rows.keys()].filter((k) => inFold(task.snapshots.cluster[test.rows[k]!]!, seed));

/** On whole accounts that the probe never saw: of those it did, any column would do to remember the answer. */
async function predictability(
  context: WorkspaceContext,
  prepared: Prepared,
  test: HeldOut,
  isTold: (sid: number) => number,
  options: RungOptions,
): Promise<FairnessView['predictability']> {
  const { split, cluster } = prepared.task.snapshots;
  const unseen = (account: number): boolean => inFold(account, options.seed);
  const half = (name: 'train' | 'val'): Sample => {
    const sids = [...split.keys()].filter((sid) => split[sid] === name);
    const keep = sids.flatMap((sid, k) => (unseen(cluster[sid]!) ? [] : [k]));
    const sample = samplePart(prepared[name], keep);
    return { ...sample, label: Float32Array.from(keep, (k) => isTold(sids[k]!)) };
  };
  const part = partOf(test, unseenRows(prepared, test, options.seed));
  const truth = Float32Array.from(part.rows, isTold);
  const [train, val] = [half('train'), half('val')];
  if ([train.label, val.label, truth].some((y) => new Set(y).size < 2)) return NO_ESTIMATE;
  const probed: Prepared = { ...prepared, train, val };
  const matrix = selectRows(prepared.matrix, part.rows);
  const settings: RungOptions = { ...options, budget: 'quick', rungs: [PROBE] };
  const [fitted] = await fitRungs(context.config, probed, matrix, settings);
  if (!fitted?.prediction) return NO_ESTIMATE;
  return estimated(aurocMetric(fitted.prediction, truth), part.clusters, options.seed);
}

/** Single columns that tell the value best, out of fold by entity. */
function proxiesOf({ matrix, task }: Prepared, isTold: (sid: number) => number): FairnessView['proxies'] {
  const all = [...task.snapshots.split.keys()].filter((i) => task.snapshots.split[i] === 'train');
  const step = Math.max(1, Math.ceil(all.length / SAMPLE));
  const rows = all.filter((_, k) => k % step === 0);
  const label = Float64Array.from(rows, isTold);
  const positive = Uint8Array.from(label);
  const fold = Uint8Array.from(
    rows,
    (sid) => (Math.imul(task.snapshots.entityRow[sid]! + 1, 0x9e3779b1) >>> 16) & 1,
  );
  return matrix.columns
    .map((column, c) => ({
      column: column.name,
      sentence: column.sentence,
      auroc: columnAuroc({ cells: rows.map((sid) => cellAt(matrix, c, sid)), label, fold }, positive),
    }))
    .sort((a, b) => b.auroc - a.auroc || (a.column < b.column ? -1 : 1))
    .slice(0, PROXIES)
    .filter((p) => p.auroc > 0.55);
}

const cellAt = ({ data, columns }: FeatureMatrix, c: number, sid: number): number | string | null => {
  const v = data[c]![sid]!;
  if (Number.isNaN(v)) return null;
  return columns[c]!.kind === 'categorical' ? `c${v}` : v;
};

function sentence(
  column: string,
  told: string,
  { value, ci }: FairnessView['predictability'],
  values: readonly FairnessValue[],
  cases: number,
): string {
  const off = values.filter(
    (v) =>
      v.observed_over_expected.ci !== null &&
      (v.observed_over_expected.ci[0] > 1 || v.observed_over_expected.ci[1] < 1),
  );
  const honest =
    off.length === 0
      ? 'Probabilities hold for every value within noise.'
      : `Probabilities do not hold for ${off.map((v) => v.value).join(', ')}.`;
  if (value === null || ci === null)
    return `${column} is withheld; it does not vary enough to be tried on the ${cases} cases of accounts kept apart. ${honest}`;
  const range = `AUROC ${value.toFixed(3)}, 95 % interval ${ci[0].toFixed(3)} to ${ci[1].toFixed(3)}, ${cases} cases of accounts not seen in training`;
  const told1 =
    ci[0] > GIVEN_AWAY
      ? `${column} is withheld, but the columns that are left give it away: they tell "${told}" with ${range}.`
      : ci[0] > 0.5
        ? `${column} is withheld; the columns that are left hint at it ("${told}": ${range}).`
        : `${column} is withheld, and the columns that are left do not tell it ("${told}": ${range}).`;
  return `${told1} ${honest}`;
}
