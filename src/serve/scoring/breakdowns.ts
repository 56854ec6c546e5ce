/** What a comparison of a yes-or-no target adds to the figures of its rungs: by tenth, by month, by segment. */
import { LeadlightError } from '../../errors.ts';
import type { Task } from '../../query/task/types.ts';
import { baseRate, decileRows, decilesByMonth } from './backtest-figures.ts';
import type { BaseRate } from './backtest-types.ts';
import type { WorkspaceContext } from './context.ts';
import { type NamedCells, namedCells } from './entity-cells.ts';
import { type HeldOut, labelled } from './evaluate.ts';
import type { Prepared } from './prepare.ts';
import type { FittedRung, RungOptions } from './rungs.ts';
import { segmentView } from './segments.ts';
import type { CompareOptions, CompareReport, RungResult } from './types.ts';

export interface BreakdownInput {
  readonly prepared: Prepared;
  readonly test: HeldOut;
  readonly rungs: readonly FittedRung[];
  readonly results: readonly RungResult[];
  readonly predictions: Readonly<Record<string, Float32Array>>;
  readonly segment: NamedCells | undefined;
}

type Breakdowns = Pick<CompareReport, 'deciles' | 'base_rate' | 'segments'>;

export async function breakdowns(
  context: WorkspaceContext,
  input: BreakdownInput,
  options: RungOptions,
): Promise<Breakdowns> {
  const { prepared, test, rungs, results, predictions, segment } = input;
  if (prepared.model.type !== 'binary') return {};
  const months = baseRateOf(prepared);
  const lead = results.filter((r) => r.note === undefined && predictions[r.name] !== undefined).at(-1);
  if (!lead) return { ...(months ? { base_rate: months } : {}) };
  const cutoff = Float64Array.from(test.rows, (i) => prepared.task.snapshots.cutoff[i]!);
  const clusters = { ...test.clusters, cutoff };
  const of = { score: predictions[lead.name]!, label: test.label, clusters, list: cutoff };
  const deciles = { rung: lead.name, all: decileRows(of, options.seed), by_month: decilesByMonth(of) };
  const rung = rungs.find((r) => r.model.name === lead.name);
  const segments =
    segment && rung && (await segmentView(context, { ...segment, rung, prepared, test }, options));
  return {
    deciles,
    ...(months ? { base_rate: months } : {}),
    ...(segments ? { segments } : {}),
  };
}

/** Over all splits, for drift shows along history; without times there are no months. */
function baseRateOf({ task }: Prepared): BaseRate | undefined {
  const { label, cutoff, account } = labelled(task);
  return task.static || label.length === 0 ? undefined : baseRate(label, cutoff, account);
}

/** The column to break figures by, looked up before anything is computed. @throws LeadlightError USAGE */
export async function segmentColumn(
  context: WorkspaceContext,
  { type, entityTable }: Task,
  { segment }: CompareOptions,
): Promise<NamedCells | undefined> {
  if (segment === undefined) return undefined;
  if (type === 'binary') return namedCells(context, entityTable, segment);
  throw new LeadlightError('USAGE', {
    problem: `Segments are those of yes-or-no targets; this target is ${type}`,
    remedy: 'Leave --segment out, or ask a yes-or-no question, e.g. COUNT(...) > 0.',
  });
}
