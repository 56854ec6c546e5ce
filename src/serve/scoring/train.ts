/** train: one rung fitted on everything matured by the cutoff → what is saved of it, its card, and how it did on outcomes held out. */
import { LeadlightError } from '../../errors.ts';
import { selectRows } from '../../learn/features/screen.ts';
import type { LadderOptions } from '../../learn/models/ladder.ts';
import type { FitContext, Fitted } from '../../learn/models/types.ts';
import { printMoment } from '../../query/task/calendar.ts';
import type { Task } from '../../query/task/types.ts';
import { packageVersion } from '../../util/package-version.ts';
import { resolveAffordable } from './afford.ts';
import { lastCredible, type WorkspaceContext } from './context.ts';
import { heldOut, judge } from './evaluate.ts';
import { type Prepared, prepare } from './prepare.ts';
import { toBase64 } from './registry/bytes.ts';
import { questionOfQuery, questionOfRows } from './registry/question.ts';
import { saveReference } from './registry/reference.ts';
import { schemaHash } from './registry/schema-change.ts';
import { findModel, modelsFolder, type PrintedState, printedState, writeModel } from './registry/store.ts';
import type {
  HeldOutFigures,
  HeldOutRows,
  ModelCard,
  ModelState,
  RegisteredModel,
  TrainingParameters,
} from './registry/types.ts';
import { type Resolved, taskView } from './resolve.ts';
import { chooseRungs, fitContext, fitRungs, ladderOptions } from './rungs.ts';
import { besideReference, type Scorable, scoredRows, trendRows, unscreenedAt } from './scorable.ts';
import { refuseSeveral } from './several.ts';
import { type Sufficiency, settledOutcomes, sufficiency } from './sufficiency.ts';
import type { ScoreReport, TargetOptions } from './types.ts';
import { using, withheldOf } from './views.ts';

const DEFAULT_RUNG = 'blend';
const RECORD_RUNG = 'icp';

export interface Trained {
  readonly resolved: Resolved;
  readonly prepared: Prepared;
  readonly fitted: Fitted;
  readonly record?: Fitted;
  readonly state: ModelState;
  readonly printed: PrintedState;
  readonly model: ScoreReport['model'];
}

export const parametersOf = (options: TargetOptions): TrainingParameters => ({
  rung: options.rungs?.[0] ?? DEFAULT_RUNG,
  budget: options.budget ?? 'normal',
  seed: options.seed ?? 1,
  step_days: options.stepDays ?? null,
  train_to: options.trainTo ?? null,
  val_at: options.valAt ?? null,
});

export async function trainRung(context: WorkspaceContext, options: TargetOptions): Promise<Trained> {
  const asked = parametersOf(options);
  const { budget, seed } = asked;
  const target = await resolveAffordable(context, options, 'score');
  const enough = advised(target.task, options);
  const resolved = enough ? { ...target, warnings: [...target.warnings, enough.sentence] } : target;
  const earlier = trendRows(resolved.task, options);
  const input = {
    ...context,
    lastCredible: lastCredible(context),
    budget,
    seed,
    ...using(resolved),
    ...(earlier ? { earlier } : {}),
  };
  const prepared = await prepare(input, resolved.task, options);
  const ladder = ladderOptions(context.config, prepared);
  const fit = fitContext(prepared, { ...options, budget, seed, threads: context.threads });
  const rung = enough ? ableRung(enough, ladder, fit) : asked.rung;
  const parameters = { ...asked, rung };
  const [model] = chooseRungs([rung], ladder);
  const unable = model!.inapplicable?.(fit);
  if (unable !== undefined) {
    throw new LeadlightError('USAGE', {
      problem: `Rung ${model!.name}: ${unable}`,
      remedy: 'Choose another with --rungs.',
    });
  }
  const fitted = await model!.fit(fit);
  const [icp] = chooseRungs([RECORD_RUNG], ladder);
  const binary = prepared.model.type === 'binary';
  const both = new Set([...fit.train.label, ...fit.val.label]).size > 1;
  const record = binary && both && icp!.inapplicable?.(fit) === undefined ? await icp!.fit(fit) : undefined;
  const { counts } = resolved.task;
  const rows = {
    train: counts.train.rows,
    val: counts.val.rows,
    positives: binary ? counts.train.positives + counts.val.positives : 0,
  };
  const state: ModelState = {
    format: 1,
    question: resolved.checked
      ? questionOfQuery(context.config, resolved.checked, options.exclude)
      : questionOfRows(context.config, resolved.task, options.exclude),
    parameters,
    task: prepared.model,
    classes: resolved.task.classes ?? null,
    rows,
    ladder,
    schema: context.config.schema,
    time_zone: context.config.timeZone,
    plan: prepared.plan,
    outcomes: prepared.outcomes,
    leaks: prepared.leaks.map(({ column, kind, action }) => ({ column, kind, action })),
    screened: prepared.screened,
    derived: prepared.derived,
    columns: prepared.matrix.columns,
    model: fitted.save(),
    record: record ? { rung: RECORD_RUNG, state: record.save() } : null,
    reference: saveReference(prepared),
  };
  const printed = printedState(state);
  return {
    ...{ resolved, prepared, fitted, state, printed },
    ...(record ? { record } : {}),
    model: {
      rung: parameters.rung,
      version: printed.version,
      status: null,
      data_cutoff: dataCutoff(prepared),
      trained_rows: rows.train + rows.val,
      positives: rows.positives,
    },
  };
}

/** With fewer outcomes than a full model takes, and no rung asked for: what scores instead, and why. */
function advised(task: Task, { rungs }: TargetOptions): Sufficiency | undefined {
  if (task.type !== 'binary' || rungs !== undefined) return undefined;
  const found = sufficiency(settledOutcomes(task));
  return found.advice === 'full' ? undefined : found;
}

/** Rules need events or titles to read; without them the order is newest first. */
function ableRung({ rung }: Sufficiency, ladder: LadderOptions, fit: FitContext): string {
  const able = [rung, 'rules', 'rules-fit', 'newest'].find(
    (name) => chooseRungs([name], ladder)[0]!.inapplicable?.(fit) === undefined,
  );
  return able ?? rung;
}

/** Tables without times have no cutoff: everything on record is in the model. */
const dataCutoff = ({ plan }: Prepared): string | null =>
  plan.input.static || !Number.isFinite(plan.input.asOf) ? null : new Date(plan.input.asOf).toISOString();

/** The model just trained on the rows it is to score: what `replay` of its saved state gives too. */
export function scorableOf({ resolved, prepared, fitted, record, model, state }: Trained): Scorable {
  const rows = scoredRows(resolved.task);
  const matrix = selectRows(prepared.matrix, rows);
  const unscreened = unscreenedAt(prepared.unscreened, rows);
  return {
    resolved,
    ...besideReference(prepared, { task: resolved.task, rows, matrix, unscreened }, state),
    fitted,
    ...(record ? { record } : {}),
    model,
    warnings: [...resolved.warnings, ...prepared.warnings],
  };
}

export async function train(
  context: WorkspaceContext,
  options: TargetOptions & { readonly why?: string },
): Promise<{ readonly model: RegisteredModel; readonly path: string }> {
  refuseSeveral(context, options);
  const trained = await trainRung(context, options);
  const check = await checkOnHeldOut(context, options, trained.state.parameters);
  const card = cardOf(context, trained, check);
  const folder = modelsFolder(context.dir);
  const path = await writeModel(folder, card, trained.printed, check.rows, options.why);
  return { model: await findModel(folder, card.version), path };
}

interface Check {
  readonly figures: HeldOutFigures | null;
  readonly missing: string | null;
  readonly rows?: HeldOutRows;
}

/** The same recipe with the newest matured outcomes held back, judged on them. History may be too short for that. */
async function checkOnHeldOut(
  context: WorkspaceContext,
  options: TargetOptions,
  parameters: TrainingParameters,
): Promise<Check> {
  const { at, ...asked } = options;
  try {
    // Held-out outcomes end where the model's own data ends.
    const limited = at === undefined ? context : until(context, Date.parse(at));
    return await judgeHeldOut(limited, asked, parameters);
  } catch (error) {
    const short = error instanceof LeadlightError && ['TASK_EMPTY', 'TASK_ONE_CLASS'].includes(error.code);
    if (!short) throw error;
    return { figures: null, missing: error.message };
  }
}

const until = (context: WorkspaceContext, at: number): WorkspaceContext =>
  at < lastCredible(context) ? { ...context, load: { ...context.load, lastCredibleTime: at } } : context;

async function judgeHeldOut(
  context: WorkspaceContext,
  options: TargetOptions,
  { rung, budget, seed }: TrainingParameters,
): Promise<Check> {
  const resolved = await resolveAffordable(context, options, 'compare');
  const { task } = resolved;
  const test = heldOut(task);
  if (test.rows.length === 0) return { figures: null, missing: 'No labelled row is held out for testing.' };
  const prepared = await prepare(
    { ...context, lastCredible: lastCredible(context), budget, seed, ...using(resolved) },
    task,
    options,
  );
  const matrix = selectRows(prepared.matrix, test.rows);
  const settings = { ...options, rungs: [rung], budget, seed, threads: context.threads };
  const [found] = await fitRungs(context.config, prepared, matrix, settings);
  if (!found?.prediction) return { figures: null, missing: found?.note ?? 'The rung did not run.' };
  const head = { name: rung, level: found.model.level, seconds: 0 };
  const times = Array.from(test.rows, (i) => task.snapshots.cutoff[i]!).filter((t) => !Number.isNaN(t));
  const moment = (pick: (a: number, b: number) => number): string | null =>
    times.length === 0 ? null : printMoment(times.reduce((a, b) => pick(a, b)));
  return {
    figures: {
      rows: test.rows.length,
      positives: task.counts.test.positives,
      from: moment(Math.min),
      to: moment(Math.max),
      figures: judge(head, prepared.model, found.prediction, test, seed),
    },
    missing: null,
    rows: {
      entity_id: Array.from(test.rows, (i) => task.snapshots.entityId[i]!),
      cutoff: Array.from(test.rows, (i) => finiteOrNull(task.snapshots.cutoff[i]!)),
      cluster: Array.from(test.rows, (i) => task.snapshots.cluster[i]!),
      label: [...test.label],
      prediction: toBase64(found.prediction),
    },
  };
}

const finiteOrNull = (x: number): number | null => (Number.isFinite(x) ? x : null);

function cardOf(
  context: WorkspaceContext,
  { resolved, prepared, state, printed, model }: Trained,
  check: Check,
): ModelCard {
  const labelled = state.rows.train + state.rows.val;
  const binary = state.task.type === 'binary';
  return {
    version: printed.version,
    state_sha256: printed.sha256,
    question: state.question,
    task: taskView(resolved),
    parameters: state.parameters,
    data_cutoff: model.data_cutoff,
    training: {
      train_rows: state.rows.train,
      val_rows: state.rows.val,
      positives: state.rows.positives,
      base_rate: binary && labelled > 0 ? state.rows.positives / labelled : null,
    },
    held_out: check.figures,
    held_out_missing: check.missing,
    calibration: binary
      ? 'on the newest matured outcomes, with the trailing base rate'
      : 'none: only yes/no probabilities are calibrated',
    features: state.columns.map(({ name, sentence }) => ({ name, sentence })),
    screened: state.screened,
    withheld: withheldOf(prepared),
    schema_sha256: schemaHash(context.config.schema),
    engine: context.engine.dialect,
    package_version: packageVersion(),
    warnings: [...resolved.warnings, ...prepared.warnings],
  };
}
