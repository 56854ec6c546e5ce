/** What is learned about (entity, item) pairs: windows, peers, item categories, and the columns that come of it. */
import { isSettledLink } from '../../../data/schema/dated-links.ts';
import type { Column, Link, Schema, Table } from '../../../data/schema/types.ts';
import { unitDays } from '../../../query/task/calendar.ts';
import type { ItemTarget } from '../../../query/task/past-items.ts';
import { pathDown } from '../lags/lags.ts';
import { words } from '../lexicon-signals.ts';
import type { Family, FeatureColumn, Signal } from '../types.ts';

/** Whose habits stand for an entity that has few of its own. */
export type PeerGroup =
  | { readonly kind: 'parent'; readonly link: string; readonly table: string }
  | { readonly kind: 'column'; readonly column: string };

export interface PairPlan {
  readonly target: ItemTarget;
  /** Days: the window of the question, and four of them. */
  readonly short: number;
  readonly long: number;
  readonly peers?: PeerGroup;
  /** Columns of the item table whose values entities may have a taste for. */
  readonly tastes: readonly string[];
  /** Every frequent item is a candidate for everyone (multilabel), instead of a choice for each. */
  readonly frequent: boolean;
  readonly columns: readonly FeatureColumn[];
}

const MAX_TASTES = 3;

export function planPairs(
  schema: Schema,
  target: ItemTarget,
  withheld: ReadonlySet<string>,
  frequent: boolean,
): PairPlan {
  const { end, unit } = target.aggregate.window!;
  const short = Math.max(1, Math.round(unitDays(end, unit)));
  const peers = peersOf(schema, target.entityTable, withheld);
  const items = schema.tables.find((t) => t.name === target.itemTable);
  const tastes = items ? fixedCategories(items, withheld).slice(0, MAX_TASTES) : [];
  const base = {
    target,
    short,
    long: 4 * short,
    ...(peers ? { peers } : {}),
    tastes: tastes.map((c) => c.name),
    frequent,
  };
  return { ...base, columns: columnsOf(schema, base) };
}

/** Written at creation: the value of any row may be read as it stands. */
const fixedCategories = (t: Table, withheld: ReadonlySet<string>): readonly Column[] =>
  t.columns.filter(
    (c) =>
      c.semantic === 'categorical' &&
      c.mutable === undefined &&
      c.history === undefined &&
      !t.key.includes(c.name) &&
      !withheld.has(`${t.name}.${c.name}`),
  );

function peersOf(schema: Schema, entityTable: string, withheld: ReadonlySet<string>): PeerGroup | undefined {
  const isBarred = (l: Link): boolean => l.columns.some((c) => withheld.has(`${l.from}.${c}`));
  const link = schema.links.find(
    (l) =>
      l.from === entityTable && l.to !== entityTable && !l.dated && isSettledLink(schema, l) && !isBarred(l),
  );
  if (link) return { kind: 'parent', link: link.name, table: link.to };
  const entity = schema.tables.find((t) => t.name === entityTable)!;
  const [column] = fixedCategories(entity, withheld);
  return column ? { kind: 'column', column: column.name } : undefined;
}

type Spec = readonly [
  name: string,
  sentence: string,
  unit: FeatureColumn['unit'] | undefined,
  family: Family,
  signal: Signal,
];

/** In the order of the columns of `pairQuery`. */
function columnsOf(schema: Schema, plan: Omit<PairPlan, 'columns'>): readonly FeatureColumn[] {
  const { source, path = [] } = plan.target.aggregate;
  const rows = words(source.table);
  const item = words(plan.target.itemTable ?? source.column);
  const within = (days: number): string => `in the last ${days} days`;
  const own: Family = 'windows';
  const specs: readonly Spec[] = [
    ['own.count', `${rows} with this ${item} ever`, 'count', own, 'past deals'],
    ['own.count.short', `${rows} with this ${item} ${within(plan.short)}`, 'count', own, 'past deals'],
    ['own.count.long', `${rows} with this ${item} ${within(plan.long)}`, 'count', own, 'past deals'],
    ['own.days', `different days with this ${item}`, undefined, own, 'past deals'],
    ['own.since', `days since the last one with this ${item}`, 'days', 'recency', 'velocity'],
    ['own.first', `days since the first one with this ${item}`, 'days', 'recency', 'velocity'],
    ['own.rhythm', `time since the last one ÷ usual gap for this ${item}`, undefined, 'recency', 'velocity'],
    ['own.share', `share of ${rows} that have this ${item}`, 'share', own, 'past deals'],
    ['own.place', `place of this ${item} among the own ones`, undefined, 'rank', 'past deals'],
    [
      'item.rate.short',
      `share of the active that took this ${item} ${within(plan.short)}`,
      'share',
      'peers',
      'peer wins',
    ],
    [
      'item.rate.long',
      `share of the active that took this ${item} ${within(plan.long)}`,
      'share',
      'peers',
      'peer wins',
    ],
    ['item.trend', `recent ÷ usual popularity of this ${item}`, undefined, 'peers', 'timing'],
    ['item.repeat', `share of its takers that came back for this ${item}`, 'share', 'peers', 'peer wins'],
    ['item.age', `days since this ${item} was first taken by anyone`, 'days', 'recency', 'timing'],
    ['item.since', `days since this ${item} was last taken by anyone`, 'days', 'recency', 'timing'],
    [
      'next.sum',
      `how often this ${item} goes with the own latest ones, all together`,
      undefined,
      'similar',
      'peer wins',
    ],
    [
      'next.max',
      `how often this ${item} goes with one of the own latest ones`,
      undefined,
      'similar',
      'peer wins',
    ],
    ['entity.count', `${rows} ever`, 'count', own, 'engagement'],
    ['entity.count.short', `${rows} ${within(plan.short)}`, 'count', own, 'engagement'],
    ['entity.items', `different ${item} values ever`, undefined, own, 'engagement'],
    ['entity.since', `days since the last of the ${rows}`, 'days', 'recency', 'silence'],
    ...(plan.peers
      ? [
          [
            'peers.rate',
            `share of active peers that took this ${item} ${within(plan.long)}`,
            'share',
            'peers',
            'peer wins',
          ] as const,
        ]
      : []),
    ...plan.tastes.map(
      (c) =>
        [
          `taste.${c}`,
          `share of ${rows} with the same ${words(c)} as this ${item}`,
          'share',
          own,
          'profile',
        ] as const,
    ),
  ];
  const steps = pathDown(schema, plan.target.entityTable, path);
  return specs.map(([name, sentence, unit, family, signal]) => ({
    name: `pair.${name}`,
    kind: 'numeric',
    family,
    scope: 'relational',
    signal,
    path: steps,
    table: source.table,
    column: source.column,
    primitive: name,
    sentence,
    ...(unit ? { unit } : {}),
  }));
}
