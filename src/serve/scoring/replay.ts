/**
 * A saved model on the tables as they are now: the question is asked again with the settings of its training, the plan
 * runs as saved for the population alone, and the model predicts. Nothing is learned.
 *
 * Matured outcomes, where they are features, are counted from the present labels: a model keeps up with what has become
 * known since, and at the cutoff it was trained at it sees exactly what it saw.
 */
import { LeadlightError } from '../../errors.ts';
import { applyDerived } from '../../learn/features/derive/derive.ts';
import { createSnapshots } from '../../learn/features/prepare.ts';
import { computeFeatures } from '../../learn/features/run.ts';
import { selectColumns, selectRows } from '../../learn/features/screen.ts';
import type { FeatureMatrix } from '../../learn/features/types.ts';
import type { Task } from '../../query/task/types.ts';
import { lastCredible, type WorkspaceContext } from './context.ts';
import { exampleRows } from './examples.ts';
import { createOutcomes } from './outcomes.ts';
import { type Prepared, planMoment } from './prepare.ts';
import { schemaAdditions, schemaChanges } from './registry/schema-change.ts';
import type { ModelState, RegisteredModel, TrainingParameters } from './registry/types.ts';
import { resolveTask } from './resolve.ts';
import { chooseRungs } from './rungs.ts';
import {
  besideReference,
  type Scorable,
  scoredRows,
  scoredSplits,
  trendRows,
  unscreenedAt,
} from './scorable.ts';
import type { TargetOptions } from './types.ts';

/** The options a model was trained with, asked at the moment of `options`. */
export function trainingOptions(options: TargetOptions, was: TrainingParameters): TargetOptions {
  const { rungs: _, stepDays: __, trainTo: ___, valAt: ____, ...rest } = options;
  return {
    ...rest,
    budget: was.budget,
    seed: was.seed,
    ...(was.step_days === null ? {} : { stepDays: was.step_days }),
    ...(was.train_to === null ? {} : { trainTo: was.train_to }),
    ...(was.val_at === null ? {} : { valAt: was.val_at }),
  };
}

/** @throws LeadlightError MODEL_UNFIT when the schema changed or the model knows more than the scoring cutoff. */
export async function replay(
  context: WorkspaceContext,
  registered: RegisteredModel,
  state: ModelState,
  given: TargetOptions,
): Promise<Scorable> {
  const options = trainingOptions(given, state.parameters);
  refuseChangedSchema(context, registered, state);
  const resolved = await resolveTask(context, options, 'score');
  const { task } = resolved;
  const moment = planMoment(task, lastCredible(context));
  refuseLaterKnowledge(registered, state, moment.ms);
  const rows = scoredRows(task);
  const { all, outcomeWarnings } = await replayFeatures(context, state, task, options);
  const [rung] = chooseRungs([state.parameters.rung], state.ladder);
  const [icp] = state.record ? chooseRungs([state.record.rung], state.ladder) : [];
  const warnings = [
    ...resolved.warnings,
    ...task.warnings,
    ...moment.warnings,
    ...outcomeWarnings,
    ...state.plan.notes,
    ...newcomers(context, state),
  ];
  const beside = besideReference(
    {
      leaks: state.leaks.map((leak) => ({ ...leak, evidence: '' })),
      plan: state.plan,
      outcomes: state.outcomes,
      warnings,
      model: state.task,
      screened: state.screened,
      derived: state.derived,
      ...(all.earlier ? { earlier: all.earlier } : {}),
    },
    { task, rows, matrix: all.scored, unscreened: all.unscreened },
    state,
  );
  return {
    resolved,
    ...beside,
    fitted: rung!.load(state.model),
    ...(icp && state.record ? { record: icp.load(state.record.state) } : {}),
    model: modelView(registered, state),
    warnings,
  };
}

const modelView = ({ card, status }: RegisteredModel, state: ModelState): Scorable['model'] => ({
  rung: state.parameters.rung,
  version: card.version,
  status,
  data_cutoff: card.data_cutoff,
  trained_rows: state.rows.train + state.rows.val,
  positives: state.rows.positives,
});

interface Replayed {
  readonly scored: FeatureMatrix;
  readonly unscreened: Prepared['unscreened'];
  readonly earlier?: FeatureMatrix;
}

/** Every row at a scored cutoff is computed, for places are taken among them; those not scored are dropped again. */
async function replayFeatures(
  context: WorkspaceContext,
  state: ModelState,
  task: Task,
  options: TargetOptions,
): Promise<{ readonly all: Replayed; readonly outcomeWarnings: readonly string[] }> {
  const { engine, config } = context;
  const earlier = trendRows(task, options);
  const splits = scoredSplits(task);
  await createSnapshots(engine, {
    moment: lastCredible(context),
    atCutoffsOf: splits,
    ...(earlier === undefined ? {} : { earlier: { ...earlier, first: task.snapshots.rows } }),
  });
  const outcomes = await createOutcomes(
    engine,
    config,
    task,
    state.leaks.map((l) => ({ ...l, evidence: '' })),
  );
  const present = rowsAtCutoffsOf(task, splits);
  const narrowed = narrow(task, present);
  const rows = exampleRows(narrowed, earlier);
  const matrix = await computeFeatures(engine, state.plan, rows.entityRow.length, {
    ...options,
    outcomes: state.outcomes && outcomes.available,
  });
  const full = await applyDerived(
    { engine, plan: state.plan, matrix, rows, control: options },
    state.derived,
  );
  const kept = pick(full, state);
  const scored = Int32Array.from(
    present.flatMap((sid, i) => (splits.includes(task.snapshots.split[sid]!) ? [i] : [])),
  );
  const rest = full.rows - present.length;
  return {
    all: {
      scored: selectRows(kept, scored),
      unscreened: unscreenedAt({ matrix: full, rows }, scored),
      ...(rest === 0
        ? {}
        : {
            earlier: selectRows(
              kept,
              Int32Array.from({ length: rest }, (_, i) => present.length + i),
            ),
          }),
    },
    outcomeWarnings: outcomes.warnings,
  };
}

function rowsAtCutoffsOf({ snapshots }: Task, splits: readonly string[]): readonly number[] {
  const wanted = new Set(
    snapshots.split.flatMap((s, i) => (splits.includes(s) ? [snapshots.cutoff[i]!] : [])),
  );
  return snapshots.split.flatMap((_, i) => (wanted.has(snapshots.cutoff[i]!) ? [i] : []));
}

function narrow(task: Task, rows: readonly number[]): Pick<Task, 'snapshots'> {
  const { snapshots } = task;
  return {
    snapshots: {
      rows: rows.length,
      entityRow: Int32Array.from(rows, (i) => snapshots.entityRow[i]!),
      entityId: rows.map((i) => snapshots.entityId[i]!),
      cutoff: Float64Array.from(rows, (i) => snapshots.cutoff[i]!),
      split: rows.map((i) => snapshots.split[i]!),
      cluster: Int32Array.from(rows, (i) => snapshots.cluster[i]!),
    },
  };
}

/** The model's columns, in its order and with the categories it knows. */
function pick(matrix: FeatureMatrix, state: ModelState): FeatureMatrix {
  const place = new Map(matrix.columns.map((c, i) => [c.name, i]));
  const kept = state.columns.map((c) => {
    const at = place.get(c.name);
    if (at !== undefined) return at;
    throw new LeadlightError('MODEL_UNFIT', {
      problem: `The model reads the feature ${c.name}, which its plan no longer yields`,
      remedy: REMEDY,
    });
  });
  return { ...selectColumns(matrix, kept), columns: state.columns };
}

const REMEDY = 'Score with --fresh to train anew, or run `leadlight train` to register a new version';

function refuseChangedSchema(
  { config }: WorkspaceContext,
  { card }: RegisteredModel,
  state: ModelState,
): void {
  const zone =
    config.timeZone === state.time_zone ? [] : [`time zone was ${state.time_zone} and is ${config.timeZone}`];
  const changes = [...zone, ...schemaChanges(state.schema, config.schema)];
  if (changes.length === 0) return;
  const shown = changes.slice(0, 5).join('; ');
  throw new LeadlightError('MODEL_UNFIT', {
    problem: `Model ${card.version} was trained on another schema: ${shown}${changes.length > 5 ? `; and ${changes.length - 5} more changes` : ''}`,
    remedy: REMEDY,
  });
}

function refuseLaterKnowledge({ card }: RegisteredModel, state: ModelState, moment: number): void {
  if (moment >= state.plan.input.asOf) return;
  throw new LeadlightError('MODEL_UNFIT', {
    problem: `Model ${card.version} has learned from data up to ${new Date(state.plan.input.asOf).toISOString()}, after the scoring cutoff ${new Date(moment).toISOString()}: its scores would know the future`,
    remedy: REMEDY,
  });
}

function newcomers({ config }: WorkspaceContext, { schema }: ModelState): readonly string[] {
  const added = schemaAdditions(schema, config.schema);
  if (added.length === 0) return [];
  return [
    `Added since the model was trained and not read by it: ${added.slice(0, 5).join(', ')}${added.length > 5 ? ` and ${added.length - 5} more` : ''}.`,
  ];
}
