/** score and explain: a fitted model applied to the population at the cutoff. */
import { LeadlightError } from '../../errors.ts';
import { championOf } from './champion.ts';
import { chooseScorable, questionOf, replayVersion } from './choose.ts';
import type { WorkspaceContext } from './context.ts';
import { movesOf } from './moves.ts';
import { findModel, modelsFolder, shadowsOf } from './registry/store.ts';
import { taskView } from './resolve.ts';
import { earlierMoment, earlierPrediction, type Scorable } from './scorable.ts';
import { explainSeveral, isSeveral, scoreSeveral } from './several.ts';
import { shapeRows } from './shape.ts';
import type { Moves, Score, ScoreReport, TargetOptions } from './types.ts';

export async function score(context: WorkspaceContext, options: TargetOptions): Promise<ScoreReport> {
  if (isSeveral(context, options)) return scoreSeveral(context, options);
  const scorable = await chooseScorable(context, options);
  const shaped = await shapeScorable(context, scorable, options);
  const scores =
    scorable.prepared.task.source === 'query' ? [...shaped].sort((a, b) => order(b) - order(a)) : shaped;
  const { found, warnings } = await shadowed(context, scorable, options);
  return {
    task: taskView(scorable.resolved),
    model: scorable.model,
    cutoff: newestCutoff(scorable),
    scores,
    shadows: found,
    warnings: [...scorable.warnings, ...warnings],
  };
}

const order = (s: Score): number => s.value ?? s.probability;

async function shapeScorable(
  context: WorkspaceContext,
  scorable: Scorable,
  options: TargetOptions,
  only?: readonly number[],
): Promise<readonly Score[]> {
  const { prepared, fitted, record, rows } = scorable;
  const earlier = await earlierPrediction(context, scorable, options);
  const earlierAt = (cutoff: number): number => earlierMoment(cutoff, options.since);
  const input = {
    fitted,
    record,
    rows,
    ...(only ? { only } : {}),
    ...(earlier ? { earlier, earlierAt } : {}),
  };
  return shapeRows(context, prepared, input, options);
}

function newestCutoff({ prepared, rows }: Scorable): string | null {
  const { cutoff } = prepared.task.snapshots;
  const newest = rows.reduce(
    (m, i) => (Number.isNaN(cutoff[i]!) ? m : Math.max(m, cutoff[i]!)),
    Number.NEGATIVE_INFINITY,
  );
  return Number.isFinite(newest) ? new Date(newest).toISOString() : null;
}

interface Shadowed {
  readonly found: readonly Moves[];
  readonly warnings: readonly string[];
}

/** A shadow that cannot score must not keep the champion's scores from its users. */
async function shadowed(
  context: WorkspaceContext,
  scorable: Scorable,
  options: TargetOptions,
): Promise<Shadowed> {
  if (scorable.model.status !== 'champion') return { found: [], warnings: [] };
  const folder = modelsFolder(context.dir);
  const found: Moves[] = [];
  const warnings: string[] = [];
  for (const version of await shadowsOf(folder, await questionOf(context, options))) {
    try {
      const shadow = await replayVersion(context, await findModel(folder, version), options);
      found.push(await movesOf(shadow, scorable, options));
    } catch (error) {
      if (!(error instanceof LeadlightError) || options.signal?.aborted) throw error;
      warnings.push(`Shadow ${version} did not score: ${error.message}`);
    }
  }
  return { found, warnings };
}

export async function explain(
  context: WorkspaceContext,
  options: TargetOptions & { readonly id: string },
): Promise<Score> {
  if (isSeveral(context, options)) return explainSeveral(context, options);
  const scorable = await chooseScorable(context, options);
  const place = placeOf(scorable, options.id);
  const [found] = await shapeScorable(context, scorable, options, [place]);
  const champion = await championOf(context, scorable, scorable.rows[place]!, options);
  return { ...found!, champion };
}

/** Place of an entity among the rows scored, its newest. @throws LeadlightError UNKNOWN_ENTITY */
export function placeOf({ prepared, rows }: Scorable, id: string): number {
  const { task } = prepared;
  const { entityId } = task.snapshots;
  const places = Array.from(rows).flatMap((sid, k) => (entityId[sid] === id ? [k] : []));
  const place = places.at(-1);
  if (place === undefined) {
    throw new LeadlightError('UNKNOWN_ENTITY', {
      problem: `${task.entityTable} ${id} is not among the ${rows.length} scored`,
      remedy: `Give the id as printed by \`leadlight score\`, e.g. ${entityId[rows[0]!]}; an entity outside the query's population has no score.`,
    });
  }
  return place;
}
