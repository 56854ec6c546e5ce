/**
 * Sampled cells → how the column is read. A reading must fit nearly all cells that are not a spelling of "missing";
 * what does not fit in the whole column later is either a null token, an unparsed cell, or proof against the reading.
 */
import {
  areBooleans,
  COMMA_DECIMAL,
  COMMA_NUMBER,
  INTEGER,
  isBoundedRange,
  isMarkedAmount,
  isNullToken,
  matches,
  NUMBER,
  PADDED_INTEGER,
  PATTERNS,
} from './cells.ts';
import { formatsReading, ISO, isCompact } from './date-formats.ts';
import {
  CLOSE_WORDS,
  COUNT_WORDS,
  CREATED_WORDS,
  EVENT_WORDS,
  hasWord,
  looksLikeId,
  stems,
  UPDATE_WORDS,
} from './lexicon.ts';
import type { Column, SemanticType, StorageType } from './types.ts';

export interface Draft {
  readonly type: StorageType;
  readonly semantic?: SemanticType;
  readonly parse?: NonNullable<Column['parse']>;
  readonly format?: string;
  /** Other formats that read the sample as well. */
  readonly alternatives?: readonly string[];
  /** Confirms the reading where a cast cannot. */
  readonly pattern?: string;
}

const TIME_ENDINGS = new Set(
  'date time timestamp datetime at on ts dt since until when created updated modified closed'.split(' '),
);

export function isTimeName(name: string): boolean {
  const parts = stems(name);
  const last = parts.at(-1);
  return (
    (last !== undefined && TIME_ENDINGS.has(last)) || parts.includes('date') || parts.includes('timestamp')
  );
}

const isClockName = (name: string): boolean =>
  isTimeName(name) ||
  [CREATED_WORDS, UPDATE_WORDS, CLOSE_WORDS, EVENT_WORDS].some((set) => hasWord(stems(name), set));

/** Share of cells a reading must fit in the sample; a name that says date lowers it, since no other reading makes sense. */
const NEARLY_ALL = 0.98;
const NAMED_TIME = 0.6;

export function draftOf(name: string, sample: readonly string[], distinct: number): Draft {
  const cells = sample.filter((c) => !isNullToken(c, false));
  if (cells.length === 0) return { type: 'text' };
  const missing = new Set(sample.filter((c) => isNullToken(c, false))).size;
  const share = (fits: (cell: string) => boolean): number => cells.filter(fits).length / cells.length;
  if (areBooleans(cells) && distinct - missing <= 2 && !isSmallCount(name, cells))
    return { type: 'boolean', semantic: 'boolean' };
  return draftTime(name, cells, share) ?? draftNumber(cells, share) ?? draftText(name, cells, share);
}

/** 0 and 1 in a column that counts something are numbers that happen to be small. */
function isSmallCount(name: string, cells: readonly string[]): boolean {
  if (!cells.every((c) => c === '0' || c === '1')) return false;
  const parts = stems(name);
  return (
    hasWord(parts, COUNT_WORDS) ||
    looksLikeId(name) ||
    parts.some((t) => ['qty', 'quantity', 'score', 'index', 'level'].includes(t))
  );
}

type Share = (fits: (cell: string) => boolean) => number;

function draftTime(name: string, cells: readonly string[], share: Share): Draft | undefined {
  const least = isTimeName(name) ? NAMED_TIME : NEARLY_ALL;
  if (share((c) => ISO.test(c)) >= least) return { type: 'timestamp', semantic: 'timestamp' };
  const [format, ...alternatives] = formatsReading(cells, least);
  if (format !== undefined && (!isCompact(format) || isCertainCompact(name, format, cells))) {
    return { type: 'timestamp', semantic: 'timestamp', format, alternatives };
  }
  const epoch = epochFormat(name, cells);
  return epoch === undefined ? undefined : { type: 'timestamp', semantic: 'timestamp', format: epoch };
}

/** Eight digits that are all calendar days are no accident; six are, unless there are many of them or the name agrees. */
function isCertainCompact(name: string, format: string, cells: readonly string[]): boolean {
  const distinct = new Set(cells).size;
  if (looksLikeId(name)) return false;
  return isTimeName(name) || distinct >= (format === '%y%m%d' ? 60 : 8);
}

function epochFormat(name: string, cells: readonly string[]): string | undefined {
  if (!isClockName(name) || !cells.every((c) => /^\d{9,13}(\.\d+)?$/.test(c))) return undefined;
  const values = cells.map(Number);
  const within = (unit: number): boolean => values.every((v) => v * unit > 6e11 && v * unit < 4.2e12);
  if (within(1000)) return 'epoch_s';
  return within(1) ? 'epoch_ms' : undefined;
}

function draftNumber(cells: readonly string[], share: Share): Draft | undefined {
  if (cells.some((c) => PADDED_INTEGER.test(c))) return undefined;
  if (share((c) => INTEGER.test(c)) >= NEARLY_ALL) return { type: 'integer' };
  if (share((c) => NUMBER.test(c)) >= NEARLY_ALL) return { type: 'number' };
  if (share((c) => matches('percent', c)) >= NEARLY_ALL) return parsed('percent');
  if (share((c) => COMMA_NUMBER.test(c)) >= NEARLY_ALL && share((c) => COMMA_DECIMAL.test(c)) > 0)
    return { type: 'number', format: ',' };
  if (share((c) => matches('money', c)) >= NEARLY_ALL && share(isMarkedAmount) > 0) return parsed('money');
  if (share((c) => matches('range', c)) >= NEARLY_ALL && share(isBoundedRange) >= 0.3) return parsed('range');
  return undefined;
}

const parsed = (parse: NonNullable<Column['parse']>): Draft => ({
  type: 'number',
  parse,
  pattern: PATTERNS[parse],
});

/** `high.school` has the form of a domain too, so that a few dotted categories are not taken for one unless named so. */
function draftText(name: string, cells: readonly string[], share: Share): Draft {
  const found = (['email', 'url', 'domain'] as const).find((form) => share((c) => matches(form, c)) >= 0.9);
  if (found === undefined) return { type: 'text' };
  const named = stems(name).some((t) => DOMAIN_NAMES.has(t));
  return found === 'domain' && !named && new Set(cells).size < 20
    ? { type: 'text' }
    : { type: 'text', semantic: found };
}
const DOMAIN_NAMES = new Set(['domain', 'website', 'site', 'web', 'host', 'hostname', 'url']);

/** Engine types of typed sources. */
export function draftOfEngineType(engineType: string): Draft | undefined {
  const type = engineType.toUpperCase();
  if (type === 'BOOLEAN') return { type: 'boolean', semantic: 'boolean' };
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/.test(type)) return { type: 'integer' };
  if (/^(FLOAT|REAL|DOUBLE|DECIMAL)/.test(type)) return { type: 'number' };
  return /^(DATE|TIMESTAMP)/.test(type) ? { type: 'timestamp', semantic: 'timestamp' } : undefined;
}
