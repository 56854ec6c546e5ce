/**
 * The colleague effect on the user's own outcomes: win rate by how many people around the entity were active in the 90
 * days before the cutoff, and by how many departments. People are those the reasons speak of; active is a dated row of
 * an event table that names them. Only what was known at each cutoff counts.
 */

import { parseTitle } from '../../data/schema/title.ts';
import { fkColumn, type Link, ROW, type Schema, TIME } from '../../data/schema/types.ts';
import { addInterval, and, as, cast, col, gt, le, select, table } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { findPeople, type PeoplePath } from '../../learn/explain/contacts.ts';
import { aliasOf, anchorBatches, isStable, walkPath } from '../../learn/explain/walk.ts';
import { clusteredInterval } from '../../learn/metrics/bootstrap.ts';
import { clusteredRate } from '../../learn/metrics/rate.ts';
import { allLabels } from '../../query/task/resplit.ts';
import type { Task } from '../../query/task/types.ts';
import type { ColleagueStudy, ContactsRow } from './audit-types.ts';
import { rateRow } from './backtest-figures.ts';
import { estimateOf } from './backtest-pool.ts';
import type { WorkspaceContext } from './context.ts';

const DAYS = 90;
const MOST = 4;
const MANY = 3;
/** Rows looked at, newest first: enough for rates to a percent. */
const MAX_ROWS = 20_000;
const LAST_WINS = 20;

export async function colleagueStudy(
  context: WorkspaceContext,
  task: Task,
  seed: number,
): Promise<ColleagueStudy | null> {
  if (task.static || task.type !== 'binary') return null;
  const { schema } = context.config;
  const rows = newestRows(task);
  const { cutoff } = task.snapshots;
  const first = rows.reduce((least, i) => Math.min(least, cutoff[i]!), Number.POSITIVE_INFINITY);
  const route = await findPeople(context.engine, schema, task.entityTable, first);
  if (!route || rows.length === 0) return null;
  const events = eventsOf(schema, route.people.name);
  if (events.length === 0) return null;
  const active = rows.map(() => new Set<number>());
  for (const links of events) await addActive(context, task, route, links, rows, active);
  const departments = await departmentsOf(context, route);
  return study(task, rows, active, departments, {
    people: route.people.name,
    events: [...new Set(events.map((links) => links.at(-1)!.from))].sort(),
    seed,
  });
}

/** Links down from people to dated events: straight, or over rows that each name one person (leads, say). */
function eventsOf(schema: Schema, people: string): readonly (readonly Link[])[] {
  const isEvent = (name: string): boolean =>
    schema.tables.some((t) => t.name === name && t.role === 'event' && t.time !== undefined);
  const to = (name: string): readonly Link[] =>
    schema.links.filter((l) => l.to === name && isStable(schema, l));
  const own = to(people);
  const straight = own.filter((l) => isEvent(l.from));
  const seen = new Set(straight.map((l) => l.from));
  const over = own
    .filter((l) => !isEvent(l.from) && l.from !== people)
    .flatMap((l) => to(l.from).flatMap((e) => (isEvent(e.from) && !seen.has(e.from) ? [[l, e]] : [])));
  return [...straight.map((l) => [l]), ...over];
}

function newestRows({ snapshots, ...task }: Task): readonly number[] {
  const label = allLabels({ snapshots, ...task });
  return [...label.keys()]
    .filter((i) => !Number.isNaN(label[i]!) && snapshots.entityRow[i]! >= 0)
    .sort((a, b) => snapshots.cutoff[b]! - snapshots.cutoff[a]! || a - b)
    .slice(0, MAX_ROWS);
}

async function addActive(
  context: WorkspaceContext,
  task: Task,
  route: PeoplePath,
  links: readonly Link[],
  rows: readonly number[],
  active: readonly Set<number>[],
): Promise<void> {
  const { schema } = context.config;
  const { entityRow, cutoff } = task.snapshots;
  const down = links.map((l) => ({ link: l.name, direction: 'down' as const, table: l.from }));
  const path = [...route.path, ...down];
  const person = col(aliasOf(route.path.length), fkColumn(links[0]!));
  const anchors = rows.map((i) => ({ entityRow: entityRow[i]!, cutoff: cutoff[i]! }));
  for (const batch of anchorBatches(anchors)) {
    const walk = walkPath(schema, task.entityTable, path, batch);
    if (!walk?.cutoff) continue;
    const time = col(walk.alias, TIME);
    const query = select({
      distinct: true,
      columns: [as(col('q', 'q'), 'q'), as(person, 'person')],
      from: walk.from,
      joins: walk.joins,
      where: and(gt(time, addInterval(walk.cutoff, -DAYS, 'day')), le(time, walk.cutoff)),
    });
    for (const r of await context.engine.rows(toSql(query, context.engine.dialect)))
      active[Number(r.q)]!.add(Number(r.person));
  }
}

async function departmentsOf(
  context: WorkspaceContext,
  { people, title }: PeoplePath,
): Promise<ReadonlyMap<number, string>> {
  const query = select({
    columns: [as(col('p', ROW), 'row'), as(cast(col('p', title.name), 'text'), 'title')],
    from: table(people.name, 'p', 'data'),
  });
  const rows = await context.engine.rows(toSql(query, context.engine.dialect));
  return new Map(
    rows.flatMap((r) => {
      const found = r.title === null ? undefined : parseTitle(String(r.title)).department;
      return found ? [[Number(r.row), found] as const] : [];
    }),
  );
}

interface Naming {
  readonly people: string;
  readonly events: readonly string[];
  readonly seed: number;
}

function study(
  task: Task,
  rows: readonly number[],
  active: readonly ReadonlySet<number>[],
  departments: ReadonlyMap<number, string>,
  { people, events, seed }: Naming,
): ColleagueStudy {
  const labels = allLabels(task);
  const label = Float32Array.from(rows, (i) => labels[i]!);
  const clusters = {
    account: Int32Array.from(rows, (i) => task.snapshots.cluster[i]!),
    cutoff: Float64Array.from(rows, (i) => task.snapshots.cutoff[i]!),
  };
  const contacts = active.map((a) => a.size);
  const teams = active.map((a) => new Set([...a].flatMap((p) => departments.get(p) ?? [])).size);
  const by = (counts: readonly number[]): readonly ContactsRow[] =>
    Array.from({ length: MOST + 1 }, (_, n) => n).flatMap((n) => {
      const inside = Float64Array.from(counts, (c) => (Math.min(c, MOST) === n ? 1 : 0));
      const rate = clusteredRate(label, clusters, inside);
      return rate.rows > 0 ? [{ contacts: n === MOST ? `${MOST}+` : String(n), ...rateRow(rate) }] : [];
    });
  const share = (keep: (n: number) => boolean, weight?: Float64Array): number => {
    let [n, won] = [0, 0];
    contacts.forEach((c, k) => {
      if (!keep(c)) return;
      const w = weight ? weight[k]! : 1;
      n += w;
      won += w * label[k]!;
    });
    return n > 0 && won > 0 ? won / n : Number.NaN;
  };
  const ratio = (weight?: Float64Array): number =>
    share((c) => c >= MANY, weight) / share((c) => c === 1, weight);
  const three = estimateOf(clusteredInterval(ratio, clusters, { seed }));
  const wins = lastWins(label, clusters.account);
  const withThree = wins.filter((k) => contacts[k]! >= MANY).length;
  const byContacts = by(contacts);
  return {
    people,
    events,
    days: DAYS,
    by_contacts: byContacts,
    by_departments: by(teams),
    wins: wins.length,
    wins_with_three: withThree,
    three_to_one: three,
    sentence: `${withThree} of the last ${wins.length} wins had ${MANY} or more active ${people} at the cutoff before winning. ${effect(three, byContacts)}`,
  };
}

/** Newest first, one per account: `rows` are in that order. */
function lastWins(label: Float32Array, account: Int32Array): readonly number[] {
  const seen = new Set<number>();
  const wins: number[] = [];
  for (let k = 0; k < label.length && wins.length < LAST_WINS; k++) {
    if (label[k]! < 0.5 || seen.has(account[k]!)) continue;
    seen.add(account[k]!);
    wins.push(k);
  }
  return wins;
}

function effect({ value, ci }: ColleagueStudy['three_to_one'], rows: readonly ContactsRow[]): string {
  const n = rows.reduce((sum, r) => sum + r.rows, 0);
  if (value === null || ci === null)
    return `Whether several people win oftener than one cannot be told from ${n} cases.`;
  const range = `${value.toFixed(1)}× the win rate of one, 95 % interval ${ci[0].toFixed(1)} to ${ci[1].toFixed(1)}, ${n} cases`;
  if (ci[0] > 1) return `Three or more reach ${range}.`;
  if (ci[1] < 1) return `Three or more win more seldom: ${range}.`;
  return `Three or more make no difference beyond noise: ${range}.`;
}
