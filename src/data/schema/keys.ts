/**
 * Primary keys: a column whose cells are all filled and all different, best by name, by place and by form. A key whose
 * name is certain may have a few repeats (they are reported, and the first row is kept). No key: rows are numbered.
 */
import type { Engine } from '../engine/types.ts';
import { ownAffinity } from './affinity.ts';
import { isCode, shapeOf } from './cells.ts';
import { COUNT_WORDS, hasWord, LINE_WORDS, looksLikeId, SIZE_WORDS, stems } from './lexicon.ts';
import type { ColumnProfile, TableProfile } from './profile.ts';
import { cellText, rawTable } from './scan.ts';

const CERTAIN = 70;
const REPEATS = 0.001;

export async function singleKey(engine: Engine, table: TableProfile): Promise<string | undefined> {
  const scored = table.columns
    .map((c, i) => ({ name: c.column.name, score: keyScore(table, c, i) }))
    .filter((c) => c.score > 0)
    .sort((a, b) => b.score - a.score);
  return scored[0]?.name ?? (await repeatedKey(engine, table));
}

function keyScore(table: TableProfile, c: ColumnProfile, index: number): number {
  if (table.rows === 0 || !canBeKey(c)) return 0;
  const named = ownAffinity(table.name, c.column.name);
  if (!isUnique(table, c, named)) return 0;
  if (c.column.type === 'text' && !looksLikeId(c.column.name) && meanLength(c) > MAX_NAME) return 0;
  const form = formScore(table, c, index);
  if (named < 50 && form === 0) return 0;
  return Math.max(named, form) + (index === 0 ? 12 : -Math.min(index, 5));
}

/** Names longer than this on average are sentences, not keys. */
const MAX_NAME = 40;
const meanLength = (c: ColumnProfile): number =>
  c.values.reduce((sum, v) => sum + v.length, 0) / Math.max(1, c.values.length);

const canBeKey = (c: ColumnProfile): boolean =>
  (c.column.type === 'integer' || c.column.type === 'text') &&
  c.column.semantic !== 'title' &&
  c.column.semantic !== 'url';

function isUnique(table: TableProfile, c: ColumnProfile, named: number): boolean {
  if (c.filled === table.rows && c.distinct === table.rows) return true;
  const lost = table.rows - Math.min(c.filled, c.distinct);
  return named >= CERTAIN && (lost <= REPEATS * table.rows || (lost <= 2 && table.rows >= 20));
}

/** What the cells alone say: codes, then a first column, then a gapless run of numbers. */
function formScore(table: TableProfile, c: ColumnProfile, index: number): number {
  const parts = stems(c.column.name);
  if (hasWord(parts, COUNT_WORDS) || hasWord(parts, SIZE_WORDS)) return 0;
  if (c.column.type === 'integer') {
    const range = (c.max ?? 0) - (c.min ?? 0) + 1;
    if (range <= 2 * table.rows && table.rows >= 5) return 40;
    return index === 0 ? 15 : 0;
  }
  if (isCodeColumn(c)) return 50;
  return index === 0 ? 20 : 0;
}

/** Nearly all cells are letters-and-digits codes of at most three forms. */
export function isCodeColumn(c: ColumnProfile): boolean {
  if (c.column.type !== 'text' || c.values.length < 2 || c.column.semantic === 'domain') return false;
  const codes = c.values.filter(isCode).length;
  if (codes < 0.9 * c.values.length) return false;
  const long = c.values.filter((v) => v.length >= 12).length;
  return long >= 0.9 * codes || new Set(c.values.map(shapeOf)).size <= Math.max(3, 0.05 * codes);
}

/** A key that certainly is one by name, whose repeats are all exact repeats of whole rows. */
async function repeatedKey(engine: Engine, table: TableProfile): Promise<string | undefined> {
  const found = table.columns.find(
    (c) =>
      canBeKey(c) &&
      ownAffinity(table.name, c.column.name) >= CERTAIN &&
      c.filled === table.rows &&
      c.distinct >= 0.9 * table.rows,
  );
  if (!found) return undefined;
  const [row] = await engine.rows(
    `SELECT count(*) AS n FROM (SELECT DISTINCT * EXCLUDE (__row) FROM ${rawTable(table.name)})`,
  );
  return Number(row?.n) === found.distinct ? found.column.name : undefined;
}

const MAX_PARTS = 8;

/**
 * Two or three columns that together are unique: foreign keys, identifiers and line numbers only, so that a chance
 * uniqueness of measures or times makes no key.
 */
export async function compositeKey(
  engine: Engine,
  table: TableProfile,
  linked: ReadonlySet<string>,
): Promise<readonly string[]> {
  const usable = table.columns
    .filter((c) => canBeKey(c) && c.filled === table.rows && c.distinct > 1 && c.distinct < table.rows)
    .filter((c) => linked.has(c.column.name) || looksLikeId(c.column.name) || isLineNumber(c))
    .slice(0, MAX_PARTS);
  for (const parts of combinations(usable)) {
    if (!parts.some((c) => linked.has(c.column.name) || looksLikeId(c.column.name))) continue;
    const product = parts.reduce((all, c) => all * c.distinct, 1);
    if (product < table.rows || (!parts.some(isLineNumber) && isUniqueByChance(table.rows, product)))
      continue;
    if (
      await areUnique(
        engine,
        table,
        parts.map((c) => c.column.name),
      )
    )
      return parts.map((c) => c.column.name);
  }
  return [];
}

/** Counts from 0 or 1 and is named so. */
function isLineNumber(c: ColumnProfile): boolean {
  if (c.column.type !== 'integer' || (c.min !== 0 && c.min !== 1)) return false;
  return hasWord(stems(c.column.name), LINE_WORDS);
}

function combinations<T>(items: readonly T[]): readonly (readonly T[])[] {
  const pairs = items.flatMap((a, i) => items.slice(i + 1).map((b) => [a, b]));
  const triples = items.flatMap((a, i) =>
    items.slice(i + 1).flatMap((b, j) => items.slice(i + j + 2).map((c) => [a, b, c])),
  );
  return [...pairs, ...triples];
}

/** Random pairs would hardly meet (birthday bound): that none do is no sign of a key. */
const isUniqueByChance = (rows: number, combinations: number): boolean => rows ** 2 / (2 * combinations) < 3;

/** Most chance combinations repeat within the first rows already. */
const FIRST_ROWS = 20_000;

async function areUnique(engine: Engine, table: TableProfile, columns: readonly string[]): Promise<boolean> {
  const list = columns.map((c) => cellText(c)).join(', ');
  const distinct = async (rows: number): Promise<number> => {
    const [row] = await engine.rows(
      `SELECT count(*) AS n FROM (SELECT DISTINCT ${list} FROM ${rawTable(table.name)} WHERE __row < ${rows})`,
    );
    return Number(row?.n);
  };
  const first = Math.min(FIRST_ROWS, table.rows);
  return (await distinct(first)) === first && (await distinct(table.rows)) === table.rows;
}
