/**
 * From a task to what models are fitted on: leak report, outcome history, feature plan, matrix, screening, samples.
 * Test labels are not an input here; only evaluation sees them.
 */
import type { Engine } from '../../data/engine/types.ts';
import { findLeaks, type LeakFinding } from '../../data/quality/leaks.ts';
import { linkedSchema } from '../../data/schema/dated-links.ts';
import type { WorkspaceConfig } from '../../data/schema/types.ts';
import type { PlanLimits } from '../../learn/features/cost.ts';
import { applyDerived, learnDerived } from '../../learn/features/derive/derive.ts';
import type { DerivedState, ExampleRows } from '../../learn/features/derive/types.ts';
import { planFeatures } from '../../learn/features/plan.ts';
import type { FeaturePlan, PlanInput } from '../../learn/features/plan-types.ts';
import { createSnapshots, type Earlier } from '../../learn/features/prepare.ts';
import { computeFeatures } from '../../learn/features/run.ts';
import { type Dropped, selectRows } from '../../learn/features/screen.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import type { Budget, ModelTask, Sample } from '../../learn/models/types.ts';
import type { Selection } from '../../learn/selection/select.ts';
import type { PastTarget } from '../../query/task/past-target.ts';
import type { SplitName, Task } from '../../query/task/types.ts';
import type { RunControl } from '../../util/progress.ts';
import { exampleLabels, exampleRows } from './examples.ts';
import { narrowColumns } from './narrow.ts';
import { createOutcomes } from './outcomes.ts';
import { sampleOf } from './samples.ts';

export interface Prepared extends Planned {
  readonly model: ModelTask;
  /** The rows of `PrepareInput.earlier` as they were then, in their order; same columns. */
  readonly earlier?: FeatureMatrix;
  /** Screened columns of all snapshots, in sid order. */
  readonly matrix: FeatureMatrix;
  readonly screened: readonly Dropped[];
  /** What `applyDerived` needs to make the same columns for a later population. */
  readonly derived: DerivedState;
  /** All columns before screening, and whose rows they are: the snapshots, then those of `PrepareInput.earlier`. */
  readonly unscreened: { readonly matrix: FeatureMatrix; readonly rows: ExampleRows };
  readonly train: Sample;
  readonly val: Sample;
}

/** What was found on the way, which a loaded model does not bring along. */
export interface Selected {
  /** What drift and families decided, and on what evidence. */
  readonly selection: Selection;
}

export interface PrepareInput {
  readonly engine: Engine;
  readonly config: WorkspaceConfig;
  /** ms; the newest moment history speaks for. */
  readonly lastCredible: number;
  readonly budget: Budget;
  /** Of what is drawn; 1 when absent. */
  readonly seed?: number;
  /** Worker threads; 1 when absent. */
  readonly threads?: number;
  readonly using?: readonly string[];
  /** A target with values over windows of the past: these become features. */
  readonly target?: PastTarget;
  /** The task before training snapshots were left out of it: their outcomes are history all the same. */
  readonly whole?: Task;
  /** Compute the rows of a split also as of an earlier moment. */
  readonly earlier?: Earlier & { readonly split: 'predict' | 'test' };
}

/** How wide a plan may get, and what running it may cost by estimate. */
export const LIMITS: Readonly<
  Record<Budget, Pick<PlanInput, 'maxColumns' | 'maxSources'> & { readonly limits: Required<PlanLimits> }>
> = {
  quick: { maxColumns: 240, maxSources: 24, limits: { seconds: 120, memoryMb: 8192 } },
  normal: { maxColumns: 360, maxSources: 24, limits: { seconds: 1200, memoryMb: 8192 } },
  best: { maxColumns: 480, maxSources: 32, limits: { seconds: 7200, memoryMb: 8192 } },
};

/** The plan of a task: what would be computed, before anything is. */
export interface Planned {
  readonly task: Task;
  readonly leaks: readonly LeakFinding[];
  readonly plan: FeaturePlan;
  readonly outcomes: boolean;
  readonly warnings: readonly string[];
}

export async function planTask(input: PrepareInput, task: Task, control: RunControl): Promise<Planned> {
  const { engine, config } = input;
  const leaks = await findLeaks(engine, config, visibleRows(task), control);
  const moment = planMoment(task, input.lastCredible);
  await createSnapshots(engine, {
    moment: input.lastCredible,
    ...(input.earlier === undefined ? {} : { earlier: { ...input.earlier, first: task.snapshots.rows } }),
  });
  const outcomes = await createOutcomes(engine, config, input.whole ?? task, leaks);
  const planned = await planFeatures(engine, planInputOf(input, task, withheldColumns(task, leaks)), control);
  return {
    task,
    leaks,
    plan: outcomes.available ? planned : { ...planned, outcomes: [] },
    outcomes: outcomes.available,
    warnings: [...task.warnings, ...moment.warnings, ...outcomes.warnings, ...planned.notes],
  };
}

export const planInputOf = (
  input: Pick<PrepareInput, 'config' | 'lastCredible' | 'budget' | 'using' | 'target'>,
  task: Task,
  withheld: ReadonlySet<string>,
): PlanInput => ({
  schema: linkedSchema(input.config, task.static),
  entityTable: task.entityTable,
  static: task.static,
  asOf: planMoment(task, input.lastCredible).ms,
  withheld,
  entityGiven: task.source === 'task-table',
  ...LIMITS[input.budget],
  ...(task.horizonDays === undefined ? {} : { horizonDays: task.horizonDays }),
  ...(input.using === undefined ? {} : { tables: new Set(input.using) }),
  ...(input.target === undefined ? {} : { target: input.target }),
});

export async function prepare(
  input: PrepareInput,
  task: Task,
  control: RunControl,
): Promise<Prepared & Selected> {
  const planned = await planTask(input, task, control);
  const options = { ...control, outcomes: planned.outcomes };
  const now = task.snapshots.rows;
  const again = input.earlier === undefined ? 0 : task.counts[input.earlier.split].rows;
  const computed = await computeFeatures(input.engine, planned.plan, now + again, options);
  const rows = { train: rowsOf(task, 'train'), val: rowsOf(task, 'val') };
  const made = {
    engine: input.engine,
    plan: planned.plan,
    matrix: computed,
    rows: exampleRows(task, input.earlier),
    control,
  };
  const seed = input.seed ?? 1;
  const learning = { train: rows.train, labels: exampleLabels(task, computed.rows) };
  const derived = await learnDerived({ ...made, ...learning, seed, budget: input.budget });
  const full = await applyDerived(made, derived);
  const model = modelTask(task);
  const narrowed = await narrowColumns({
    ...control,
    ...rows,
    task,
    model,
    full,
    seed,
    budget: input.budget,
    threads: input.threads ?? 1,
  });
  const all = narrowed.matrix;
  const matrix = again === 0 ? all : selectRows(all, range(0, now));
  return {
    ...planned,
    warnings: [...planned.warnings, ...derived.notes, ...narrowed.notes],
    model,
    matrix,
    ...(again === 0 ? {} : { earlier: selectRows(all, range(now, now + again)) }),
    screened: narrowed.dropped,
    selection: narrowed.selection,
    derived,
    unscreened: { matrix: full, rows: made.rows },
    train: sampleOf(task, matrix, rows.train),
    val: sampleOf(task, matrix, rows.val),
  };
}

const range = (from: number, to: number): Int32Array =>
  Int32Array.from({ length: to - from }, (_, i) => from + i);

export const rowsOf = (task: Task, split: SplitName): Int32Array =>
  Int32Array.from(task.snapshots.split.flatMap((s, i) => (s === split ? [i] : [])));

export function modelTask(task: Task): ModelTask {
  if (task.type === 'multiclass') return { type: 'multiclass', classes: task.classes?.length ?? 2 };
  return task.type === 'binary' ? { type: 'binary' } : { type: 'regression' };
}

function visibleRows(task: Task) {
  const rows = task.snapshots.split.flatMap((s, i) => (s === 'train' || s === 'val' ? [i] : []));
  const { entityRow, cutoff } = task.snapshots;
  return {
    entityTable: task.entityTable,
    rows: rows.map((i) => ({ entityRow: entityRow[i]!, cutoff: cutoff[i]!, label: task.visible.values[i]! })),
  };
}

const withheldColumns = (task: Task, leaks: readonly LeakFinding[]): ReadonlySet<string> =>
  new Set([
    ...Object.keys(task.withheld),
    ...leaks.filter((l) => l.action === 'withhold').map((l) => l.column),
  ]);

/** Vocabularies and path choices may use rows known by this moment: the first cutoff that is judged. */
export function planMoment(
  task: Task,
  lastCredible: number,
): { readonly ms: number; readonly warnings: readonly string[] } {
  if (task.static) return { ms: lastCredible, warnings: [] };
  const { split, cutoff } = task.snapshots;
  const of = (wanted: (s: SplitName) => boolean): readonly number[] =>
    split.flatMap((s, i) => (wanted(s) && !Number.isNaN(cutoff[i]!) ? [cutoff[i]!] : []));
  const judged = of((s) => s === 'test' || s === 'predict').reduce(
    (a, b) => Math.min(a, b),
    Number.POSITIVE_INFINITY,
  );
  const newest = of((s) => s === 'train' || s === 'val').reduce(
    (a, b) => Math.max(a, b),
    Number.NEGATIVE_INFINITY,
  );
  if (Number.isFinite(judged) && judged >= newest) return { ms: judged, warnings: [] };
  if (!Number.isFinite(judged)) return { ms: newest, warnings: [] };
  const warning =
    'Some training rows have later cutoffs than some test rows: the given split is not by time, so its figures flatter.';
  return { ms: Math.max(newest, judged), warnings: [warning] };
}
