/** Task table → task: entity, cutoff, label and split are given in a file, so that systems compare on the same rows. */
import { basename } from 'node:path';
import type { Engine } from '../../data/engine/types.ts';
import { linkedSchema } from '../../data/schema/dated-links.ts';
import { KNOWN, type WorkspaceConfig } from '../../data/schema/types.ts';
import { as, asc, cast, col, select } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { LeadlightError } from '../../errors.ts';
import type { RunControl } from '../../util/progress.ts';
import { DAY_MS, printMoment } from './calendar.ts';
import { clusterColumns, ordinals } from './cluster.ts';
import { readCsv } from './csv.ts';
import { chooseEntity, type EntityChoice } from './entity.ts';
import { finishTask, inFold } from './finish.ts';
import { indexIds } from './ids.ts';
import { dataTable } from './scope.ts';
import { staticSplits, timeSplits } from './static-split.ts';
import { parseTaskRows, readLabelKind, type TaskRows } from './task-rows.ts';
import type { SplitName, Task } from './types.ts';

export interface TaskTableOptions {
  readonly file: string;
  readonly entity: string;
  /** Length of the label window, when known: overlap of train windows with the test is then checked. */
  readonly horizonDays?: number;
  readonly seed?: number;
}

export async function readTaskTable(
  engine: Engine,
  config: WorkspaceConfig,
  options: TaskTableOptions,
  control: RunControl = {},
): Promise<Task> {
  const { file, entity, seed = 1 } = options;
  const step = (stage: string, done: number): void => {
    if (control.signal?.aborted) throw new LeadlightError('CANCELLED', {});
    control.progress?.({ stage: `task table: ${stage}`, done, total: 3 });
  };
  const choice = chooseEntity(config.schema, entity);
  step('reading', 0);
  const rows = parseTaskRows(file, await readCsv(file));
  const kind = readLabelKind(file, rows);
  step('matching ids', 1);
  const matched = await matchEntities(engine, config, choice, rows);
  step('splitting', 2);
  const split = splitRows(rows, matched.cluster, seed);
  return finishTask(engine, {
    type: kind.type,
    entityTable: choice.table.name,
    description: `the labels of ${basename(file)} for each ${choice.table.name} row`,
    source: 'task-table',
    static: Number.isNaN(rows.cutoff[0]),
    ...(options.horizonDays === undefined
      ? {}
      : { horizonDays: options.horizonDays, horizon: { end: options.horizonDays, unit: 'days' as const } }),
    entityRow: matched.entityRow,
    entityId: rows.id,
    cutoff: rows.cutoff,
    cluster: matched.cluster,
    split: split.names,
    labels: [kind.values],
    dropped: [],
    warnings: [...matched.warnings, ...split.warnings, ...overlap(rows, split.names, options.horizonDays)],
    withheld: {},
    validation: split.validation,
    remedy: `Check the label and split columns of ${file}`,
  });
}

interface Matched {
  readonly entityRow: Int32Array;
  readonly cluster: Int32Array;
  readonly warnings: readonly string[];
}

async function matchEntities(
  engine: Engine,
  config: WorkspaceConfig,
  choice: EntityChoice,
  rows: TaskRows,
): Promise<Matched> {
  const clusters = await clusterColumns(engine, linkedSchema(config, true), choice.table.name);
  const query = select({
    columns: [
      as(col('e', '__row'), 'row'),
      as(cast(col('e', choice.column), 'text'), 'id'),
      as(col('e', KNOWN), 'known'),
      as(clusters.cluster, 'cluster'),
    ],
    from: dataTable(choice.table.name, 'e'),
    joins: clusters.joins,
    orderBy: [asc(col('e', '__row'))],
  });
  const [row, id, known, cluster] = (await engine.columns(toSql(query, engine.dialect))).columns.map(
    (c) => c.values,
  );
  const index = indexIds([...id!].map((x) => String(x ?? '')));
  const repeated = rows.id.find((text) => index.repeats(text));
  if (repeated !== undefined)
    throw new LeadlightError('UNKNOWN_ENTITY', {
      problem: `Column ${choice.column} of ${choice.table.name} does not identify its rows: several hold ${repeated}`,
      remedy: `Name another column with --entity, or add to leadlight.yaml a table derived from ${choice.column}.`,
    });
  const at = rows.id.map((text) => index.find(reorder(text, choice.order)));
  const past = [...cluster!].reduce<number>((a, b) => Math.max(a, Number(b)), -1) + 1;
  return {
    entityRow: Int32Array.from(at, (k) => (k < 0 ? -1 : Number(row![k]))),
    cluster: Int32Array.from(ordinals(at.map((k, n) => (k < 0 ? past + n : Number(cluster![k]))))),
    warnings: [...repeats(rows), ...unmatched(rows, at), ...notYetKnown(rows, at, known!)],
  };
}

const reorder = (id: string, order: readonly number[] | undefined): string => {
  if (!order) return id;
  const parts = id.split('|');
  return order.map((_, k) => parts[order.indexOf(k)] ?? '').join('|');
};

function unmatched(rows: TaskRows, at: readonly number[]): readonly string[] {
  const lost = [...at.keys()].filter((k) => at[k]! < 0);
  if (lost.length === 0) return [];
  if (lost.length === at.length)
    throw new LeadlightError('UNKNOWN_ENTITY', {
      problem: `None of the ${at.length} ids of the task table is found, for example ${rows.id.slice(0, 3).join(', ')}`,
      remedy: 'Check --entity: it names the table and column that the ids come from.',
    });
  const examples = lost.slice(0, 3).map((k) => rows.id[k]);
  return [
    `${lost.length} of ${at.length} rows name an id that no row has, for example ${examples.join(', ')}: they are kept and scored without its data.`,
  ];
}

const repeats = ({ repeated }: TaskRows): readonly string[] =>
  repeated.length === 0
    ? []
    : [
        `${repeated.length} rows repeat an earlier row (first on line ${repeated[0]}): they are kept and count again.`,
      ];

/** Same-day creation is usual where cutoffs are dates; a day and more is worth telling. */
function notYetKnown(
  rows: TaskRows,
  at: readonly number[],
  known: ArrayLike<number | string | null>,
): readonly string[] {
  const early = at.filter((k, n) => k >= 0 && Number(known[k]) > rows.cutoff[n]! + DAY_MS).length;
  return early > 0 ? [`${early} rows have a cutoff before their entity is first known.`] : [];
}

interface SplitChoice {
  readonly names: readonly SplitName[];
  readonly validation: Task['validation'];
  readonly warnings: readonly string[];
}

function splitRows(rows: TaskRows, cluster: Int32Array, seed: number): SplitChoice {
  const named = rows.split ?? defaultSplits(rows, cluster, seed);
  const labelled = named.map((s, k) => (rows.label[k] === '' ? 'predict' : s));
  const warnings = rows.split
    ? []
    : ['No split column: the oldest 60 % are train, the next 20 % validation, the newest 20 % test.'];
  const unlabelled = named.filter((s, k) => s === 'train' && rows.label[k] === '').length;
  const blanks =
    unlabelled > 0 ? [`${unlabelled} rows of the train split have no label: they are predicted.`] : [];
  if (labelled.includes('val'))
    return { names: labelled, validation: rows.split ? 'given' : 'time', warnings: [...warnings, ...blanks] };
  const names = labelled.map((s, k) => (s === 'train' && inFold(cluster[k]!, seed) ? 'val' : s));
  const held = 'No validation rows: a fifth of the accounts in train is held out for validation.';
  return { names, validation: 'grouped-folds', warnings: [...warnings, ...blanks, held] };
}

function defaultSplits(rows: TaskRows, cluster: Int32Array, seed: number): readonly SplitName[] {
  const times = rows.cutoff.map((t, k) => (rows.label[k] === '' ? Number.NaN : t));
  const dated = new Set(times.filter((t) => !Number.isNaN(t)));
  if (dated.size >= 3) return timeSplits([...times]);
  return staticSplits({ mode: 'compare', seed }, [...times].fill(Number.NaN), [...cluster]);
}

function overlap(
  rows: TaskRows,
  split: readonly SplitName[],
  horizonDays: number | undefined,
): readonly string[] {
  const at = (name: SplitName): readonly number[] => [...rows.cutoff].filter((_, k) => split[k] === name);
  const firstTest = at('test').reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const lastTrain = at('train').reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (horizonDays === undefined || !Number.isFinite(firstTest)) return [];
  if (lastTrain + horizonDays * DAY_MS <= firstTest) return [];
  return [
    `Label windows of train rows (to ${printMoment(lastTrain)} + ${horizonDays} days) run past the first test cutoff ${printMoment(firstTest)}: results may flatter.`,
  ];
}
