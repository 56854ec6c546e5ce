/**
 * The library: `initWorkspace` infers leadlight.yaml from files; `openWorkspace` loads its tables and answers. Tables
 * are read when first needed; the engine lives until `close`.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openDuckdb } from '../../data/engine/duckdb.ts';
import type { Engine } from '../../data/engine/types.ts';
import { loadWorkspace } from '../../data/load/load.ts';
import { identityRules } from '../../data/quality/identity/infer.ts';
import { identityFindings } from '../../data/quality/identity/report.ts';
import { resolveIdentity } from '../../data/quality/identity/resolve.ts';
import { type CheckReport, checkData, worstFirst } from '../../data/schema/check.ts';
import { inferSchema } from '../../data/schema/infer.ts';
import type { WorkspaceConfig } from '../../data/schema/types.ts';
import { readConfig } from '../../data/schema/yaml-read.ts';
import { writeConfig } from '../../data/schema/yaml-write.ts';
import { attachRaw } from '../../data/sources/attach.ts';
import { discoverSources } from '../../data/sources/files.ts';
import { toSql } from '../../data/sql/print.ts';
import { LeadlightError } from '../../errors.ts';
import { planSql } from '../../learn/features/run.ts';
import type { FeatureColumn, PathStep } from '../../learn/features/types.ts';
import type { Diagnostic } from '../../query/pql/ast.ts';
import { compileQuery } from '../../query/pql/compile.ts';
import { describeQuery } from '../../query/pql/describe.ts';
import type { RunControl } from '../../util/progress.ts';
import { resolveAffordable } from './afford.ts';
import { audit } from './audit.ts';
import type { AuditOptions, AuditReport } from './audit-types.ts';
import { backtest } from './backtest.ts';
import type { BacktestDetail, BacktestOptions } from './backtest-types.ts';
import { ceiling } from './ceiling.ts';
import type { CeilingDetail, CeilingOptions } from './ceiling-types.ts';
import { compare } from './compare.ts';
import { defaultThreads, lastCredible, type WorkspaceContext } from './context.ts';
import { explainOnData } from './explain-query.ts';
import { type SignalsReport, signals } from './global-view.ts';
import { labels } from './labels.ts';
import { compareModels, type ModelComparison } from './models.ts';
import { type PlaybookReport, playbookTest } from './playbook-test.ts';
import { type Planned, planTask } from './prepare.ts';
import { type PriorityOptions, type PriorityReport, priority } from './priority.ts';
import { findModel, listModels, markModel, modelsFolder, rollBack } from './registry/store.ts';
import type { RegisteredModel } from './registry/types.ts';

import { explain, score } from './score.ts';
import { recording, type Statement } from './sql-view.ts';
import { train } from './train.ts';
import type {
  CompareDetail,
  CompareOptions,
  LabelsReport,
  Score,
  ScoreReport,
  TargetOptions,
} from './types.ts';
import { using } from './views.ts';
import { type WhatIf, type WhatIfOptions, whatIf } from './what-if.ts';

export interface WorkspaceOptions {
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  readonly now?: Date;
}

export interface PlanView {
  readonly columns: readonly FeatureColumn[];
  readonly paths: readonly {
    readonly path: readonly PathStep[];
    readonly table: string;
    readonly columns: number;
  }[];
  /** What running the plan is expected to cost on two cores. */
  readonly estimate: {
    readonly snapshots: number;
    readonly columns: number;
    readonly staged_rows: number;
    readonly joined_rows: number;
    readonly seconds: number;
    readonly memory_mb: number;
  };
  readonly notes: readonly string[];
}

export interface QueryExplanation {
  readonly lines: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Workspace {
  readonly dir: string;
  readonly config: WorkspaceConfig;
  check(control?: RunControl): Promise<CheckReport>;
  labels(options: TargetOptions): Promise<LabelsReport>;
  plan(options: TargetOptions): Promise<PlanView>;
  sql(options: TargetOptions): Promise<readonly Statement[]>;
  compare(options: CompareOptions): Promise<CompareDetail>;
  backtest(options: BacktestOptions): Promise<BacktestDetail>;
  ceiling(options: CeilingOptions): Promise<CeilingDetail>;
  audit(options: AuditOptions): Promise<AuditReport>;
  priority(options: PriorityOptions): Promise<PriorityReport>;
  train(
    options: TargetOptions & { readonly why?: string },
  ): Promise<{ readonly model: RegisteredModel; readonly path: string }>;
  readonly models: ModelRegistry;
  score(options: TargetOptions): Promise<ScoreReport>;
  explain(options: TargetOptions & { readonly id: string }): Promise<Score>;
  whatIf(options: WhatIfOptions): Promise<WhatIf>;
  signals(options: TargetOptions): Promise<SignalsReport>;
  playbookTest(options: TargetOptions): Promise<PlaybookReport>;
  explainQuery(text: string, strict?: boolean): Promise<QueryExplanation>;
  close(): Promise<void>;
}

/** The trained versions of a workspace. `why` goes into the journal beside the time and the user. */
export interface ModelRegistry {
  list(): Promise<readonly RegisteredModel[]>;
  show(version: string): Promise<RegisteredModel>;
  promote(version: string, why?: string): Promise<RegisteredModel>;
  /** Scores along with the champion from now on; `withdraw` ends it. */
  shadow(version: string, why?: string): Promise<RegisteredModel>;
  withdraw(version: string, why?: string): Promise<RegisteredModel>;
  /** Takes back a champion (the only one, when not named); resolves to the one in use again. */
  rollBack(version?: string, why?: string): Promise<RegisteredModel>;
  compare(versions: readonly [string, string], options?: TargetOptions): Promise<ModelComparison>;
}

const CONFIG_FILE = 'leadlight.yaml';
const SPILL = '.spill';

export interface InitResult {
  readonly config: WorkspaceConfig;
  readonly file: string;
  readonly warnings: readonly string[];
}

/** Reads the sources once, infers the schema and writes `<dir>/leadlight.yaml`. */
export async function initWorkspace(
  paths: readonly string[],
  dir: string,
  control: RunControl = {},
  options: WorkspaceOptions = {},
): Promise<InitResult> {
  const sources = await discoverSources(paths, process.cwd());
  const engine = await open(dir, options);
  try {
    const raw = await attachRaw(engine, sources, process.cwd(), control);
    if (raw.every((r) => r.rows === 0))
      throw new LeadlightError('SOURCE_EMPTY', { path: paths.join(', '), problem: 'no table has a row' });
    const tables = raw.filter((r) => r.columns.length > 0);
    const inferred = await inferSchema(engine, tables, { baseDir: resolve(dir) }, control);
    const config = { ...inferred, identity: identityRules(inferred.schema) };
    const file = join(dir, CONFIG_FILE);
    await mkdir(dir, { recursive: true });
    await writeFile(file, writeConfig(config));
    const warnings = raw.flatMap((r) =>
      r.repairs.map((p) => `${p.where}: ${p.problem} (${p.rows}): ${p.action}`),
    );
    return { config, file, warnings };
  } finally {
    await engine.close();
  }
}

const open = (dir: string, options: WorkspaceOptions) =>
  openDuckdb({
    threads: options.threads ?? defaultThreads(),
    spillDir: join(resolve(dir), SPILL),
    ...(options.memoryLimitMb === undefined ? {} : { memoryLimitMb: options.memoryLimitMb }),
  });

/** @throws LeadlightError WORKSPACE_NOT_FOUND, WORKSPACE_INVALID; source errors when tables are first read. */
export async function openWorkspace(dir: string, options: WorkspaceOptions = {}): Promise<Workspace> {
  const file = join(dir, CONFIG_FILE);
  if (!existsSync(file)) throw new LeadlightError('WORKSPACE_NOT_FOUND', { looked: file });
  const config = readConfig(await readFile(file, 'utf8'), file);
  let loaded: Promise<WorkspaceContext> | undefined;
  const context = (control: RunControl = {}): Promise<WorkspaceContext> => {
    loaded ??= load(dir, config, options, control);
    return loaded;
  };
  const planned = async (o: TargetOptions, watched?: Engine): Promise<Planned> => {
    const c = await context(o);
    const resolved = await resolveAffordable(watched ? { ...c, engine: watched } : c, o, 'compare');
    const input = {
      ...c,
      lastCredible: lastCredible(c),
      budget: o.budget ?? ('normal' as const),
      ...using(resolved),
    };
    const found = await planTask(input, resolved.task, o);
    return { ...found, plan: { ...found.plan, notes: [...resolved.warnings, ...found.plan.notes] } };
  };
  return {
    dir,
    config,
    check: async (control = {}) => {
      const c = await context(control);
      const { findings } = await checkData(c.engine, config, c.load);
      return worstFirst([...findings, ...(await identityFindings(c.engine, config))]);
    },
    labels: async (o) => labels(await context(o), o),
    plan: async (o) => planView(await planned(o)),
    sql: async (o) => {
      const { engine, statements } = recording(
        (await context(o)).engine,
        o.taskTable === undefined ? 'labels' : 'entities',
      );
      const { plan } = await planned(o, engine);
      return [...statements, ...planSql(plan, (query) => toSql(query, 'duckdb'))];
    },
    compare: async (o) => compare(await context(o), o),
    backtest: async (o) => backtest(await context(o), o),
    ceiling: async (o) => ceiling(await context(o), o),
    audit: async (o) => audit(await context(o), o),
    priority: async (o) => priority(await context(o), o),
    train: async (o) => train(await context(o), o),
    models: registryOf(dir, context),
    score: async (o) => score(await context(o), o),
    explain: async (o) => explain(await context(o), o),
    whatIf: async (o) => whatIf(await context(o), o),
    signals: async (o) => signals(await context(o), o),
    playbookTest: async (o) => playbookTest(await context(o), o),
    explainQuery: async (text, strict) => {
      const { query, checked, diagnostics } = compileQuery(text, config.schema, {
        mode: strict ? 'strict' : 'lenient',
        targets: config.targets,
      });
      if (!checked) return { lines: query ? describeQuery(query, config.schema) : [], diagnostics };
      return { lines: await explainOnData(await context(), checked, text), diagnostics };
    },
    close: async () => {
      if (loaded) await loaded.then((c) => c.engine.close());
    },
  };
}

function registryOf(
  dir: string,
  context: (control?: RunControl) => Promise<WorkspaceContext>,
): ModelRegistry {
  const folder = modelsFolder(dir);
  return {
    list: () => listModels(folder),
    show: (version) => findModel(folder, version),
    promote: (version, why) => markModel(folder, version, 'promoted', why),
    shadow: (version, why) => markModel(folder, version, 'shadowed', why),
    withdraw: (version, why) => markModel(folder, version, 'withdrawn', why),
    rollBack: (version, why) => rollBack(folder, version, why),
    compare: async (versions, options = {}) => compareModels(await context(options), versions, options),
  };
}

async function load(
  dir: string,
  config: WorkspaceConfig,
  options: WorkspaceOptions,
  control: RunControl,
): Promise<WorkspaceContext> {
  const engine = await open(dir, options);
  const now = options.now ?? new Date();
  try {
    const report = await loadWorkspace(engine, config, dir, control, { now });
    await resolveIdentity(engine, config, control);
    return {
      dir,
      config,
      engine,
      load: report,
      now: now.getTime(),
      threads: options.threads ?? defaultThreads(),
    };
  } catch (thrown) {
    await engine.close();
    throw thrown;
  }
}

function planView({ plan }: Planned): PlanView {
  const { snapshots, columns, seconds, stagedRows, joinedRows, memoryMb } = plan.estimate;
  return {
    columns: [
      ...plan.statics.map((s) => s.meta),
      ...plan.sources.flatMap((s) => s.columns.map((c) => c.meta)),
      ...plan.outcomes.flatMap((o) => o.columns),
      ...plan.ratios.map((r) => r.meta),
    ],
    paths: plan.sources.map((s) => ({
      path: [...s.group.up, ...s.down],
      table: s.table,
      columns: s.columns.length,
    })),
    estimate: {
      ...{ snapshots, columns, staged_rows: stagedRows, joined_rows: joinedRows, seconds },
      memory_mb: memoryMb,
    },
    notes: plan.notes,
  };
}
