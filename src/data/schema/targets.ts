/**
 * Named targets of lead, contact and account tables: an opportunity is created within 90 days; or, where the median
 * sales cycle is longer than that, one is won within 180. Without a deal table, a lead's own dated state that says
 * converted or won. Also the sales cycle itself.
 */
import type { Engine } from '../engine/types.ts';
import { attributes, columnOf, type JudgedTable } from './facts.ts';
import { hasWord, STATE_WORDS, stems } from './lexicon.ts';
import { cellText, rawTable, readingOf, str } from './scan.ts';
import type { Column, Link, NamedTarget } from './types.ts';

const NAMES = ['will_convert', 'conversion'] as const;
const SHORT_CYCLE_DAYS = 90;
const MAX_HOPS = 3;

export interface DealFacts {
  readonly table: JudgedTable;
  /** Predicate text that holds for won deals. */
  readonly won?: string;
  readonly cycleDays?: number;
}

export async function dealFacts(
  engine: Engine,
  tables: readonly JudgedTable[],
): Promise<DealFacts | undefined> {
  const deals = tables.filter(
    (t) =>
      t.concept === 'deal' && t.times.time !== undefined && t.flatOf === undefined && t.role !== 'history',
  );
  const table = deals.sort((a, b) => b.profile.rows - a.profile.rows)[0];
  if (!table) return undefined;
  const won = wonValue(table);
  const cycleDays = await medianCycle(engine, table, won);
  return {
    table,
    ...(won && { won: `${ref(table.name, won.column)} = ${won.literal}` }),
    ...(cycleDays !== undefined && { cycleDays }),
  };
}

interface Won {
  readonly column: string;
  readonly literal: string;
  readonly cell: string;
}

const WON = /(^|[^\p{L}])(won|win|converted|success(ful)?)($|[^\p{L}])/iu;

function wonValue(table: JudgedTable): Won | undefined {
  for (const c of attributes(table)) {
    if (c.column.type === 'boolean' && WON.test(stems(c.column.name).join(' '))) {
      const cell = c.values.find((v) => /^(true|t|yes|y|1)$/i.test(v));
      if (cell !== undefined) return { column: c.column.name, literal: 'true', cell };
    }
    if (c.column.semantic !== 'categorical') continue;
    const cell = c.values.find((v) => WON.test(v.replaceAll('_', ' ')) && !/lost|not/i.test(v));
    if (cell !== undefined) return { column: c.column.name, literal: quote(cell), cell };
  }
  return undefined;
}

/** Days from creation to close: median over won deals, over all closed ones when none is marked won. */
async function medianCycle(
  engine: Engine,
  table: JudgedTable,
  won: Won | undefined,
): Promise<number | undefined> {
  const { time, labelTime } = table.times;
  if (time === undefined || labelTime === undefined) return undefined;
  const value = (name: string): string => {
    const { column } = columnOf(table, name)!;
    return readingOf(column.type, undefined, column.format)!.value(cellText(name));
  };
  const filter = won ? `WHERE ${cellText(won.column)} = ${str(won.cell)}` : '';
  const [row] = await engine.rows(
    `SELECT median(date_diff('hour', ${value(time)}, ${value(labelTime)})) / 24.0 AS d FROM ${rawTable(table.name)} ${filter}`,
  );
  const days = Number(row?.d ?? Number.NaN);
  return Number.isFinite(days) && days > 0 ? Math.round(days) : undefined;
}

export function namedTargets(
  tables: readonly JudgedTable[],
  links: readonly Link[],
  deals: DealFacts | undefined,
  columns: (table: string) => readonly Column[],
): readonly NamedTarget[] {
  const wanted = tables.filter((t) => t.role === 'entity' && t.flatOf === undefined && isPerson(t));
  return wanted.flatMap((t) => {
    const target = (deals && dealTarget(t, links, deals)) ?? stateTarget(t, columns(t.name));
    return target ? NAMES.map((name) => ({ name, table: t.name, ...target })) : [];
  });
}

const isPerson = (t: JudgedTable): boolean =>
  t.concept === 'lead' || t.concept === 'contact' || t.concept === 'account';

type Target = Omit<NamedTarget, 'name' | 'table'>;

function dealTarget(t: JudgedTable, links: readonly Link[], deals: DealFacts): Target | undefined {
  // A table that points at a deal came out of it: it has converted already.
  if (links.some((l) => l.from === t.name && l.to === deals.table.name)) return undefined;
  const path = pathTo(t.name, deals.table.name, links);
  if (!path) return undefined;
  const direct = links.filter((l) => l.from === deals.table.name && l.to === t.name);
  const plain = path.length === 1 && path[0]!.from === deals.table.name && direct.length === 1;
  const via = plain ? '' : ` VIA ${path.map((l) => ref(l.from, l.columns[0]!)).join(', ')}`;
  const { time, labelTime } = deals.table.times;
  if ((deals.cycleDays ?? 0) > SHORT_CYCLE_DAYS && deals.won !== undefined) {
    return { predicate: `COUNT(${name(deals.table.name)}.*${via} WHERE ${deals.won}, 0, 180, days) > 0` };
  }
  return {
    predicate: `COUNT(${name(deals.table.name)}.*${via}, 0, 90, days) > 0`,
    ...(labelTime !== undefined && time !== undefined && { labelTimes: { [deals.table.name]: time } }),
  };
}

/**
 * Shortest chain from an entity to the deals it may bring: at most one link up (to its account), then links down. A
 * table that points at a deal came out of it, so such links are not followed.
 */
function pathTo(from: string, to: string, links: readonly Link[]): readonly Link[] | undefined {
  const ups = links.filter((l) => l.from === from && l.to !== from && l.to !== to);
  const starts: readonly Walk[] = [{ at: from, links: [] }, ...ups.map((l) => ({ at: l.to, links: [l] }))];
  return starts.flatMap((start) => down(start, to, links)).sort((a, b) => a.length - b.length)[0];
}

interface Walk {
  readonly at: string;
  readonly links: readonly Link[];
}

function down(start: Walk, to: string, links: readonly Link[]): readonly (readonly Link[])[] {
  let walks: readonly Walk[] = [start];
  for (let hop = start.links.length; hop < MAX_HOPS; hop++) {
    walks = walks.flatMap((w) =>
      links
        .filter((l) => l.to === w.at && l.from !== w.at && !w.links.includes(l))
        .map((l) => ({ at: l.from, links: [...w.links, l] })),
    );
    const found = walks.filter((w) => w.at === to);
    if (found.length > 0) return found.map((w) => w.links);
  }
  return [];
}

/** A lead's own state, when its history says when it converted. */
function stateTarget(t: JudgedTable, columns: readonly Column[]): Target | undefined {
  if (t.concept !== 'lead') return undefined;
  for (const column of columns) {
    if (column.history === undefined || column.type !== 'text' || !hasWord(stems(column.name), STATE_WORDS))
      continue;
    const known =
      column.history.kind === 'valueTimes'
        ? Object.keys(column.history.times)
        : (columnOf(t, column.name)?.values ?? []);
    const value = known.find((v) => WON.test(v.replaceAll('_', ' ')) && !/lost|not/i.test(v));
    if (value !== undefined)
      return {
        predicate: `BOOL(${ref(t.name, column.name)} = ${quote(value)}, 0, ${SHORT_CYCLE_DAYS}, days)`,
      };
  }
  return undefined;
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;
const name = (text: string): string => (PLAIN.test(text) ? text : `\`${text}\``);
const ref = (table: string, column: string): string => `${name(table)}.${name(column)}`;
const quote = (text: string): string => (text.includes("'") ? `"${text}"` : `'${text}'`);
