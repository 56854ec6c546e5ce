/** Event sources: which paths are worth their cost, and which cells of their tables are measured. */
import type { Engine } from '../../data/engine/types.ts';
import { type Column, KNOWN, type Table } from '../../data/schema/types.ts';
import {
  and,
  as,
  cast,
  col,
  countAll,
  countDistinct,
  eq,
  innerJoin,
  le,
  mul,
  select,
  subquery,
  sum,
  table,
  ts,
} from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import type { Expr, Query } from '../../data/sql/tree.ts';
import type { SourceCost } from './cost.ts';
import { eventRows, FEATURE_SCHEMA } from './event-sql.ts';
import { words } from './lexicon-signals.ts';
import { expires, followed, type SourcePath, tableOf } from './paths.ts';
import type { CategoryMeasure, EventSource, NumericMeasure, PlanInput, Stream } from './plan-types.ts';
import type { GroupTables } from './prepare.ts';
import type { ColumnProfile, TableProfile } from './profile.ts';
import { learnSequence, typeColumn } from './sequence-learn.ts';

/** Joined rows a source may cost; beyond, others-only sources fall back to totals, then the path is left out. */
const MAX_OTHERS_ROWS = 30_000_000;
const MAX_ROWS = 400_000_000;

const LIMITS = {
  full: { numeric: 5, categories: 3, values: 5, refs: 3 },
  medium: { numeric: 3, categories: 2, values: 4, refs: 0 },
  brief: { numeric: 1, categories: 1, values: 3, refs: 0 },
} as const;

/** Rows a snapshot must see on average before their order and pauses say anything. */
const RECURRING = 2;
/** Types that a sequence may be of. */
const SEQUENCE_VALUES = 8;

export interface SourceContext {
  readonly input: PlanInput;
  readonly engine: Engine;
  readonly windows: readonly number[];
  readonly profileOf: (table: Table, stream?: Stream) => Promise<TableProfile>;
  readonly groupTables: (path: SourcePath) => GroupTables;
}

/** A table is two streams when it has a closing time: rows as opened, and rows as closed. */
export function streamsOf(t: Table): readonly Stream[] {
  return t.labelTime !== undefined && t.labelTime !== t.time ? ['opened', 'closed'] : ['opened'];
}

export interface SourceFound {
  readonly source?: EventSource;
  readonly cost?: SourceCost;
  readonly note?: string;
}

export async function sourceOf(
  path: SourcePath,
  stream: Stream,
  detail: EventSource['detail'],
  id: string,
  context: SourceContext,
): Promise<SourceFound> {
  const { input } = context;
  const lastTable = path.down.at(-1)?.table ?? path.group.table;
  const t = tableOf(input.schema, lastTable);
  const dated = stream === 'closed' || t.time !== undefined;
  if (!dated && saysNothing(t, input)) return {};
  const profile = await context.profileOf(t, stream);
  const stamped = stream === 'closed' ? t.labelTime : t.time;
  // Rows that leave the group again have no lasting place among the others.
  const fleeting = expires(input.schema, path.down);
  const bare: EventSource = {
    id,
    group: path.group,
    down: path.down,
    table: t.name,
    stream,
    dated,
    detail,
    excludeSelf: false,
    numeric: [],
    windows: dated ? context.windows : [],
    categories: [],
    refs: [],
    prompt: !fleeting && stream === 'opened' && path.down.length === 1 && t.knownAt === undefined,
    ...(path.memberStep === undefined ? {} : { memberStep: path.memberStep }),
    ...(fleeting ? { expires: true } : {}),
  };
  const groups = context.groupTables(path);
  const { side, column } = path.group;
  const others = path.memberStep !== undefined && column === undefined && side === undefined;
  const measured = async (of: EventSource, cost: SourceCost): Promise<EventSource> => {
    const source = { ...of, ...measures(of, t, profile, context) };
    const recurs = dated && !fleeting && cost.joined >= RECURRING * cost.pairs;
    return recurs ? sequenced({ ...source, sessionGap: sessionGap(t, stamped) }, profile, context) : source;
  };
  if (others) {
    const cost = await costOf(bare, groups.single.pairs, context);
    if (cost.joined <= MAX_OTHERS_ROWS)
      return { source: await measured({ ...bare, excludeSelf: true }, cost), cost };
  }
  const cost = await costOf(bare, groups.shared.pairs, context);
  if (cost.joined === 0) return {};
  if (cost.joined > MAX_ROWS)
    return { note: `left out: ${describe(path)} (${cost.joined} joined rows exceed ${MAX_ROWS})` };
  return { source: await measured(bare, cost), cost };
}

/** With what its order of types tells, where a column has types and the source is worth it. */
async function sequenced(
  source: EventSource,
  profile: TableProfile,
  { engine, input }: SourceContext,
): Promise<EventSource> {
  if (source.detail === 'brief') return source;
  const c = typeColumn(source.categories, profile.columns);
  if (c < 0) return source;
  const learn = { engine, schema: input.schema, asOf: input.asOf, rows: profile.rows };
  return { ...source, sequence: await learnSequence(source, c, learn) };
}

const MINUTE = 60_000_000;
const DAY = 24 * 60 * MINUTE;

/** Half an hour, as web analytics have it; a day where times have no clock. */
const sessionGap = (t: Table, time: string | undefined): number =>
  t.columns.find((c) => c.name === time)?.type === 'date' ? DAY : 30 * MINUTE;

/** An undated table with cells, none of which may be read (a flat export, say): its mere rows say nothing either. */
function saysNothing(t: Table, input: PlanInput): boolean {
  const cells = t.columns.filter((c) => c.semantic !== 'key' && c.semantic !== 'timestamp');
  const barred = (c: Column): boolean =>
    input.withheld.has(`${t.name}.${c.name}`) || (c.mutable !== undefined && !c.trusted);
  return cells.length > 0 && cells.every(barred);
}

export const describe = (path: Pick<SourcePath, 'group' | 'down'>): string =>
  [...path.group.up, ...path.down].map((s) => s.link).join(' > ');

/** What the source costs at these pairs, from counts per group; rows later than `asOf` do not count. */
async function costOf(source: EventSource, pairs: string, context: SourceContext): Promise<SourceCost> {
  const known = le(col('x', 'known'), ts(context.input.asOf));
  const events = select({
    columns: [as(col('x', 'g'), 'g'), as(countAll(), 'n')],
    from: subquery(eventRows(source, context.input.schema), 'x'),
    where: known,
    groupBy: [col('x', 'g')],
  });
  const wanted = select({
    columns: [as(col('p', 'g'), 'g'), as(countAll(), 'n')],
    from: table(pairs, 'p', FEATURE_SCHEMA),
    groupBy: [col('p', 'g')],
  });
  const total = (value: Expr): Expr => cast(sum(value), 'double');
  const query = select({
    columns: [
      as(total(mul(col('a', 'n'), col('b', 'n'))), 'joined'),
      as(total(col('b', 'n')), 'staged'),
      as(total(col('a', 'n')), 'pairs'),
    ],
    from: subquery(wanted, 'a'),
    joins: [innerJoin(subquery(events, 'b'), and(eq(col('a', 'g'), col('b', 'g'))))],
  });
  const [row] = await context.engine.rows(toSql(query, context.engine.dialect));
  return {
    joined: Number(row?.joined ?? 0),
    staged: Number(row?.staged ?? 0),
    pairs: Number(row?.pairs ?? 0),
  };
}

interface Measures {
  readonly numeric: readonly NumericMeasure[];
  readonly categories: readonly CategoryMeasure[];
  readonly refs: readonly string[];
}

function measures(source: EventSource, t: Table, profile: TableProfile, context: SourceContext): Measures {
  const limit = LIMITS[source.detail];
  const readable = t.columns.filter((c) => mayMeasure(c, t, source, context.input));
  const numbers = readable.filter(
    (c) => c.semantic === 'numeric' && (c.type === 'integer' || c.type === 'number'),
  );
  const plain = numbers.map((c): NumericMeasure => ({ column: c.name, decimals: decimalsOf(c) }));
  const numeric = [...amountOf(numbers), ...plain].slice(0, limit.numeric);
  const categories = readable
    .flatMap((c) => categoryOf(c, profile.columns.get(c.name), limit.values))
    .slice(0, limit.categories);
  const back = source.down.at(-1)?.link;
  const refs = context.input.schema.links
    .filter((l) => l.from === t.name && l.name !== back && l.to !== context.input.entityTable)
    .filter((l) => !l.dated && followed(context.input, l))
    .map((l) => l.name)
    .slice(0, limit.refs);
  return { numeric, categories, refs };
}

const decimalsOf = (c: Column): number => Math.min(c.decimals ?? (c.type === 'integer' ? 0 : 4), 6);

/** Lines with a quantity and a unit price but no amount: the amount is their product. */
function amountOf(numbers: readonly Column[]): readonly NumericMeasure[] {
  const named = (pattern: RegExp): Column | undefined => numbers.find((c) => pattern.test(words(c.name)));
  const quantity = named(/\b(quantity|qty|units|seats|licen[cs]es)\b/);
  const price = named(/\b(price|unit cost|rate)\b/);
  if (!quantity || !price || named(/\b(amount|total|revenue|value|sum)\b/)) return [];
  return [
    {
      column: quantity.name,
      times: price.name,
      decimals: Math.min(decimalsOf(quantity) + decimalsOf(price), 6),
    },
  ];
}

/** Opened rows show what was written then; closed rows also show the state they closed in. */
function mayMeasure(c: Column, t: Table, source: EventSource, input: PlanInput): boolean {
  if (c.constant || c.name === t.time || c.name === t.labelTime) return false;
  const withheld = input.withheld.has(`${t.name}.${c.name}`);
  const mutable = c.mutable !== undefined && !c.trusted;
  if (source.stream === 'closed')
    return mutable && (c.semantic === 'categorical' || c.semantic === 'boolean');
  return !withheld && !mutable;
}

function categoryOf(
  c: Column,
  profile: ColumnProfile | undefined,
  limit: number,
): readonly CategoryMeasure[] {
  if (c.semantic === 'boolean')
    return [{ column: c.name, values: ['true'], counted: 1, boolean: c.type === 'boolean' }];
  if (c.semantic !== 'categorical' || !profile || profile.distinct < 2) return [];
  const values = profile.values
    .filter((_, i) => (profile.counts[i] ?? 0) >= Math.max(5, 0.01 * profile.filled))
    .slice(0, Math.max(limit, SEQUENCE_VALUES));
  return values.length === 0 ? [] : [{ column: c.name, values, counted: limit, boolean: false }];
}

/** Share of entity rows known at `asOf` that have had the source's event by then. */
export async function memberShare(source: EventSource, context: SourceContext): Promise<number> {
  const { input, engine } = context;
  const known = (alias: string, name: string): Expr => le(col(alias, name), ts(input.asOf));
  const having = select({
    columns: [as(countDistinct(col('x', 'owner')), 'n')],
    from: subquery(eventRows({ ...source, numeric: [], categories: [], refs: [] }, input.schema), 'x'),
    where: known('x', 'known'),
  });
  const members = select({
    columns: [as(countAll(), 'n')],
    from: table(input.entityTable, 'e', 'data'),
    where: known('e', KNOWN),
  });
  const count = async (query: Query): Promise<number> =>
    Number((await engine.rows(toSql(query, engine.dialect)))[0]?.n ?? 0);
  return (await count(having)) / Math.max(1, await count(members));
}
