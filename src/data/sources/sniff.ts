/**
 * The layout of a delimited text file from its first megabyte: encoding, delimiter, preamble, header. Decided here and
 * not by the engine, so that the same file reads the same way whatever else changes, and every guess can be reported.
 */
import { LeadlightError } from '../../errors.ts';
import { decode, detectEncoding, type Encoding, readHead } from './bytes.ts';
import { splitRecord } from './record.ts';

export interface CsvLayout {
  readonly encoding: Encoding;
  readonly delimiter: string;
  /** Line break in use; mixed breaks need mending. */
  readonly newline: '\n' | '\r\n' | '\r' | 'mixed';
  /** Physical lines before the first data record: preamble, blank lines and header. */
  readonly skip: number;
  /** Of those, lines of text above the header. */
  readonly preamble: readonly string[];
  /** As written; empty when the file has no header. */
  readonly header: readonly string[];
  /** Fields of a record. */
  readonly width: number;
  /** Share of sampled records with that many fields. */
  readonly regular: number;
}

const HEAD_BYTES = 1 << 20;
const SAMPLE_RECORDS = 400;
const DELIMITERS = [',', '\t', ';', '|'] as const;

/** Undefined when the file has no text at all. */
export async function sniffCsv(path: string): Promise<CsvLayout | undefined> {
  const { head, whole } = await readHead(path, HEAD_BYTES);
  const encoding = detectEncoding(head);
  const text = decode(head, encoding);
  if (text.trim() === '') return undefined;
  refuseBinary(text, path);
  const newline = detectNewline(text);
  const lines = text.split(newline === '\r' ? '\r' : /\r?\n/);
  if (!whole && lines.length > 1) lines.pop();
  const readings = DELIMITERS.map((delimiter) => readWith(lines, delimiter));
  const best = readings.reduce((a, b) => (score(b) > score(a) ? b : a));
  return { encoding, newline, ...describe(best) };
}

/** Control characters and undecodable bytes: a stray one in a cell is fine, one in twenty is no text. */
function refuseBinary(text: string, path: string): void {
  const start = [...text.slice(0, 4096)];
  const odd = start.filter((c) => c === '\ufffd' || (c < ' ' && !'\t\n\v\f\r\x1b'.includes(c))).length;
  if (odd * 20 <= start.length) return;
  const remedy = 'Export the table as CSV or Parquet';
  throw new LeadlightError('SOURCE_UNREADABLE', { path, problem: 'not a text file', remedy });
}

function detectNewline(text: string): CsvLayout['newline'] {
  const crlf = text.match(/\r\n/g)?.length ?? 0;
  const lf = (text.match(/\n/g)?.length ?? 0) - crlf;
  const cr = (text.match(/\r/g)?.length ?? 0) - crlf;
  if (lf === 0 && crlf === 0) return cr > 0 ? '\r' : '\n';
  if (crlf > 0 && lf > 0) return 'mixed';
  return crlf > 0 ? '\r\n' : '\n';
}

interface Reading {
  readonly delimiter: string;
  readonly records: readonly { readonly fields: readonly string[]; readonly end: number }[];
  readonly width: number;
  readonly regular: number;
}

function readWith(lines: readonly string[], delimiter: string): Reading {
  const records: { fields: readonly string[]; end: number }[] = [];
  let i = 0;
  while (i < lines.length && records.length < SAMPLE_RECORDS) {
    const { fields, used } = takeRecord(lines, i, delimiter);
    i += used;
    if (fields.length > 1 || fields[0]!.trim() !== '') records.push({ fields, end: i });
  }
  const counts = new Map<number, number>();
  for (const r of records) counts.set(r.fields.length, (counts.get(r.fields.length) ?? 0) + 1);
  const [width, times] = [...counts].reduce(
    (a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a),
    [1, 0],
  );
  return { delimiter, records, width, regular: records.length === 0 ? 0 : times / records.length };
}

/** Lines a quoted field may span while sniffing. */
const SPAN = 200;

function takeRecord(
  lines: readonly string[],
  start: number,
  delimiter: string,
): { fields: readonly string[]; used: number } {
  let text = lines[start]!;
  let split = splitRecord(text, delimiter);
  for (let used = 1; split.open && used < SPAN && start + used < lines.length; used++) {
    text += `\n${lines[start + used]!}`;
    split = splitRecord(text, delimiter);
    if (!split.open) return { fields: split.fields, used: used + 1 };
  }
  return { fields: split.open ? splitRecord(lines[start]!, delimiter, true).fields : split.fields, used: 1 };
}

/** Regular and wide is good; one column is what is left when nothing else is regular. */
const score = (r: Reading): number => (r.width < 2 ? 0.3 : r.regular * (1 + Math.min(r.width, 50) / 500));

function describe(best: Reading): Omit<CsvLayout, 'encoding' | 'newline'> {
  const { records } = best;
  const first =
    best.width < 2
      ? 0
      : Math.max(
          0,
          records.findIndex((r) => r.fields.length > 1),
        );
  const body = records.slice(first + 1);
  const candidate = records[first]!;
  const hasHeader = looksLikeHeader(
    candidate.fields,
    body.map((r) => r.fields),
  );
  return {
    delimiter: best.delimiter,
    preamble: records.slice(0, first).map((r) => r.fields.join(best.delimiter)),
    header: hasHeader ? candidate.fields.map((f) => f.trim()) : [],
    skip: hasHeader ? candidate.end : first === 0 ? 0 : records[first - 1]!.end,
    width: Math.max(best.width, hasHeader ? candidate.fields.length : 0),
    regular: best.regular,
  };
}

const TYPED = /^\s*[-+$€£(]?\s*\d[\d.,\s]*[%)kKmMbB]?\s*$|^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?$/;

/** A header's cells are not typed where the column below is. Without typed columns the first record is taken as header. */
function looksLikeHeader(first: readonly string[], body: readonly (readonly string[])[]): boolean {
  const typed = first.flatMap((cell, k) => {
    const below = body.map((r) => r[k] ?? '').filter((c) => c.trim() !== '');
    return below.length > 0 && below.filter((c) => TYPED.test(c)).length >= below.length * 0.8 ? [cell] : [];
  });
  return typed.length === 0 || typed.filter((cell) => !TYPED.test(cell)).length * 2 >= typed.length;
}
