/**
 * Raw tables → workspace: column types, keys, times, links, derived tables, roles, histories, mutable columns and named
 * targets, with no question asked. Every decision is written to leadlight.yaml, where it can be corrected.
 */
import { isAbsolute, relative } from 'node:path';
import type { RunControl } from '../../util/progress.ts';
import type { Engine } from '../engine/types.ts';
import { TRUE_WORDS } from './cells.ts';
import { DEFAULT_PLAYBOOK, DEFAULT_POINT_RULES } from './defaults.ts';
import { type DerivedTable, deriveTables } from './derived.ts';
import { derivedLinks } from './derived-links.ts';
import { factsOf, isTimeColumn, type JudgedTable, type TableFacts } from './facts.ts';
import { fieldHistory } from './field-history.ts';
import { happensWith, historyOf } from './histories.ts';
import { compositeKey, singleKey } from './keys.ts';
import { compositeLinks, type KeyedTable, singleLinks } from './links.ts';
import { mutableReason } from './mutable.ts';
import { pointsColumn } from './points.ts';
import { type ColumnProfile, profileTables, type RawTableInfo, type TableProfile } from './profile.ts';
import { judge } from './roles.ts';
import { dealFacts, namedTargets } from './targets.ts';
import { laterTimes, tableTimes } from './times.ts';
import type { Column, History, Link, Table, WorkspaceConfig } from './types.ts';

export interface InferOptions {
  /** Folder of leadlight.yaml: source paths are written relative to it. */
  readonly baseDir?: string;
}

/** `raws` stand in engine schema `raw`. Reads every column a few times; asks nothing. */
export async function inferSchema(
  engine: Engine,
  raws: readonly RawTableInfo[],
  options: InferOptions = {},
  control: RunControl = {},
): Promise<WorkspaceConfig> {
  const profiles = await profileTables(engine, raws, control);
  const { keyed, links, derived } = await relate(engine, profiles, control);
  const facts: TableFacts[] = [];
  for (const { table, key } of keyed) {
    const times = tableTimes(table);
    facts.push(factsOf(table, key, times, await laterTimes(engine, table, times), links));
  }
  const judged = judge(facts);
  const tables: Table[] = [];
  for (const table of judged) tables.push(await toTable(engine, table, judged, options.baseDir));
  const all = [...tables, ...derived.map((d) => toDerived(d, tables))];
  const deals = await dealFacts(engine, judged);
  const points = pointsColumn(judged);
  return {
    version: 1,
    timeZone: 'UTC',
    schema: { tables: all, links, derivedLinks: derivedLinks(judged) },
    targets: namedTargets(judged, links, deals, (name) => tables.find((t) => t.name === name)?.columns ?? []),
    ...(deals?.cycleDays !== undefined && { salesCycleDays: deals.cycleDays }),
    integrations: [],
    ...(points !== undefined && { points }),
    pointRules: DEFAULT_POINT_RULES,
    playbook: DEFAULT_PLAYBOOK,
  };
}

interface Related {
  readonly keyed: readonly KeyedTable[];
  readonly links: readonly Link[];
  readonly derived: readonly DerivedTable[];
}

async function relate(
  engine: Engine,
  profiles: readonly TableProfile[],
  control: RunControl,
): Promise<Related> {
  const single: KeyedTable[] = [];
  for (const table of profiles) {
    const key = await singleKey(engine, table);
    single.push({ table, key: key === undefined ? [] : [key] });
  }
  const direct = await singleLinks(engine, single, control);
  const dated = (name: string): boolean =>
    profiles.some((p) => p.name === name && tableTimes(p).time !== undefined);
  const derived = await deriveTables(engine, single, direct, dated);
  const found = [...direct, ...derived.links];
  const keyed: KeyedTable[] = [];
  for (const t of single) {
    const linked = new Set(found.filter((l) => l.from === t.table.name).flatMap((l) => l.columns));
    keyed.push(t.key.length > 0 ? t : { table: t.table, key: await compositeKey(engine, t.table, linked) });
  }
  return { keyed, links: [...found, ...(await compositeLinks(engine, keyed))], derived: derived.tables };
}

async function toTable(
  engine: Engine,
  table: JudgedTable,
  all: readonly JudgedTable[],
  baseDir: string | undefined,
): Promise<Table> {
  const columns: Column[] = [];
  for (const c of table.profile.columns) columns.push(await toColumn(engine, table, c, all));
  const { source } = table.profile.raw;
  const path =
    baseDir !== undefined && isAbsolute(source.path) ? relative(baseDir, source.path) : source.path;
  const { member, format } = source;
  // A flat export's own times are copies of its parents'; its rows are dated by them.
  const times = table.flatOf === undefined ? table.times : {};
  return {
    name: table.name,
    origin: { kind: 'file', path, format, ...(member !== undefined && { member }) },
    key: table.key,
    role: table.role,
    ...times,
    columns,
  };
}

async function toColumn(
  engine: Engine,
  table: JudgedTable,
  c: ColumnProfile,
  all: readonly JudgedTable[],
): Promise<Column> {
  const column: Column = table.keyed.has(c.column.name) ? asKey(c.column) : c.column;
  const reason = mutableReason(table, c);
  if (reason === undefined) return ordinary(engine, table, c, column, all);
  const history = table.flatOf === undefined ? await historyOf(engine, table, c, all) : undefined;
  return { ...column, mutable: reason, ...(history && { history: typed(history, column) }) };
}

async function ordinary(
  engine: Engine,
  table: JudgedTable,
  c: ColumnProfile,
  column: Column,
  all: readonly JudgedTable[],
): Promise<Column> {
  const settled = isTimeColumn(c) || table.key.includes(column.name) || table.flatOf !== undefined;
  if (settled || table.role === 'history' || table.role === 'lookup') return column;
  const logged = table.keyed.has(column.name) ? undefined : await fieldHistory(engine, table, c, all);
  if (logged !== undefined) return { ...column, mutable: 'its changes are on record', history: logged };
  const history = await happensWith(engine, table, c);
  return history === undefined
    ? column
    : { ...column, mutable: 'settled by what happens to the row later', history: typed(history, column) };
}

function asKey(column: Column): Column {
  const { separator: _separator, decimals: _decimals, ...rest } = column;
  return { ...rest, semantic: 'key' };
}

/** Values of a yes/no column are written `true` and `false`, however the file spells them. */
function typed(history: History, column: Column): History {
  if (history.kind !== 'valueTimes' || column.type !== 'boolean') return history;
  const times = Object.entries(history.times).map(
    ([v, t]) => [String(TRUE_WORDS.has(v.toLowerCase())), t] as const,
  );
  return { kind: 'valueTimes', times: Object.fromEntries(times) };
}

function toDerived(d: DerivedTable, tables: readonly Table[]): Table {
  const source = tables.find((t) => t.name === d.from)?.columns.find((c) => c.name === d.column);
  return {
    name: d.name,
    origin: { kind: 'derived', table: d.from, columns: [d.column] },
    key: [d.column],
    role: 'entity',
    columns: [
      {
        name: d.column,
        type: source?.type ?? 'text',
        semantic: 'key',
        ...(source?.nullTokens && { nullTokens: source.nullTokens }),
      },
    ],
  };
}
