/**
 * Rankings and multilabel tasks as yes/no tasks over (entity, item) pairs: training pairs with sampled negatives, and the
 * features of any pairs. Held-out lists are not read here.
 */

import { linkedSchema } from '../../data/schema/dated-links.ts';
import type { Schema } from '../../data/schema/types.ts';
import { LeadlightError } from '../../errors.ts';
import { computePairs, createHabits, type Pairs, readCandidates } from '../../learn/features/pairs/pairs.ts';
import { type PairPlan, planPairs } from '../../learn/features/pairs/plan.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import { pairRungs } from '../../learn/models/pairs/models.ts';
import type { FitContext, Fitted, Model, Sample } from '../../learn/models/types.ts';
import { changingCell } from '../../query/task/changing-cells.ts';
import { type ItemTarget, itemTargetOf } from '../../query/task/past-items.ts';
import type { Labels, SplitName, Task } from '../../query/task/types.ts';
import type { RunControl } from '../../util/progress.ts';
import { createRandom, type Random } from '../../util/random.ts';
import { lastCredible, type WorkspaceContext } from './context.ts';
import { type Prepared, prepare, rowsOf, type Selected } from './prepare.ts';
import type { Resolved } from './resolve.ts';
import { fitContext } from './rungs.ts';
import type { TargetOptions } from './types.ts';
import { using } from './views.ts';

export interface PairTask {
  readonly context: WorkspaceContext;
  readonly task: Task;
  readonly prepared: Prepared & Selected;
  readonly plan: PairPlan;
  /** Texts of the items, in their own order. */
  readonly items: readonly string[];
  /** Columns of the entity's matrix that pairs carry along. */
  readonly carried: readonly number[];
  readonly k: number;
}

/** Snapshots whose candidates are worked on at once. */
const BATCH = 2000;
/** Negatives kept per positive; their weight makes up for those left out. */
const NEGATIVES = 15;
const CARRIED = 16;

export async function preparePairs(
  context: WorkspaceContext,
  options: TargetOptions,
  resolved: Resolved,
): Promise<PairTask> {
  const { task, checked } = resolved;
  const target = checked && itemTargetOf(context.config.schema, checked);
  if (!target)
    throw new LeadlightError('USAGE', {
      problem: 'A list without a window has no moment after which it could be foreseen',
      remedy: 'Give it one, e.g. LIST_DISTINCT(visits.page, 0, 30, days) RANK TOP 10.',
    });
  const schema = linkedSchema(context.config, task.static);
  refuseChanging(schema, target);
  const prepared = await prepare(
    {
      ...context,
      lastCredible: lastCredible(context),
      budget: options.budget ?? 'normal',
      seed: options.seed ?? 1,
      ...using(resolved),
    },
    task,
    options,
  );
  const withheld = new Set([
    ...Object.keys(task.withheld),
    ...prepared.leaks.filter((l) => l.action === 'withhold').map((l) => l.column),
  ]);
  const plan = planPairs(schema, target, withheld, task.type === 'multilabel');
  const items = await createHabits(context.engine, schema, plan, options);
  const topK = checked.hint?.kind === 'rank' ? checked.hint.topK : undefined;
  const carried = chooseCarried(prepared);
  return { context, task, prepared, plan, items, carried, k: topK ?? items.length };
}

/** Habits are what lists held before the cutoff; cells of which only the present value is known cannot tell. */
function refuseChanging(schema: Schema, { aggregate }: ItemTarget): void {
  const changing = changingCell(schema, aggregate);
  if (changing === undefined) return;
  throw new LeadlightError('USAGE', {
    problem: `The list reads ${changing}, which may change after the row is written and has no history: what it held before a cutoff is not known`,
    remedy: 'Declare its history in leadlight.yaml, or sign for it with `trusted: true` if it never changes.',
  });
}

/** The entity's columns that go most with how long its list is. */
function chooseCarried({ train }: Prepared): readonly number[] {
  const { matrix, label } = train;
  const merit = matrix.columns.map((column, c) =>
    column.kind === 'numeric' ? Math.abs(correlation(matrix.data[c]!, label)) : 0,
  );
  return [...merit.keys()]
    .filter((c) => merit[c]! > 0.02)
    .sort((a, b) => merit[b]! - merit[a]! || a - b)
    .slice(0, CARRIED);
}

/** Pearson's over the rows where the value is there; 0 where one of them does not vary. */
function correlation(x: Float32Array, y: Float32Array): number {
  const rows = [...x.keys()].filter((i) => !Number.isNaN(x[i]!));
  const mean = (of: Float32Array): number => rows.reduce((sum, i) => sum + of[i]!, 0) / rows.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (const i of rows) {
    xx += (x[i]! - mx) ** 2;
    yy += (y[i]! - my) ** 2;
    xy += (x[i]! - mx) * (y[i]! - my);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

export async function pairMatrix(pairTask: PairTask, pairs: Pairs): Promise<FeatureMatrix> {
  const { context, prepared, plan, carried } = pairTask;
  const own = await computePairs(context.engine, plan, pairs);
  const entity = carried.map((c) => {
    const from = prepared.matrix.data[c]!;
    return Float32Array.from(pairs.sid, (sid) => from[sid]!);
  });
  return {
    rows: own.rows,
    columns: [...own.columns, ...carried.map((c) => prepared.matrix.columns[c]!)],
    data: [...own.data, ...entity],
  };
}

/** The candidates of these snapshots (ascending sids), in batches. */
export async function eachBatch(
  { context }: PairTask,
  sids: Int32Array,
  control: RunControl,
  work: (pairs: Pairs, sids: Int32Array) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < sids.length; at += BATCH) {
    control.signal?.throwIfAborted();
    control.progress?.({ stage: 'pairs', done: at, total: sids.length, unit: 'rows' });
    const part = sids.subarray(at, at + BATCH);
    const wanted = new Set(part);
    const all = await readCandidates(context.engine, part[0]!, part.at(-1)! + 1);
    const kept = [...all.sid.keys()].filter((i) => wanted.has(all.sid[i]!));
    await work(
      { sid: Int32Array.from(kept, (i) => all.sid[i]!), item: Int32Array.from(kept, (i) => all.item[i]!) },
      part,
    );
  }
}

export const truthOf = (labels: Labels, sid: number): ReadonlySet<string> =>
  new Set(labels.items?.[sid] ?? []);

async function samplePairs(
  pairTask: PairTask,
  split: SplitName,
  random: Random,
  control: RunControl,
): Promise<Sample> {
  const { task, items } = pairTask;
  const picked: Drawn[] = [];
  await eachBatch(pairTask, rowsOf(task, split), control, async (pairs) => {
    for (const [from, end] of stretches(pairs.sid))
      picked.push(...drawPairs(pairs, from, end, truthOf(task.visible, pairs.sid[from]!), items, random));
  });
  const pairs = {
    sid: Int32Array.from(picked, (p) => p.sid),
    item: Int32Array.from(picked, (p) => p.item),
  };
  const mean = picked.reduce((sum, p) => sum + p.weight, 0) / Math.max(1, picked.length);
  return {
    matrix: await pairMatrix(pairTask, pairs),
    label: Float32Array.from(picked, (p) => p.label),
    weight: Float32Array.from(picked, (p) => p.weight / mean),
    cutoff: Float64Array.from(pairs.sid, (sid) => task.snapshots.cutoff[sid]!),
    cluster: Int32Array.from(pairs.sid, (sid) => task.snapshots.cluster[sid]!),
  };
}

interface Drawn {
  readonly sid: number;
  readonly item: number;
  readonly label: 0 | 1;
  readonly weight: number;
}

/** Runs of equal values: [start, end). */
export function stretches(values: Int32Array): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (let from = 0; from < values.length; ) {
    let end = from + 1;
    while (end < values.length && values[end] === values[from]) end++;
    found.push([from, end]);
    from = end;
  }
  return found;
}

/** All true candidates, and so many of the others, drawn without replacement; these weigh for those not drawn. */
function drawPairs(
  pairs: Pairs,
  from: number,
  end: number,
  truth: ReadonlySet<string>,
  items: readonly string[],
  random: Random,
): readonly Drawn[] {
  const places = Array.from({ length: end - from }, (_, i) => from + i);
  const isTrue = (i: number): boolean => truth.has(items[pairs.item[i]!]!);
  const positive = places.filter(isTrue);
  const negative = places.filter((i) => !isTrue(i));
  const kept = Math.min(negative.length, NEGATIVES * Math.max(1, positive.length));
  for (let i = 0; i < kept; i++) {
    const j = i + random.int(negative.length - i);
    [negative[i], negative[j]] = [negative[j]!, negative[i]!];
  }
  const drawn = (i: number, label: 0 | 1, weight: number): Drawn => ({
    sid: pairs.sid[i]!,
    item: pairs.item[i]!,
    label,
    weight,
  });
  return [
    ...positive.map((i) => drawn(i, 1, 1)),
    ...negative.slice(0, kept).map((i) => drawn(i, 0, negative.length / kept)),
  ];
}

export interface FittedPairs {
  readonly model: Model;
  readonly seconds: number;
  readonly fitted: Fitted;
}

/** Fits the rungs asked for, on the same pairs. */
export async function fitPairRungs(
  pairTask: PairTask,
  options: TargetOptions,
  names: readonly string[] | undefined,
): Promise<readonly FittedPairs[]> {
  const models = choosePairRungs(names);
  const seed = options.seed ?? 1;
  const random = createRandom(seed);
  const { threads } = pairTask.context;
  const fit: FitContext = {
    ...fitContext(pairTask.prepared, { ...options, seed, budget: options.budget ?? 'normal', threads }),
    task: { type: 'binary' },
    train: await samplePairs(pairTask, 'train', random, options),
    val: await samplePairs(pairTask, 'val', random, options),
  };
  const fitted: FittedPairs[] = [];
  for (const model of models) {
    const start = performance.now();
    fitted.push({
      model,
      fitted: await model.fit(fit),
      seconds: Math.round((performance.now() - start) / 10) / 100,
    });
  }
  return fitted;
}

function choosePairRungs(names: readonly string[] | undefined): readonly Model[] {
  const all = pairRungs();
  return (names ?? all.map((m) => m.name)).map((name) => {
    const model = all.find((m) => m.name === name);
    if (!model) throw new LeadlightError('UNKNOWN_RUNG', { name, known: all.map((m) => m.name).join(', ') });
    return model;
  });
}

/** Positions of the k highest probabilities among from … end, ties by item. */
export function bestOf(
  probability: Float32Array,
  pairs: Pairs,
  from: number,
  end: number,
  k: number,
): readonly number[] {
  const places = Array.from({ length: end - from }, (_, i) => from + i);
  return places
    .sort((a, b) => probability[b]! - probability[a]! || pairs.item[a]! - pairs.item[b]!)
    .slice(0, k);
}
