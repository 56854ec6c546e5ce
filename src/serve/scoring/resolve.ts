/** Target options → a task: a query, a named target or a task table, checked against the workspace. */
import type { WorkspaceConfig } from '../../data/schema/types.ts';
import { LeadlightError } from '../../errors.ts';
import type { Budget } from '../../learn/models/types.ts';
import type { CheckedQuery, Diagnostic } from '../../query/pql/ast.ts';
import { compileQuery } from '../../query/pql/compile.ts';
import { formatDiagnostics } from '../../query/pql/diagnostic.ts';
import { shortenQuery } from '../../query/pql/shorten.ts';
import { buildTask } from '../../query/task/build-task.ts';
import { readTaskTable } from '../../query/task/task-table.ts';
import type { Task } from '../../query/task/types.ts';
import { lastCredible, type WorkspaceContext } from './context.ts';
import { withExcluded } from './excluded.ts';
import type { CompareReport, TargetOptions } from './types.ts';

export interface Resolved {
  readonly task: Task;
  /** Before training snapshots were left out; absent: none were. */
  readonly whole?: Task;
  readonly checked?: CheckedQuery;
  readonly queryText: string | null;
  readonly warnings: readonly string[];
}

export type Mode = 'compare' | 'score';

/** Examples a quick score trains on at most, newest favoured; comparing uses all in every budget. */
const QUICK_ROWS = 20_000;

export interface Compiled {
  readonly checked: CheckedQuery;
  readonly warnings: readonly string[];
}

/** The query that is asked, by its text or its name; undefined for a task table. */
export function compileTarget(context: WorkspaceContext, options: TargetOptions): Compiled | undefined {
  const given = [options.query, options.target, options.taskTable].filter((x) => x !== undefined).length;
  if (given !== 1) {
    throw new LeadlightError('USAGE', {
      problem: `Expected one of --query, --target and --task-table, got ${given === 0 ? 'none' : given}`,
      remedy:
        'For example: --query "PREDICT COUNT(orders.*, 0, 30, days) > 0 FOR EACH customers.customer_id".',
    });
  }
  if (options.taskTable !== undefined) return undefined;
  const text = options.query ?? namedTargetQuery(context, options.target!, options.entity);
  const compiled = checkText(context, text, options.strict === true);
  const near =
    options.withinDays === undefined ? undefined : shortenQuery(compiled.checked, options.withinDays);
  return near ? { ...compiled, checked: near } : compiled;
}

/** Rows of tasks over pairs of entity and item: each has a hundred candidates. */
const PAIR_ROWS: Readonly<Record<Budget, number>> = { quick: 6000, normal: 25_000, best: 80_000 };

function rowLimit({ taskType }: CheckedQuery, mode: Mode, budget: Budget): { readonly maxRows?: number } {
  if (taskType === 'ranking' || taskType === 'multilabel') return { maxRows: PAIR_ROWS[budget] };
  return mode === 'score' && budget === 'quick' ? { maxRows: QUICK_ROWS } : {};
}

export async function resolveTask(
  context: WorkspaceContext,
  options: TargetOptions,
  mode: Mode,
): Promise<Resolved> {
  const compiled = compileTarget(context, options);
  if (compiled === undefined) {
    const given = await fromTaskTable(context, options.taskTable!, options);
    return { ...given, task: withExcluded(context, given.task, options.exclude) };
  }
  const task = await buildTask(
    context.engine,
    withLabelTimes(context.config, compiled.checked),
    compiled.checked,
    {
      mode,
      seed: options.seed ?? 1,
      now: new Date(lastCredible(context)),
      ...rowLimit(compiled.checked, mode, options.budget ?? 'normal'),
      ...optional(options, ['at', 'stepDays', 'trainTo', 'valAt', 'testAt', 'testTo']),
    },
    options,
  );
  return {
    task: withExcluded(context, task, options.exclude),
    ...compiled,
    queryText: compiled.checked.text,
  };
}

/** A named target may count rows by another time than the table's default: deals as created, not as closed. */
export function withLabelTimes(config: WorkspaceConfig, checked: CheckedQuery): WorkspaceConfig {
  const target = config.targets.find(
    (t) => t.name === checked.namedTarget && t.table === checked.entity.table,
  );
  if (!target?.labelTimes) return config;
  const times = target.labelTimes;
  const tables = config.schema.tables.map((t) =>
    times[t.name] === undefined ? t : { ...t, labelTime: times[t.name]! },
  );
  return { ...config, schema: { ...config.schema, tables } };
}

function optional<K extends keyof TargetOptions>(
  options: TargetOptions,
  keys: readonly K[],
): Pick<TargetOptions, K> {
  return Object.fromEntries(keys.flatMap((k) => (options[k] === undefined ? [] : [[k, options[k]]]))) as Pick<
    TargetOptions,
    K
  >;
}

async function fromTaskTable(
  context: WorkspaceContext,
  file: string,
  options: TargetOptions,
): Promise<Resolved> {
  if (options.entity === undefined) {
    throw new LeadlightError('USAGE', {
      problem: '--task-table needs --entity: which rows its entity_id names',
      remedy:
        'Pass --entity table.key, a table, table.a|b for a composite key, row, or a column that identifies entities.',
    });
  }
  const task = await readTaskTable(
    context.engine,
    context.config,
    {
      file,
      entity: options.entity,
      ...(options.horizonDays === undefined ? {} : { horizonDays: options.horizonDays }),
    },
    options,
  );
  return { task, queryText: null, warnings: [] };
}

/** A target declared in the workspace, for its table (or the one of `entity`). */
function namedTargetQuery(context: WorkspaceContext, name: string, entity: string | undefined): string {
  const targets = context.config.targets.filter((t) => t.name === name);
  const wanted = entity?.split('.')[0];
  const target = wanted === undefined ? targets[0] : targets.find((t) => t.table === wanted);
  const known = context.config.targets.map((t) => `${t.name} (for ${t.table})`).join(', ') || 'none';
  if (!target || (wanted === undefined && targets.length > 1)) {
    throw new LeadlightError('USAGE', {
      problem: target
        ? `Target ${name} is declared for ${targets.map((t) => t.table).join(' and ')}`
        : `No target named ${name}`,
      remedy: target ? 'Say which with --entity TABLE.' : `Declared in leadlight.yaml: ${known}.`,
    });
  }
  const table = context.config.schema.tables.find((t) => t.name === target.table);
  return `PREDICT ${name} FOR EACH ${quoted(target.table)}.${quoted(table?.key[0] ?? 'row')}`;
}

const quoted = (name: string): string => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name}\``);

export function checkText(context: WorkspaceContext, text: string, strict: boolean): Compiled {
  const { checked, diagnostics } = compileQuery(text, context.config.schema, {
    mode: strict ? 'strict' : 'lenient',
    targets: context.config.targets,
  });
  const errors = diagnostics.filter((d: Diagnostic) => d.severity === 'error');
  if (!checked || errors.length > 0) {
    throw new LeadlightError('QUERY_INVALID', { message: formatDiagnostics(text, errors) });
  }
  const warnings = diagnostics.filter((d) => d.severity === 'warning').map((d) => `${d.code}: ${d.message}`);
  return { checked, warnings };
}

export const taskView = (resolved: Resolved): CompareReport['task'] => ({
  type: resolved.task.type,
  entity: resolved.task.entityTable,
  description: resolved.task.description,
  query: resolved.queryText,
  horizon_days: resolved.task.horizonDays ?? null,
  static: resolved.task.static,
});
