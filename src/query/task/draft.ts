/** Labelled candidates → draft of the task: what is dropped and why, and the split of each row. */
import type { Schema } from '../../data/schema/types.ts';
import { LeadlightError } from '../../errors.ts';
import type { CheckedQuery } from '../pql/ast.ts';
import { unitDays } from './calendar.ts';
import type { CutoffPlan } from './cutoffs.ts';
import { checkedWarnings, describeTarget } from './explain-task.ts';
import { type Draft, inFold } from './finish.ts';
import { type Labelled, pairKey, type Rows } from './labelled.ts';
import { idsOf } from './labels-sql.ts';
import { staticSplits } from './static-split.ts';
import type { DroppedCount, SplitName } from './types.ts';

export interface DraftOptions {
  readonly mode: 'compare' | 'score';
  readonly seed: number;
}

/** One row of the task: where it was read, and its split. */
interface Pick {
  readonly from: Rows;
  readonly k: number;
  readonly split: SplitName;
}

const REASONS = {
  held: 'the condition already holds at the cutoff',
  empty: 'undefined: nothing to aggregate in the window',
  assuming: 'ASSUMING does not hold',
  list: 'undefined: the list is empty',
} as const;

export function draftTask(
  schema: Schema,
  checked: CheckedQuery,
  options: DraftOptions,
  plan: CutoffPlan | undefined,
  labelled: Labelled,
): Draft {
  const fates = Array.from(labelled.entityRow.keys(), (k) => fateOf(checked, labelled, k));
  const usable = [...fates.keys()].filter((k) => fates[k] === 'label');
  const split = plan ? temporalSplit(plan, labelled, usable, options.seed) : undefined;
  const picks = split
    ? [...usable.map((k) => ({ from: labelled, k, split: split.of(k) })), ...askedPicks(labelled)]
    : staticPicks(checked, options, labelled, usable, fates);
  const horizon = horizonOf(checked);
  return {
    type: checked.taskType,
    entityTable: checked.entity.table,
    description: describeTarget(checked),
    queryText: checked.text,
    source: 'query',
    mode: options.mode,
    static: !checked.temporal,
    ...(checked.temporal ? { horizon, horizonDays: unitDays(horizon.end, horizon.unit) } : {}),
    ...columnsOf(picks),
    labels: labelled.steps.map((step) => labelColumn(step, labelled, picks)),
    ...(labelled.items ? { items: picks.map((p) => itemsOf(labelled, p)) } : {}),
    dropped: tally(fates),
    warnings: [...(plan?.warnings ?? []), ...(split?.warnings ?? []), ...checkedWarnings(schema, checked)],
    withheld: targetColumns(checked),
    validation: split ? split.validation : 'grouped-folds',
  };
}

export function horizonOf(checked: CheckedQuery): NonNullable<CheckedQuery['horizon']> {
  const { end, unit } = checked.horizon ?? { end: 0, unit: 'days' as const };
  return { end: checked.hint?.kind === 'forecast' ? end * checked.hint.steps : end, unit };
}

type Fate = 'label' | 'predict' | keyof typeof REASONS;

function fateOf(checked: CheckedQuery, l: Labelled, k: number): Fate {
  if (!checked.temporal && checked.target.kind === 'column' && isMissing(l.steps[0]![k])) return 'predict';
  if (l.held[k] === 1) return 'held';
  if (l.empty[k] === 1) return 'empty';
  if (l.kept[k] !== 1) return 'assuming';
  if (l.items && !l.items.has(pairKey(l.entityRow[k]!, l.cutoff[k]!))) return 'list';
  return 'label';
}

const isMissing = (v: number | string | null | undefined): boolean =>
  v === null || v === undefined || (typeof v === 'number' && Number.isNaN(v));

function tally(fates: readonly Fate[]): readonly DroppedCount[] {
  return Object.entries(REASONS)
    .map(([fate, reason]) => ({ reason, rows: fates.filter((f) => f === fate).length }))
    .filter((d) => d.rows > 0);
}

interface TemporalSplit {
  readonly of: (k: number) => SplitName;
  readonly validation: 'time' | 'grouped-folds';
  readonly warnings: readonly string[];
}

function temporalSplit(
  plan: CutoffPlan,
  l: Labelled,
  usable: readonly number[],
  seed: number,
): TemporalSplit {
  const byCutoff = new Map(plan.cutoffs.filter((c) => c.split !== 'predict').map((c) => [c.at, c.split]));
  const planned = (k: number): SplitName => byCutoff.get(l.cutoff[k]!) ?? 'train';
  const folded = (k: number): SplitName =>
    planned(k) !== 'test' && inFold(l.cluster[k]!, seed) ? 'val' : planned(k) === 'test' ? 'test' : 'train';
  if (plan.validation === 'grouped-folds') return { of: folded, validation: 'grouped-folds', warnings: [] };
  const seen = new Set(usable.filter((k) => planned(k) === 'val').map((k) => l.steps[0]![k]));
  if (seen.size > 1 || l.items) return { of: planned, validation: 'time', warnings: [] };
  const warnings = [
    'All labels at the validation cutoff are alike: validation rows are whole accounts drawn from train and validation cutoffs instead.',
  ];
  return { of: folded, validation: 'grouped-folds', warnings };
}

const askedPicks = (l: Labelled): readonly Pick[] =>
  l.asked
    ? Array.from(l.asked.entityRow.keys(), (k) => ({ from: l.asked!, k, split: 'predict' as const }))
    : [];

/** Rows without a value are predicted; when scoring, so are the ids asked for, whatever they hold. */
function staticPicks(
  checked: CheckedQuery,
  options: DraftOptions,
  l: Labelled,
  usable: readonly number[],
  fates: readonly Fate[],
): readonly Pick[] {
  const ids = options.mode === 'score' ? new Set(idsOf(checked)) : new Set<string>();
  const known = usable.filter((k) => !ids.has(l.entityId[k]!));
  const predict = [...fates.keys()].filter((k) =>
    ids.size > 0 ? ids.has(l.entityId[k]!) : fates[k] === 'predict',
  );
  if (options.mode === 'score' && predict.length === 0)
    throw new LeadlightError('TASK_EMPTY', {
      problem: `No row of ${checked.entity.table} has an empty target, so there is nothing to predict`,
      remedy: `Name the rows to score (FOR ${checked.entity.table}.${checked.entity.column} IN (…)), or ask about the future with a window.`,
    });
  const splits = staticSplits(
    options,
    known.map((k) => l.born[k]!),
    known.map((k) => l.cluster[k]!),
  );
  return [
    ...known.map((k, n) => ({ from: l, k, split: splits[n]! })),
    ...predict.map((k) => ({ from: l, k, split: 'predict' as const })),
  ];
}

function columnsOf(picks: readonly Pick[]) {
  return {
    entityRow: Int32Array.from(picks, (p) => p.from.entityRow[p.k]!),
    entityId: picks.map((p) => p.from.entityId[p.k]!),
    cutoff: Float64Array.from(picks, (p) => p.from.cutoff[p.k]!),
    cluster: Int32Array.from(picks, (p) => p.from.cluster[p.k]!),
    split: picks.map((p) => p.split),
  };
}

function labelColumn(
  step: Labelled['steps'][number],
  l: Labelled,
  picks: readonly Pick[],
): Float64Array | readonly (string | null)[] {
  const hidden = (p: Pick): boolean => p.split === 'predict';
  if (l.items) return Float64Array.from(picks, (p) => (hidden(p) ? Number.NaN : itemsOf(l, p).length));
  return step instanceof Float64Array
    ? Float64Array.from(picks, (p) => (hidden(p) ? Number.NaN : step[p.k]!))
    : picks.map((p) => (hidden(p) ? null : step[p.k]!));
}

const itemsOf = (l: Labelled, p: Pick): readonly string[] =>
  p.split === 'predict' ? [] : (l.items?.get(pairKey(l.entityRow[p.k]!, l.cutoff[p.k]!)) ?? []);

/** Columns a static target reads: the label itself, never a feature. */
function targetColumns(checked: CheckedQuery): Readonly<Record<string, string>> {
  if (checked.temporal) return {};
  const names: string[] = [];
  const visit = (t: CheckedQuery['target']): void => {
    if (t.kind === 'column') names.push(`${t.table}.${t.column}`);
    else if (t.kind === 'comparison') visit(t.left);
    else if (t.kind === 'not') visit(t.operand);
    else if (t.kind === 'and' || t.kind === 'or') {
      visit(t.left);
      visit(t.right);
    }
  };
  visit(checked.target);
  return Object.fromEntries(names.map((n) => [n, 'the target itself']));
}
