/** The champion: the person around an entity without whose rows its score would be lowest. */
import { shareWords } from '../../learn/explain/number-words.ts';
import { peopleAround } from '../../learn/explain/people-around.ts';
import type { RunControl } from '../../util/progress.ts';
import type { WorkspaceContext } from './context.ts';
import type { Scorable } from './scorable.ts';
import { featuresWithout, rowsBelow } from './without-rows.ts';

export interface Champion {
  /** Table and key of the person. */
  readonly table: string;
  readonly id: string;
  readonly title: string | null;
  /** Probability without that person's rows, and how much lower that is. */
  readonly probability_without: number;
  readonly drop: number;
  /** People tried. */
  readonly people: number;
  readonly sentence: string;
}

/** People tried at most, in the order they came to be known. */
const MOST_PEOPLE = 12;

/** Null where no person's removal lowers the score, or the question is not yes/no. `sid`: a scored row. */
export async function championOf(
  context: WorkspaceContext,
  scorable: Scorable,
  sid: number,
  control: RunControl,
): Promise<Champion | null> {
  const { prepared, fitted } = scorable;
  const { task } = prepared;
  const entityRow = task.snapshots.entityRow[sid]!;
  if (prepared.model.type !== 'binary' || entityRow < 0) return null;
  const { engine } = context;
  // Links as declared: those found by identity have no stored key to follow.
  const { schema } = context.config;
  const anchor = { entityRow, cutoff: task.snapshots.cutoff[sid]! };
  const all = await peopleAround(engine, schema, task.entityTable, anchor);
  const people = all.slice(0, MOST_PEOPLE);
  const predict = async (hidden: ReadonlyMap<string, readonly number[]>): Promise<number> =>
    (await fitted.predict(await featuresWithout(context, scorable, sid, hidden, control), control))[0]!;
  const now = people.length > 0 ? await predict(new Map()) : Number.NaN;
  let best: { readonly person: (typeof people)[number]; readonly without: number } | undefined;
  for (const [i, person] of people.entries()) {
    control.progress?.({ stage: 'champion', done: i, total: people.length, unit: 'people' });
    const hidden = await rowsBelow(engine, schema, person.table, person.row);
    if (hidden.get(task.entityTable)?.includes(entityRow)) continue;
    const without = await predict(hidden);
    if (without < (best?.without ?? now)) best = { person, without };
  }
  if (!best) return null;
  const { person, without } = best;
  const name = person.title === null ? person.id : `${person.id} (${person.title})`;
  return {
    ...{ table: person.table, id: person.id, title: person.title },
    ...{ probability_without: without, drop: now - without, people: people.length },
    sentence: `Without ${name} and what they did, the model would give ${shareWords(without)} instead of ${shareWords(now)}: the largest drop among ${people.length} ${people.length === 1 ? 'person' : 'people'}`,
  };
}
