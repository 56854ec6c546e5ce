/**
 * Foreign keys: a column whose values are keys of another table (or of its own). Names propose, values decide:
 * small whole numbers are contained in each other by chance, so they link only under a name that says so, or when the
 * chance of falling among a sparse set of keys that often is nil; codes and words are contained only for a reason.
 */
import type { RunControl } from '../../util/progress.ts';
import type { Engine } from '../engine/types.ts';
import { type Affinity, isHome, linkAffinity } from './affinity.ts';
import { isCodeColumn } from './keys.ts';
import { looksLikeId } from './lexicon.ts';
import type { ColumnProfile, TableProfile } from './profile.ts';
import { keyExpression, keyValues, rawTable, str, wholeText } from './scan.ts';
import type { Link } from './types.ts';

export interface KeyedTable {
  readonly table: TableProfile;
  readonly key: readonly string[];
}

interface Candidate {
  readonly from: KeyedTable;
  readonly column: ColumnProfile;
  readonly to: KeyedTable;
  readonly affinity: Affinity;
  /** Share of distinct values that are keys of the target. */
  readonly share: number;
}

export async function singleLinks(
  engine: Engine,
  tables: readonly KeyedTable[],
  control: RunControl,
): Promise<readonly Link[]> {
  const found: Candidate[] = [];
  const pairs = await promisingPairs(engine, tables);
  for (const [i, pair] of pairs.entries()) {
    control.signal?.throwIfAborted();
    found.push({ ...pair, share: await containment(engine, pair) });
    control.progress?.({ stage: 'compare keys', done: i + 1, total: pairs.length, unit: 'columns' });
  }
  const facing = dropBackward(found.filter(isCredible));
  const chosen = tables.flatMap((from) =>
    from.table.columns.flatMap((column) => choose(facing, found, from, column)),
  );
  return chosen.map((c) => toLink(c, chosen));
}

const canLink = (c: ColumnProfile): boolean =>
  (c.column.type === 'integer' || c.column.type === 'text') &&
  c.distinct > 0 &&
  c.column.semantic !== 'title' &&
  c.column.semantic !== 'multicategorical';

const keyColumn = ({ table, key }: KeyedTable): ColumnProfile | undefined =>
  key.length === 1 ? table.columns.find((c) => c.column.name === key[0]) : undefined;

type Pair = Omit<Candidate, 'share'>;

/** Pairs whose names or values allow a link and whose sampled values bear it out. Cost: one join with the sample a key. */
async function promisingPairs(engine: Engine, tables: readonly KeyedTable[]): Promise<readonly Pair[]> {
  const columns = tables.flatMap((from) =>
    from.table.columns
      .filter(canLink)
      .map((column) => ({ from, column, values: column.values.slice(0, SAMPLE) })),
  );
  const kept: Pair[] = [];
  for (const to of tables) {
    const key = keyColumn(to);
    if (!key) continue;
    const pairs = columns.map((c) => toPair(c.from, c.column, to, key)).map((pair, i) => [pair, i] as const);
    const possible = pairs.flatMap(([pair, i]) => (pair ? [{ pair, values: columns[i]!.values }] : []));
    const hits = await sampleHits(
      engine,
      possible.map((p) => p.values),
      to.table.name,
      key,
    );
    kept.push(
      ...possible.filter((p, i) => isPromising(p.pair, hits[i]!, p.values.length)).map((p) => p.pair),
    );
  }
  return kept;
}

const SAMPLE = 60;

function isPromising(pair: Pair, hits: number, sampled: number): boolean {
  return pair.affinity === 0 && pair.column.column.type === 'integer' ? hits >= 0.9 * sampled : hits > 0;
}

async function sampleHits(
  engine: Engine,
  samples: readonly (readonly string[])[],
  table: string,
  key: ColumnProfile,
): Promise<readonly number[]> {
  const rows = samples.flatMap((values, i) => values.map((v) => `(${i}, ${str(wholeText(v))})`));
  if (rows.length === 0) return [];
  const found = await engine.rows(
    `SELECT s.i AS i, count(*) AS n FROM (VALUES ${rows.join(', ')}) s(i, v)
     SEMI JOIN (${keyValues(table, key.column.name)}) k ON s.v = k.v GROUP BY 1`,
  );
  const counts = new Map(found.map((r) => [Number(r.i), Number(r.n)]));
  return samples.map((_, i) => counts.get(i) ?? 0);
}

/** A key that names its own table is that table's identity: it may also point at another only by that one's very name. */
function toPair(
  from: KeyedTable,
  column: ColumnProfile,
  to: KeyedTable,
  key: ColumnProfile,
): Pair | undefined {
  if (key === column) return undefined;
  const affinity = linkAffinity(from.table.name, column.column.name, to.table.name, key.column.name);
  if (affinity < 3 && keyColumn(from) === column && isHomeKey(from)) return undefined;
  if (affinity === 0 && (column.column.type !== key.column.type || !isTelling(column, key))) return undefined;
  if (column.column.type === 'integer' && key.column.type === 'integer' && !isSpread(column, key, affinity))
    return undefined;
  return { from, column, to, affinity };
}

/** Numbers that point at rows reach over many keys, few of which may be far off; counts and codes crowd at the low end. */
function isSpread(column: ColumnProfile, key: ColumnProfile, affinity: Affinity): boolean {
  if (affinity === 3 && looksLikeId(column.column.name)) return true;
  const [low, high] = [column.min ?? 0, column.max ?? 0];
  const reached = key.values.filter((v) => Number(v) >= low && Number(v) <= high).length;
  return reached >= (affinity === 0 ? 0.5 : 0.2) * key.values.length;
}

/** Would containment without a fitting name mean anything? */
function isTelling(column: ColumnProfile, key: ColumnProfile): boolean {
  if (column.column.type === 'integer') {
    const density = key.distinct / ((key.max ?? 0) - (key.min ?? 0) + 1);
    return column.distinct >= 20 && (key.min ?? 0) >= 1000 && density ** column.distinct < 1e-6;
  }
  if (column.column.constant || column.column.semantic === 'domain') return false;
  const mean = key.values.reduce((sum, v) => sum + v.length, 0) / Math.max(1, key.values.length);
  return column.distinct >= (isCodeColumn(key) ? 2 : 3) && mean >= 4;
}

async function containment(engine: Engine, { from, column, to }: Pair): Promise<number> {
  const key = keyColumn(to)!;
  const [row] = await engine.rows(
    `SELECT count(*) AS n, count(k.v) AS hits
     FROM (${keyValues(from.table.name, column.column.name)}) c
     LEFT JOIN (${keyValues(to.table.name, key.column.name)}) k ON c.v = k.v`,
  );
  return Number(row?.hits ?? 0) / Math.max(1, Number(row?.n ?? 0));
}

/** Least share of distinct values found among the keys. */
function isCredible(c: Candidate): boolean {
  const numbers = c.column.column.type === 'integer';
  if (c.affinity === 0) return c.share >= (numbers ? 0.98 : 0.9);
  // Dense whole numbers overlap by chance even under a fitting name; anything else overlaps only if it is the same thing.
  const key = keyColumn(c.to)!;
  const chancy = numbers && !isTelling(c.column, key);
  if (chancy) return c.share >= 0.9;
  return c.share >= (c.column.distinct <= 3 ? 0.5 : 0.3);
}

/** Of two keys that contain each other's values, the one that is at home in its table is the target. */
function dropBackward(found: readonly Candidate[]): readonly Candidate[] {
  const keyToKey = (c: Candidate): boolean => keyColumn(c.from) === c.column;
  return found.filter((c) => {
    if (!keyToKey(c)) return true;
    const back = found.find((o) => keyToKey(o) && o.from === c.to && o.to === c.from);
    const [here, there] = [isHomeKey(c.from), isHomeKey(c.to)];
    if (here !== there) return there;
    if (!back) return c.share >= 0.9 || c.affinity > 0;
    if (back.share !== c.share) return c.share > back.share;
    return c.from.table.rows === c.to.table.rows
      ? c.from.table.name > c.to.table.name
      : c.from.table.rows < c.to.table.rows;
  });
}

const isHomeKey = (t: KeyedTable): boolean => t.key.length === 1 && isHome(t.table, t.key[0]!);

/** One target for a column; several when its values are divided among tables (a lead or a contact, a user or a queue). */
function choose(
  facing: readonly Candidate[],
  all: readonly Candidate[],
  from: KeyedTable,
  column: ColumnProfile,
): readonly Candidate[] {
  const mine = facing.filter((c) => c.from === from && c.column === column).sort(better);
  const [best] = mine;
  if (best && best.share >= 0.9) return [best];
  const parts = dividing(all.filter((c) => c.from === from && c.column === column && c.to !== from));
  return parts.length > 1 ? parts : best ? [best] : [];
}

const rank = (c: Candidate): readonly number[] => [
  c.share >= 0.9 ? 1 : 0,
  c.affinity,
  isHomeKey(c.to) ? 1 : 0,
  c.share,
  -c.to.table.rows,
];
const better = (a: Candidate, b: Candidate): number => {
  const [x, y] = [rank(a), rank(b)];
  const i = x.findIndex((v, k) => v !== y[k]);
  return i < 0 ? 0 : y[i]! - x[i]!;
};

const PART = 0.02;
function dividing(mine: readonly Candidate[]): readonly Candidate[] {
  const parts = mine.filter((c) => c.share >= PART && c.column.column.type === 'text' && isHomeKey(c.to));
  const total = parts.reduce((sum, c) => sum + c.share, 0);
  return total >= 0.9 && total <= 1.001 && parts.every((c) => isCodeColumn(keyColumn(c.to)!)) ? parts : [];
}

function toLink(c: Candidate, all: readonly Candidate[]): Link {
  const name = `${c.from.table.name}.${c.column.column.name}`;
  const shared = all.filter((o) => o.from === c.from && o.column === c.column).length > 1;
  return {
    name: shared ? `${name}.${c.to.table.name}` : name,
    from: c.from.table.name,
    columns: [c.column.column.name],
    to: c.to.table.name,
    ...(c.column.distinct === c.column.filled && { unique: true }),
  };
}

/** Links to composite keys: columns of the same names whose values occur together in the target. */
export async function compositeLinks(
  engine: Engine,
  tables: readonly KeyedTable[],
): Promise<readonly Link[]> {
  const links: Link[] = [];
  for (const to of tables.filter((t) => t.key.length > 1)) {
    for (const from of tables) {
      const columns = to.key.filter((k) => from.table.columns.some((c) => c.column.name === k));
      const own = from.key.length === to.key.length && from.key.every((k) => to.key.includes(k));
      if (from === to || columns.length < to.key.length || (own && from.table.rows >= to.table.rows))
        continue;
      const found = await compositeShare(engine, from.table.name, to);
      if (found.share < 0.5) continue;
      links.push({
        name: `${from.table.name}.${to.key.join('+')}`,
        from: from.table.name,
        columns: to.key,
        to: to.table.name,
        ...(found.unique && { unique: true }),
      });
    }
  }
  return links;
}

async function compositeShare(
  engine: Engine,
  from: string,
  to: KeyedTable,
): Promise<{ readonly share: number; readonly unique: boolean }> {
  const list = to.key.map((k, i) => `${keyExpression(k)} AS k${i}`).join(', ');
  const filled = to.key.map((_, i) => `k${i} IS NOT NULL`).join(' AND ');
  const names = to.key.map((_, i) => `k${i}`).join(', ');
  const [row] = await engine.rows(
    `WITH f AS (SELECT ${names}, count(*) AS n FROM (SELECT ${list} FROM ${rawTable(from)}) WHERE ${filled} GROUP BY ALL),
          t AS (SELECT DISTINCT ${list}, true AS hit FROM ${rawTable(to.table.name)})
     SELECT count(*) AS n, count(t.hit) AS hits, max(f.n) AS most FROM f LEFT JOIN t USING (${names})`,
  );
  return {
    share: Number(row?.hits ?? 0) / Math.max(1, Number(row?.n ?? 0)),
    unique: Number(row?.most ?? 0) === 1,
  };
}
