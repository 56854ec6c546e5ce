/** Raw tables → typed columns with the facts that keys, times and links are inferred from. */

import type { RunControl } from '../../util/progress.ts';
import type { Engine } from '../engine/types.ts';
import { isNullToken } from './cells.ts';
import { type Draft, draftOf, draftOfEngineType, isTimeName } from './column-type.ts';
import { swapped } from './date-formats.ts';
import {
  type ColumnCounts,
  checkReadings,
  countColumns,
  misfits,
  type ReadColumn,
  type ReadingCheck,
  readingOf,
  sampleColumns,
} from './scan.ts';
import { textSemantic } from './text-semantics.ts';
import type { Column, TableOrigin } from './types.ts';

/** What the sources floor says of an attached table: engine schema `raw`, with `__row`. */
export interface RawTableInfo {
  readonly name: string;
  readonly rows: number;
  readonly source: {
    readonly path: string;
    readonly format: Extract<TableOrigin, { kind: 'file' }>['format'];
    readonly member?: string;
  };
  readonly columns: readonly { readonly name: string; readonly engineType: string }[];
}

export interface ColumnProfile {
  readonly column: Column;
  readonly filled: number;
  readonly distinct: number;
  /** Of numbers, and of times in ms since epoch. */
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  /** Cells that the reading leaves empty, null tokens apart. */
  readonly unparsed: number;
  /** Distinct sampled cells, null tokens apart. */
  readonly values: readonly string[];
}

export interface TableProfile {
  readonly name: string;
  readonly raw: RawTableInfo;
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

interface Work {
  readonly name: string;
  readonly counts: ColumnCounts;
  readonly sample: readonly string[];
  draft: Draft;
  nullTokens: readonly string[];
  check?: ReadingCheck;
}

export async function profileTables(
  engine: Engine,
  raws: readonly RawTableInfo[],
  control: RunControl,
): Promise<readonly TableProfile[]> {
  const works: { raw: RawTableInfo; columns: Work[] }[] = [];
  for (const [i, raw] of raws.entries()) {
    control.signal?.throwIfAborted();
    works.push({ raw, columns: await startWork(engine, raw) });
    control.progress?.({ stage: 'read columns', done: i + 1, total: raws.length, unit: 'tables' });
  }
  settleDayMonth(works.flatMap((w) => w.columns));
  for (const { raw, columns } of works) await confirm(engine, raw, columns);
  return works.map(({ raw, columns }) => ({
    name: raw.name,
    raw,
    rows: raw.rows,
    columns: columns.map(toProfile),
  }));
}

async function startWork(engine: Engine, raw: RawTableInfo): Promise<Work[]> {
  const names = raw.columns.map((c) => c.name);
  const counts = await countColumns(engine, raw.name, names);
  const samples = await sampleColumns(engine, raw.name, names, raw.rows, counts);
  return raw.columns.map(({ name, engineType }, i) => {
    const sample = samples[i]!;
    const typed = draftOfEngineType(engineType);
    const byValue = draftOf(name, sample, counts[i]!.distinct);
    // A typed integer may still be a yyyymmdd date or a 0/1 flag; a typed time or flag is what it is.
    const draft =
      typed === undefined || (typed.type === 'integer' && byValue.semantic !== undefined) ? byValue : typed;
    return { name, counts: counts[i]!, sample, draft, nullTokens: tokensIn(sample, draft) };
  });
}

const tokensIn = (cells: readonly string[], draft: Draft): readonly string[] =>
  [...new Set(cells.filter((c) => isNullToken(c, draft.type === 'text')))].sort();

/** Day and month are told apart by any value above 12, else by the other columns, else month first (CRM exports). */
function settleDayMonth(columns: readonly Work[]): void {
  const open = (w: Work): boolean => {
    const other = w.draft.format === undefined ? undefined : swapped(w.draft.format);
    return other !== undefined && (w.draft.alternatives ?? []).includes(other);
  };
  const settled = columns.filter((w) => w.draft.format?.match(/%[dm][/-]%[dm]/) && !open(w));
  const dayFirst = settled.filter((w) => w.draft.format!.startsWith('%d')).length;
  for (const w of columns.filter(open)) {
    const first = w.draft.format!.startsWith('%d');
    if (first !== dayFirst * 2 > settled.length) w.draft = { ...w.draft, format: swapped(w.draft.format!)! };
  }
}

/** Misfits that a column may have and still be what its sample said. */
const TOLERATED_SHARE = 0.02;
const TOLERATED_KINDS = 12;

async function confirm(engine: Engine, raw: RawTableInfo, columns: readonly Work[]): Promise<void> {
  const readable = columns.filter((w) => toRead(w) !== undefined);
  await check(engine, raw.name, readable);
  const retry: Work[] = [];
  for (const w of readable) {
    if (w.check!.misfits === 0) continue;
    const cells = await misfits(engine, raw.name, toRead(w)!, TOLERATED_KINDS + 1);
    const tokens = cells.filter((c) => isNullToken(c, false));
    w.nullTokens = [...new Set([...w.nullTokens, ...tokens])].sort();
    if (!isTolerable(w, cells.length - tokens.length)) demote(w);
    retry.push(w);
  }
  await check(
    engine,
    raw.name,
    retry.filter((w) => toRead(w) !== undefined),
  );
}

function isTolerable(w: Work, kinds: number): boolean {
  const share = w.check!.misfits / Math.max(1, w.counts.filled);
  if (w.draft.type === 'timestamp' && isTimeName(w.name)) return share <= 0.4;
  return share <= TOLERATED_SHARE && kinds < TOLERATED_KINDS;
}

/** The sample misled: integers with a fraction are numbers, anything else is text. */
function demote(w: Work): void {
  w.draft = { type: 'text' };
  w.nullTokens = tokensIn(w.sample, w.draft);
  delete w.check;
}

async function check(engine: Engine, table: string, columns: readonly Work[]): Promise<void> {
  if (columns.length === 0) return;
  const checks = await checkReadings(
    engine,
    table,
    columns.map((w) => toRead(w)!),
  );
  for (const [i, w] of columns.entries()) w.check = checks[i]!;
}

function toRead(w: Work): ReadColumn | undefined {
  const reading = readingOf(w.draft.type, w.draft.pattern, w.draft.format);
  return reading && { name: w.name, reading, nullTokens: w.nullTokens };
}

const MAX_DECIMALS = 6;
/** Scaled sums stay exact in 64 bits up to here. */
const EXACT = 2 ** 53;

function toProfile(w: Work): ColumnProfile {
  const values = [...new Set(w.sample)].filter((c) => !w.nullTokens.includes(c));
  const { check } = w;
  return {
    column: toColumn(w, values),
    filled: w.counts.filled,
    distinct: w.counts.distinct,
    ...(check?.min !== undefined && { min: check.min }),
    ...(check?.max !== undefined && { max: check.max }),
    ...(check?.mean !== undefined && { mean: check.mean }),
    unparsed: check?.misfits ?? 0,
    values,
  };
}

function toColumn(w: Work, values: readonly string[]): Column {
  const { draft } = w;
  const shared = {
    name: w.name,
    ...(draft.parse !== undefined && { parse: draft.parse }),
    ...(draft.format !== undefined && { format: draft.format }),
    ...(w.nullTokens.length > 0 && { nullTokens: w.nullTokens }),
    ...((w.counts.distinct <= 1 || values.length === 0) && { constant: true }),
  };
  if (draft.type === 'timestamp')
    return { ...shared, type: w.check?.midnight ? 'date' : 'timestamp', semantic: 'timestamp' };
  if (draft.type === 'boolean') return { ...shared, type: 'boolean', semantic: 'boolean' };
  if (draft.type === 'text') {
    const found =
      draft.semantic === undefined
        ? textSemantic({ ...w.counts, name: w.name, sample: w.sample })
        : { semantic: draft.semantic };
    return { ...shared, type: 'text', ...found };
  }
  return numeric(w, shared);
}

function numeric(w: Work, shared: Pick<Column, 'name'>): Column {
  const whole = w.draft.pattern === undefined && (w.check?.whole ?? false);
  if (whole) return { ...shared, type: 'integer', semantic: 'numeric' };
  if (w.draft.pattern !== undefined) return { ...shared, type: 'number', semantic: 'numeric' };
  const largest = Math.max(Math.abs(w.check?.min ?? 0), Math.abs(w.check?.max ?? 0), 1);
  const room = Math.floor(Math.log10(EXACT / largest));
  const decimals = Math.max(0, Math.min(MAX_DECIMALS, w.check?.decimals ?? 0, room));
  return { ...shared, type: 'number', semantic: 'numeric', decimals };
}
