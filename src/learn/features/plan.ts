/**
 * Plans the features of a task: static columns of the entity and its parents, event sources over link paths, outcome
 * rates of groups. The plan is data; it depends on the schema, the snapshots and rows known by `asOf` only.
 */
import type { Engine } from '../../data/engine/types.ts';
import type { Column, Table } from '../../data/schema/types.ts';
import { as, countAll, select, table } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { RunControl } from '../../util/progress.ts';
import { estimate, fitLimits, type SourceCost } from './cost.ts';
import { cutColumns, planned, type Ranked } from './cut.ts';
import { eventColumns } from './event-columns.ts';
import { prefixOf } from './event-shape.ts';
import { FEATURE_SCHEMA } from './event-sql.ts';
import { journeyOf } from './journey.ts';
import { planLags } from './lags/lags.ts';
import { outcomeSource } from './outcome.ts';
import { groupsOf, type SourcePath, sourcePathsOf, tableOf } from './paths.ts';
import { describe, memberShare, type SourceContext, sourceOf, streamsOf } from './plan-sources.ts';
import type {
  EventSource,
  FeaturePlan,
  Group,
  PlanInput,
  PlannedSource,
  RatioColumn,
  StaticColumn,
  Stream,
} from './plan-types.ts';
import { pointColumns, pointStatics } from './points.ts';
import { createGroup, type GroupTables, groupKey } from './prepare.ts';
import { memberProfile, type ProfileView, profileTable, type TableProfile } from './profile.ts';
import { isPoints } from './screen.ts';
import { learnSequence } from './sequence-learn.ts';
import { serialOf } from './serial.ts';
import { isEvident, planSides } from './side-plan.ts';
import { calendarColumns, staticColumns, usable } from './static-columns.ts';
import { chooseWindows } from './windows.ts';
import { memberWords, rowWords } from './words.ts';

const MAX_COLUMN_GROUPS = 4;
const STATIC_CAPS = [80, 30, 14, 8];
const DAY = 86_400_000;

/** Snapshots must be in `feat.snap` (createSnapshots); leaves group tables behind for the run that follows. */
export async function planFeatures(
  engine: Engine,
  input: PlanInput,
  control: RunControl = {},
): Promise<FeaturePlan> {
  const profiles = new Map<string, Promise<TableProfile>>();
  const profileOf = (t: Table, stream: Stream = 'opened'): Promise<TableProfile> => {
    const key = JSON.stringify([t.name, stream]);
    const found = profiles.get(key) ?? profileTable(engine, t, profiled(t), viewOf(input, stream));
    profiles.set(key, found);
    return found;
  };
  const reached = groupsOf(input);
  const reachable = [...reached, ...(await columnGroups(reached, input, profileOf))];
  const tables = new Map<string, GroupTables>();
  for (const [i, group] of reachable.entries()) {
    control.signal?.throwIfAborted();
    const made = await createGroup(engine, group, i, input.entityTable, input.schema);
    if (await isEvident(engine, input, group, made)) tables.set(groupKey(group), made);
  }
  const groups = reachable.filter((g) => tables.has(groupKey(g)));
  const rowGroups = reached.filter((g) => tables.has(groupKey(g)));
  const statics = await planStatics(engine, rowGroups, input, profileOf);
  const windows = chooseWindows(
    input.static ? undefined : input.horizonDays,
    await spanDays(input, profileOf),
  );
  const context: SourceContext = {
    engine,
    input,
    windows,
    profileOf,
    groupTables: (path) => tables.get(groupKey(path.group))!,
  };
  const { sources, notes } = await planSources(sourcePathsOf(input, groups), context, control);
  const sides = await planSides(context, rowGroups, reachable.length);
  const found = [...sources, ...sides.sources];
  // Points are for the rungs that add them up: what their words find must not push out other columns.
  const room = input.maxColumns - statics.filter((c) => !isPoints(c.meta)).length;
  const snapshots = await countSnapshots(engine);
  const fitted = fitLimits(cutColumns(found, room).sources, snapshots, input.limits ?? {}, pathWords);
  const fitting = new Set(fitted.sources.map((r) => r.source));
  const cut = cutColumns(
    found.filter((r) => fitting.has(r.source)),
    room,
  );
  const kept = cut.sources.map(planned);
  const outcomes = input.static
    ? []
    : [...groups, ...sides.groups].map((g) => outcomeSource(g, recentDays(input)));
  const past = input.target ? planLags(input.schema, input.entityTable, input.target) : { notes: [] };
  const others = statics.length + outcomes.reduce((n, o) => n + o.columns.length, 0);
  return {
    input,
    statics,
    sources: kept,
    outcomes,
    ratios: await planRatios(kept, context),
    ...(past.lags ? { lags: past.lags } : {}),
    estimate: estimate(cut.sources, snapshots, others),
    notes: [...notes, ...sides.notes, ...fitted.notes, ...cut.notes, ...past.notes],
  };
}

export const recentDays = (input: PlanInput): number =>
  Math.max(30, Math.round((input.horizonDays ?? 15) * 2));

const profiled = (t: Table): readonly Column[] =>
  t.columns.filter(
    (c) => c.semantic === 'categorical' || c.semantic === 'multicategorical' || c.semantic === 'boolean',
  );

const viewOf = (input: PlanInput, stream: Stream = 'opened'): ProfileView => ({
  schema: input.schema,
  asOf: input.asOf,
  cells: input.static ? 'exported' : stream === 'closed' ? 'closed' : 'asOf',
});

/** Days of history before `asOf` over all dated tables. */
async function spanDays(input: PlanInput, profileOf: (t: Table) => Promise<TableProfile>): Promise<number> {
  let first = Number.POSITIVE_INFINITY;
  for (const t of input.schema.tables) first = Math.min(first, (await profileOf(t)).firstMs ?? first);
  return Number.isFinite(first) ? Math.max(1, (input.asOf - first) / DAY) : 1;
}

/**
 * Peers by value: rows that share a category with the entity (same source) or with its parent. Peers of one industry are
 * rows beside (side-steps.ts).
 */
async function columnGroups(
  rowGroups: readonly Group[],
  input: PlanInput,
  profileOf: (t: Table) => Promise<TableProfile>,
): Promise<readonly Group[]> {
  const found: Group[] = [];
  if (input.static) return found;
  const { derivedLinks } = input.schema;
  const isPeers = (g: Group, c: Column): boolean =>
    derivedLinks.some((d) => d.kind === 'industry_peer' && d.table === g.table && d.by[0] === c.name);
  for (const group of rowGroups.filter((g) => g.up.length <= 1)) {
    const t = tableOf(input.schema, group.table);
    const profile = await profileOf(t);
    for (const c of t.columns) {
      // Other rows' cells are read as they stand: they must be as written at creation.
      if (c.semantic !== 'categorical' || isPeers(group, c) || !usable(c, t, input, group)) continue;
      if (c.mutable !== undefined && !c.trusted) continue;
      const distinct = profile.columns.get(c.name)?.distinct ?? 0;
      if (distinct >= 3 && distinct <= Math.max(50, profile.rows / 5))
        found.push({ ...group, column: c.name });
    }
  }
  return found.sort((a, b) => a.up.length - b.up.length).slice(0, MAX_COLUMN_GROUPS * 2);
}

async function planStatics(
  engine: Engine,
  groups: readonly Group[],
  input: PlanInput,
  profileOf: (t: Table) => Promise<TableProfile>,
): Promise<readonly StaticColumn[]> {
  const found: StaticColumn[] = [];
  for (const group of groups) {
    const table = tableOf(input.schema, group.table);
    const known = new Map((await profileOf(table)).columns);
    for (const c of table.columns.filter((x) => x.semantic === 'multicategorical')) {
      known.set(c.name, await memberProfile(engine, table, c, viewOf(input)));
    }
    const serial = group.up.length === 0 ? await serialOf(engine, table, input) : undefined;
    const columns = staticColumns({
      ...{ input, group, table, profiles: known },
      ...(serial === undefined ? {} : { serial: serial.name }),
    });
    found.push(
      ...columns.slice(0, STATIC_CAPS[group.up.length] ?? 0),
      ...pointStatics(group, table, known, input),
    );
  }
  return input.static ? found : [...found, ...calendarColumns(groups[0]!)];
}

async function planSources(
  paths: readonly SourcePath[],
  context: SourceContext,
  control: RunControl,
): Promise<{ readonly sources: readonly Ranked[]; readonly notes: readonly string[] }> {
  const sources: Ranked[] = [];
  const notes: string[] = [];
  const wanted = paths.flatMap((path) =>
    streamsOf(tableOf(context.input.schema, path.down.at(-1)?.table ?? path.group.table)).map((stream) => ({
      path,
      stream,
    })),
  );
  for (const [i, { path, stream }] of wanted.entries()) {
    control.signal?.throwIfAborted();
    control.progress?.({ stage: 'plan features', done: i, total: wanted.length, unit: 'paths' });
    if (sources.length >= context.input.maxSources) {
      notes.push(`left out: ${wanted.length - i} longer paths (limit ${context.input.maxSources})`);
      break;
    }
    const { source, cost, note } = await sourceOf(path, stream, detailOf(path, sources), `e${i}`, context);
    if (note) notes.push(note);
    if (source && cost) sources.push(ranked(source, cost, context));
  }
  const own = sources.findLastIndex((r) => r.source.detail === 'full') + 1;
  const all = [...sources.slice(0, own), ...(await journey(sources, context)), ...sources.slice(own)];
  return { sources: all, notes };
}

const pathWords = ({ source }: Ranked): string =>
  source.parts ? 'events of all tables in order' : describe(source);

async function countSnapshots(engine: Engine): Promise<number> {
  const query = select({ columns: [as(countAll(), 'n')], from: table('snap', undefined, FEATURE_SCHEMA) });
  return Number((await engine.rows(toSql(query, engine.dialect)))[0]?.n ?? 0);
}

const ranked = (source: EventSource, cost: SourceCost, { input }: SourceContext): Ranked => ({
  ...{ source, cost },
  columns: [...eventColumns(source, input), ...(source.parts ? [] : pointColumns(source, input))],
});

/** The own tables' events as one more source. */
async function journey(sources: readonly Ranked[], context: SourceContext): Promise<readonly Ranked[]> {
  const { engine, input, profileOf } = context;
  const own = sources.map((r) => r.source);
  const told = new Map<EventSource, TableProfile>();
  for (const s of own) told.set(s, await profileOf(tableOf(input.schema, s.table), s.stream));
  const found = journeyOf('journey', own, (s) => told.get(s)!);
  if (!found) return [];
  const tables = found.parts!.map((p) => p.table);
  const joined = sources.filter(
    (r) => r.source.detail === 'full' && r.source.stream === 'opened' && tables.includes(r.source.table),
  );
  const sum = (of: (r: Ranked) => number): number => joined.reduce((n, r) => n + of(r), 0);
  const rows = sum((r) => told.get(r.source)!.rows);
  const sequence = await learnSequence(found, 0, { engine, schema: input.schema, asOf: input.asOf, rows });
  const cost = {
    joined: sum((r) => r.cost.joined),
    staged: sum((r) => r.cost.staged),
    pairs: Math.max(...joined.map((r) => r.cost.pairs)),
  };
  return [ranked({ ...found, sequence }, cost, context)];
}

function detailOf(path: SourcePath, before: readonly Ranked[]): EventSource['detail'] {
  const own = path.group.up.length === 0 && path.group.column === undefined;
  if (own && path.down.length === 1)
    return before.filter((r) => r.source.detail === 'full').length < 5 ? 'full' : 'medium';
  if (path.group.column !== undefined) return 'brief';
  if (own) return 'medium';
  return path.group.up.length === 1 && before.filter((r) => r.source.detail === 'medium').length < 7
    ? 'medium'
    : 'brief';
}

/** members with an event ÷ members, for every group that has both counts. */
async function planRatios(
  sources: readonly PlannedSource[],
  context: SourceContext,
): Promise<readonly RatioColumn[]> {
  const found: RatioColumn[] = [];
  for (const source of sources) {
    if (source.memberStep === undefined || source.group.side) continue;
    const having = source.columns.find(
      (c) => c.formula.kind === 'members' && c.formula.w >= source.windows.length,
    );
    const members = sources.find((s) => isMembers(s, source));
    const of = members?.columns.find((c) => c.meta.primitive === 'count' && c.meta.windowDays === undefined);
    if (!having || !of) continue;
    const meta = {
      ...having.meta,
      name: `${prefixOf(source)}.share-of-members`,
      primitive: 'memberShare',
      signal: 'peer wins' as const,
      unit: 'share' as const,
      sentence: `share of ${memberWords(source, context.input.entityTable)} with ${rowWords(source)}`,
    };
    found.push({
      meta,
      having: having.meta.name,
      of: of.meta.name,
      prior: await memberShare(source, context),
    });
  }
  return found;
}

/** `a` counts the very members that `b` counts events of. */
const isMembers = (a: EventSource, b: EventSource): boolean =>
  groupKey(a.group) === groupKey(b.group) &&
  a.excludeSelf === b.excludeSelf &&
  a.stream === 'opened' &&
  a.memberStep === b.memberStep &&
  a.down.length === (b.memberStep ?? 0) + 1;
