/**
 * priority: whom to call this week. The question is asked about the next 14 days, so that who is moving now comes before
 * who is merely likely in the long run; those contacted in the last days wait; the list ends where the calls do.
 */
import { hasWord, stems } from '../../data/schema/lexicon.ts';
import { fkColumn, ID, KNOWN, ROW, TIME } from '../../data/schema/types.ts';
import {
  addInterval,
  and,
  as,
  col,
  eq,
  gt,
  innerJoin,
  le,
  max,
  select,
  table,
  ts,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { LeadlightError } from '../../errors.ts';
import { isStable } from '../../learn/explain/walk.ts';
import { shortenQuery } from '../../query/pql/shorten.ts';
import type { WorkspaceContext } from './context.ts';
import { compileTarget, resolveTask } from './resolve.ts';
import { score } from './score.ts';
import { settledOutcomes, sufficiency } from './sufficiency.ts';
import type { Score, ScoreReport, TargetOptions } from './types.ts';

export interface PriorityOptions extends TargetOptions {
  /** Leads that can be called. */
  readonly capacity: number;
  /** Days for which someone just contacted is left in peace; default 7. */
  readonly coolDownDays?: number;
}

export interface PriorityReport {
  readonly task: ScoreReport['task'];
  readonly model: ScoreReport['model'];
  readonly cutoff: string | null;
  /** Days ahead that the probabilities speak of. */
  readonly days: number | null;
  readonly capacity: number;
  /** Everybody in the population, those who wait included. */
  readonly population: number;
  /** Highest first. */
  readonly call: readonly Score[];
  /** Probabilities of `call` added up. */
  readonly expected: number;
  /** Who would be on the list but was contacted within the cool-down, and when last. */
  readonly waiting: readonly {
    readonly entity: string;
    readonly probability: number;
    readonly last: string;
  }[];
  readonly warnings: readonly string[];
}

export const SOON_DAYS = 14;
const COOL_DOWN_DAYS = 7;
/** Names of tables in which the seller's own people write down what they did. */
const OUTREACH = new Set(['call', 'meeting', 'task', 'outreach', 'sale', 'demo']);

export async function priority(context: WorkspaceContext, options: PriorityOptions): Promise<PriorityReport> {
  const near = await nearQuestion(context, options);
  const report = await score(context, near.options);
  const cutoff = report.cutoff === null ? undefined : Date.parse(report.cutoff);
  const coolDown = options.coolDownDays ?? COOL_DOWN_DAYS;
  const contacted =
    cutoff === undefined || coolDown === 0
      ? new Map<string, number>()
      : await lastContacts(context, report.task.entity, cutoff, coolDown);
  const ranked = [...report.scores].sort(byUrgency);
  const call = ranked.filter((s) => !contacted.has(s.entity)).slice(0, options.capacity);
  const last = call.at(-1);
  return {
    task: report.task,
    model: report.model,
    cutoff: report.cutoff,
    days: report.task.horizon_days,
    capacity: options.capacity,
    population: report.scores.length,
    call,
    expected: call.reduce((sum, s) => sum + s.probability, 0),
    waiting: ranked
      .filter((s) => contacted.has(s.entity) && (last === undefined || byUrgency(s, last) < 0))
      .slice(0, options.capacity)
      .map((s) => ({
        entity: s.entity,
        probability: s.probability,
        last: new Date(contacted.get(s.entity)!).toISOString(),
      })),
    warnings: [...near.warnings, ...report.warnings],
  };
}

const TRENDS: readonly Score['trend'][] = ['rising', 'new', 'steady', null, 'falling'];

/** By probability; of equals the rising first, then by id. */
function byUrgency(a: Score, b: Score): number {
  return (
    b.probability - a.probability ||
    TRENDS.indexOf(a.trend) - TRENDS.indexOf(b.trend) ||
    (a.entity < b.entity ? -1 : a.entity > b.entity ? 1 : 0)
  );
}

interface Near {
  readonly options: TargetOptions;
  readonly warnings: readonly string[];
}

/** The same question within 14 days; as asked, when it reaches no further or too few were won so soon. */
async function nearQuestion(context: WorkspaceContext, options: PriorityOptions): Promise<Near> {
  const compiled = compileTarget(context, options);
  const asAsked: Near = { options, warnings: [] };
  if (!compiled)
    return {
      options,
      warnings: ['A task table has no question to ask about the next 14 days: its own labels decide.'],
    };
  if (compiled.checked.taskType !== 'binary')
    throw new LeadlightError('USAGE', {
      problem: `Whom to call is decided by the chance of a yes; this target is ${compiled.checked.taskType}`,
      remedy: 'Ask a yes-or-no question, e.g. COUNT(...) > 0.',
    });
  if (!shortenQuery(compiled.checked, SOON_DAYS)) return asAsked;
  const short = { ...options, withinDays: SOON_DAYS };
  const enough = await outcomesOf(context, short);
  if (enough === undefined || enough.advice === 'rules')
    return {
      options,
      warnings: [
        `Within ${SOON_DAYS} days too few were won to learn from (${enough?.positives ?? 0}): the order is that of the window as asked.`,
      ],
    };
  return { options: short, warnings: [] };
}

async function outcomesOf(context: WorkspaceContext, options: TargetOptions) {
  try {
    return sufficiency(settledOutcomes((await resolveTask(context, options, 'score')).task));
  } catch (thrown) {
    if (thrown instanceof LeadlightError && thrown.code.startsWith('TASK_')) return undefined;
    throw thrown;
  }
}

/** Entity id → last contact known at the cutoff and within the cool-down. */
async function lastContacts(
  context: WorkspaceContext,
  entity: string,
  cutoff: number,
  days: number,
): Promise<ReadonlyMap<string, number>> {
  const { schema } = context.config;
  const links = schema.links.filter(
    (l) =>
      l.to === entity &&
      isStable(schema, l) &&
      hasWord(stems(l.from), OUTREACH) &&
      schema.tables.some((t) => t.name === l.from && t.role === 'event' && t.time !== undefined),
  );
  const found = new Map<string, number>();
  for (const link of links) {
    const query = select({
      columns: [as(col('e', ID), 'id'), as(max(col('t', TIME)), 'last')],
      from: table(link.from, 't', 'data'),
      joins: [innerJoin(table(entity, 'e', 'data'), eq(col('e', ROW), col('t', fkColumn(link))))],
      where: and(
        le(col('t', KNOWN), ts(cutoff)),
        le(col('t', TIME), ts(cutoff)),
        gt(col('t', TIME), addInterval(ts(cutoff), -days, 'day')),
      ),
      groupBy: [col('e', ID)],
    });
    for (const r of await context.engine.rows(toSql(query, context.engine.dialect)))
      found.set(String(r.id), Math.max(found.get(String(r.id)) ?? 0, (r.last as Date).getTime()));
  }
  return found;
}
