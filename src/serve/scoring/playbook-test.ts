/**
 * playbook-test: what each rule of the playbook would have done at the test cutoffs, and what became of those it fired
 * on. Bands compare the rows of one cutoff with each other, as scoring does; the labels are read only to count.
 */

import { DEFAULT_PLAYBOOK } from '../../data/schema/defaults.ts';
import type { PlaybookRule } from '../../data/schema/types.ts';
import { LeadlightError } from '../../errors.ts';
import { checkAdditivity } from '../../learn/explain/additivity.ts';
import { groupSignals, listSignals, partitionColumns } from '../../learn/explain/group-signals.ts';
import { bandOf, percentiles } from '../../learn/explain/percentiles.ts';
import { chooseAction, ruleId } from '../../learn/explain/playbook.ts';
import { selectRows } from '../../learn/features/screen.ts';
import { clusteredRate } from '../../learn/metrics/rate.ts';
import { resolveAffordable } from './afford.ts';
import { lastCredible, type WorkspaceContext } from './context.ts';
import { type HeldOut, heldOut } from './evaluate.ts';
import { prepare } from './prepare.ts';
import { taskView } from './resolve.ts';
import { chooseRungs, fitContext, ladderOptions } from './rungs.ts';
import type { CompareReport, TargetOptions } from './types.ts';
import { using } from './views.ts';

/** A share of cases with its 95 % interval; null of no cases. */
export interface Conversion {
  readonly rows: number;
  readonly rate: number | null;
  readonly interval: readonly [number, number] | null;
}

export interface RuleResult {
  /** `name@version`. */
  readonly rule: string;
  readonly action: string;
  /** Of all rows. */
  readonly share: number;
  readonly fired: Conversion;
  readonly rest: Conversion;
}

export interface PlaybookReport {
  readonly task: CompareReport['task'];
  readonly rung: string;
  readonly rows: number;
  readonly cutoffs: number;
  /** In the playbook's order, those that never fired too. */
  readonly rules: readonly RuleResult[];
  readonly warnings: readonly string[];
}

const RUNG = 'blend';

/** @throws LeadlightError USAGE unless the task is binary; TASK_EMPTY without test labels. */
export async function playbookTest(
  context: WorkspaceContext,
  options: TargetOptions,
): Promise<PlaybookReport> {
  const settings = {
    ...options,
    seed: options.seed ?? 1,
    budget: options.budget ?? ('normal' as const),
    threads: context.threads,
  };
  const resolved = await resolveAffordable(context, options, 'compare');
  const test = heldOut(resolved.task);
  checkTestable(resolved.task.type, test);
  const { seed, budget } = settings;
  const input = { ...context, lastCredible: lastCredible(context), budget, seed, ...using(resolved) };
  const prepared = await prepare(input, resolved.task, options);
  const [model] = chooseRungs([options.rungs?.[0] ?? RUNG], ladderOptions(context.config, prepared));
  const fitted = await model!.fit(fitContext(prepared, settings));
  if (!fitted.attribute)
    throw new LeadlightError('USAGE', {
      problem: `Rung ${model!.name} gives no reasons, on which the rules rest`,
      remedy: 'Choose another with --rungs.',
    });
  const matrix = selectRows(prepared.matrix, test.rows);
  const probability = await fitted.predict(matrix, options);
  const attribution = await fitted.attribute(matrix, options);
  checkAdditivity(attribution, probability, 'binary');
  const bands = bandsWithin(probability, test);
  const definitions = partitionColumns(matrix.columns);
  const playbook = context.config.playbook.length > 0 ? context.config.playbook : DEFAULT_PLAYBOOK;
  const fired = bands.map((band, row) => {
    const reasons = listSignals(groupSignals(definitions, attribution, row));
    return chooseAction(playbook, { band, reasons });
  });
  return {
    task: taskView(resolved),
    rung: model!.name,
    rows: test.rows.length,
    cutoffs: new Set(test.clusters.cutoff as Float64Array).size,
    rules: playbook.map((rule) => ruleResult(rule, fired, test)),
    warnings: [...resolved.warnings, ...prepared.warnings],
  };
}

function checkTestable(type: string, test: HeldOut): void {
  if (type !== 'binary')
    throw new LeadlightError('USAGE', {
      problem: `A playbook is tested on a yes/no question; this one is ${type}`,
      remedy: 'Ask for COUNT(...) > 0 or the like.',
    });
  if (test.rows.length === 0)
    throw new LeadlightError('TASK_EMPTY', {
      problem: 'There are no labelled test rows to test the playbook on',
      remedy: 'Give the task table rows with split test and labels.',
    });
}

/** Band of each row among the test rows of its cutoff. */
function bandsWithin(probability: Float32Array, test: HeldOut): readonly string[] {
  const bands: string[] = new Array(test.rows.length);
  const groups = new Map<number, number[]>();
  test.rows.forEach((_, row) => {
    const at = test.clusters.cutoff?.[row] ?? Number.NaN;
    const group = groups.get(at);
    if (group) group.push(row);
    else groups.set(at, [row]);
  });
  for (const rows of groups.values()) {
    const percentile = percentiles(rows.map((row) => probability[row]!));
    rows.forEach((row, i) => {
      bands[row] = bandOf({ probability: probability[row]!, percentile: percentile[i]! });
    });
  }
  return bands;
}

function ruleResult(
  rule: PlaybookRule,
  fired: readonly (PlaybookRule | undefined)[],
  test: HeldOut,
): RuleResult {
  const such = (hit: boolean): Conversion => {
    const weight = Float64Array.from(fired, (f) => Number((f === rule) === hit));
    const { rows, rate, low, high } = clusteredRate(test.label, test.clusters, weight);
    return rows === 0 ? { rows, rate: null, interval: null } : { rows, rate, interval: [low, high] };
  };
  const hits = such(true);
  return {
    rule: ruleId(rule),
    action: rule.action,
    share: hits.rows / fired.length,
    fired: hits,
    rest: such(false),
  };
}
