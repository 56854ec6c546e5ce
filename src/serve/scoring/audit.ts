/** audit: is what decides today any good, does anything leak, whom does it favour, and what would a change be worth. */
import { LeadlightError } from '../../errors.ts';
import { selectRows } from '../../learn/features/screen.ts';
import type { Task } from '../../query/task/types.ts';
import { resolveAffordable } from './afford.ts';
import { findCollapses } from './audit-collapse.ts';
import { auditScore, type ScoreInUse } from './audit-scores.ts';
import type { AuditOptions, AuditReport } from './audit-types.ts';
import { segmentColumn } from './breakdowns.ts';
import { colleagueStudy } from './colleagues.ts';
import { lastCredible, type WorkspaceContext } from './context.ts';
import { type NamedCells, namedCells } from './entity-cells.ts';
import { type HeldOut, heldOut } from './evaluate.ts';
import { excludedNames } from './excluded.ts';
import { fairnessView } from './fairness.ts';
import { type Prepared, prepare } from './prepare.ts';
import { taskView } from './resolve.ts';
import { type FittedRung, fitRungs, hasPoints, type RungOptions } from './rungs.ts';
import { segmentView } from './segments.ts';
import { settledOutcomes, sufficiency } from './sufficiency.ts';
import { using, withheldOf } from './views.ts';
import { capacityView, moneyView, type Order } from './worth.ts';

/** Newest-first is the order of those who have none. */
const RUNGS = ['newest', 'rules', 'blend'];
const AS_EXPORTED = 'as exported, may know the outcome';

export async function audit(context: WorkspaceContext, options: AuditOptions): Promise<AuditReport> {
  const [seed, budget] = [options.seed ?? 1, options.budget ?? 'normal'];
  const resolved = await resolveAffordable(context, options, 'compare');
  const { task } = resolved;
  const test = heldOut(task);
  checkAuditable(task, test);
  const columns = await namedColumns(context, task, options);
  const input = { ...context, lastCredible: lastCredible(context), budget, seed, ...using(resolved) };
  const prepared = await prepare(input, task, options);
  const settings: RungOptions = { ...options, seed, budget, threads: context.threads };
  const matrix = selectRows(prepared.matrix, test.rows);
  const fitted = await fitRungs(context.config, prepared, matrix, {
    ...settings,
    rungs: options.rungs ?? RUNGS,
  });
  const ran = fitted.filter((r) => r.prediction !== undefined).sort((a, b) => a.model.level - b.model.level);
  const lead = ran.at(-1);
  if (!lead?.prediction) throw noModel(fitted);
  const model = { name: lead.model.name, score: lead.prediction };
  const used = scoresInUse(prepared, test, columns.scores);
  const others = ran.filter((r) => r !== lead).map(orderOf);
  const now: Order = used[0] ?? others[0] ?? model;
  const { collapses, colleagues } = await onHistory(context, prepared, options, seed);
  return {
    task: taskView(resolved),
    rows: test.rows.length,
    positives: test.label.reduce((a, b) => a + b, 0),
    rung: model.name,
    sufficiency: sufficiency(settledOutcomes(task)),
    leaks: prepared.leaks,
    collapses,
    scores: [...used, ...others.map((o) => ({ ...o, note: null })), { ...model, note: null }].map((s) =>
      auditScore(s, model, test, seed),
    ),
    colleagues,
    capacity: capacityView([...others, ...used, model], test, options, seed),
    money: moneyView(now, model, test, options, seed),
    ...(await byGroups(context, prepared, test, lead, columns, settings)),
    warnings: [...resolved.warnings, ...prepared.warnings],
    withheld: withheldOf(prepared),
  };
}

const orderOf = (r: FittedRung): Order => ({ name: r.model.name, score: r.prediction! });

async function onHistory(
  context: WorkspaceContext,
  prepared: Prepared,
  options: AuditOptions,
  seed: number,
): Promise<Pick<AuditReport, 'collapses' | 'colleagues'>> {
  options.progress?.({ stage: 'exported against as of the cutoff', done: 0, total: 2 });
  const collapses = await findCollapses(context, prepared);
  options.signal?.throwIfAborted();
  options.progress?.({ stage: 'active contacts', done: 1, total: 2 });
  return { collapses, colleagues: await colleagueStudy(context, prepared.task, seed) };
}

async function byGroups(
  context: WorkspaceContext,
  prepared: Prepared,
  test: HeldOut,
  lead: FittedRung,
  { excluded, segment }: NamedColumns,
  settings: RungOptions,
): Promise<Pick<AuditReport, 'segments' | 'fairness'>> {
  const fairness = [];
  const score = lead.prediction!;
  for (const column of excluded)
    fairness.push(await fairnessView(context, { ...column, score, prepared, test }, settings));
  if (!segment) return { segments: null, fairness };
  const input = { ...segment, rung: lead, prepared, test };
  return { segments: await segmentView(context, input, settings), fairness };
}

interface NamedColumns {
  /** The points of leadlight.yaml and the columns asked for. */
  readonly scores: readonly NamedCells[];
  readonly excluded: readonly NamedCells[];
  readonly segment: NamedCells | undefined;
}

/** Looked up before anything is computed. @throws LeadlightError USAGE */
async function namedColumns(
  context: WorkspaceContext,
  task: Task,
  options: AuditOptions,
): Promise<NamedColumns> {
  const { points } = context.config;
  const entity = task.entityTable;
  const all = async (names: readonly string[]): Promise<readonly NamedCells[]> => {
    const found: NamedCells[] = [];
    for (const name of new Set(names)) found.push(await namedCells(context, entity, name));
    return found;
  };
  return {
    scores: await all([...(points === undefined ? [] : [points]), ...(options.scoreColumns ?? [])]),
    excluded: await all(excludedNames(context.config, entity, options.exclude)),
    segment: await segmentColumn(context, task, options),
  };
}

/** As of the cutoff where that is a feature. */
function scoresInUse(
  prepared: Prepared,
  test: HeldOut,
  columns: readonly NamedCells[],
): readonly (ScoreInUse & Order)[] {
  const { entityRow } = prepared.task.snapshots;
  return columns.map(({ column: name, cells }) => {
    const at = hasPoints(name, prepared)
      ? prepared.matrix.columns.findIndex(
          (c) => c.primitive === 'number' && c.path.length === 0 && `${c.table}.${c.column}` === name,
        )
      : -1;
    const score = Float64Array.from(test.rows, (sid) =>
      at < 0 ? numberOf(cells.get(entityRow[sid]!)) : prepared.matrix.data[at]![sid]!,
    );
    return { name, note: at < 0 ? AS_EXPORTED : null, score };
  });
}

/** A row without a score stands last. */
const numberOf = (cell: string | undefined): number => (cell === undefined ? Number.NaN : Number(cell));

function checkAuditable(task: Task, test: HeldOut): void {
  if (task.type !== 'binary')
    throw new LeadlightError('USAGE', {
      problem: `An audit judges yes-or-no targets; this target is ${task.type}`,
      remedy: 'Ask a yes-or-no question, e.g. COUNT(...) > 0.',
    });
  if (test.rows.length === 0)
    throw new LeadlightError('TASK_EMPTY', {
      problem: 'There are no labelled test rows to audit scores on',
      remedy: 'Give the task table rows with split test and labels.',
    });
}

const noModel = (rungs: readonly FittedRung[]): LeadlightError =>
  new LeadlightError('USAGE', {
    problem: `No rung ran: ${rungs.map((r) => `${r.model.name}: ${r.note}`).join('; ')}`,
    remedy: 'Choose others with --rungs.',
  });
