/**
 * Rewrites a broken delimited file as a clean one, line by line: mixed encodings and line breaks, quotes never closed,
 * records with too few or too many fields. Used only when the engine refuses the file as it is (about a third as
 * fast); everything changed or set aside is counted with line numbers.
 */
import { isUtf8 } from 'node:buffer';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Encoding, openBytes } from './bytes.ts';
import { splitRecord } from './record.ts';
import type { CsvLayout } from './sniff.ts';
import { MAX_EXAMPLES, type Repair } from './types.ts';

/** A quoted field may span this many lines; beyond, its quote is taken as never closed. */
const MAX_SPAN = 2000;

interface Line {
  readonly text: string;
  readonly number: number;
}

/** Writes the mended file to `out` (comma, UTF-8, no header, `layout.width` fields a record) and says what was done. */
export async function mendCsv(path: string, layout: CsvLayout, out: string): Promise<readonly Repair[]> {
  const report = createReport(path);
  await pipeline(mendedText(path, layout, report), createWriteStream(out));
  return report.repairs();
}

/** Mended text, a batch of lines at a time; a record that may go on waits for the next batch. */
async function* mendedText(path: string, layout: CsvLayout, report: Report): AsyncGenerator<string> {
  let waiting: readonly Line[] = [];
  for await (const lines of lineBatches(path, layout, report)) {
    const { text, rest } = mendBatch([...waiting, ...lines], layout, report, false);
    waiting = rest;
    if (text !== '') yield text;
  }
  yield mendBatch(waiting, layout, report, true).text;
}

function mendBatch(
  lines: readonly Line[],
  layout: CsvLayout,
  report: Report,
  ended: boolean,
): { readonly text: string; readonly rest: readonly Line[] } {
  const out: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const taken = takeRecord(lines, at, ended, layout, report);
    if (!taken) break;
    const record = fitWidth(taken.fields, layout.width, lines[at]!, report);
    if (record) out.push(`${record.map(quoteField).join(',')}\n`);
    at += taken.used;
  }
  return { text: out.join(''), rest: lines.slice(at) };
}

const quoteField = (field: string): string =>
  /[",\r\n]/.test(field) || field === '' ? `"${field.replaceAll('"', '""')}"` : field;

interface Report {
  note(problem: string, action: string, line: Line): void;
  repairs(): readonly Repair[];
}

function createReport(where: string): Report {
  const found = new Map<string, { action: string; rows: number; examples: string[] }>();
  return {
    note(problem, action, line) {
      const entry = found.get(problem) ?? { action, rows: 0, examples: [] };
      found.set(problem, entry);
      entry.rows++;
      if (entry.examples.length < MAX_EXAMPLES)
        entry.examples.push(`line ${line.number}: ${line.text.slice(0, 120)}`);
    },
    repairs: () => [...found].map(([problem, entry]) => ({ where, problem, ...entry })),
  };
}

interface Taken {
  readonly fields: readonly string[];
  readonly used: number;
}

/** The record that starts at line `start`; undefined when its end may lie beyond the lines at hand. */
function takeRecord(
  lines: readonly Line[],
  start: number,
  ended: boolean,
  layout: CsvLayout,
  report: Report,
): Taken | undefined {
  const first = lines[start]!;
  let split = splitRecord(first.text, layout.delimiter);
  if (!split.open) {
    if (split.stray) report.note('text after a closing quote', 'kept as part of the cell', first);
    return { fields: split.fields, used: 1 };
  }
  let text = first.text;
  for (let used = 1; used < MAX_SPAN; used++) {
    const next = lines[start + used];
    if (!next && !ended) return undefined;
    if (!next) break;
    text += `\n${next.text}`;
    if (!next.text.includes('"')) continue;
    split = splitRecord(text, layout.delimiter);
    if (split.open) continue;
    if (split.stray || split.fields.length !== layout.width) break;
    return { fields: split.fields, used: used + 1 };
  }
  report.note('quotes that are never closed', 'read as an ordinary character', first);
  return { fields: splitRecord(first.text, layout.delimiter, true).fields, used: 1 };
}

/** The record with `width` fields; undefined when it is blank or has to be set aside. */
function fitWidth(
  fields: readonly string[],
  width: number,
  line: Line,
  report: Report,
): readonly string[] | undefined {
  if (fields.length === width) return fields;
  if (fields.length === 1 && fields[0]!.trim() === '') return undefined;
  if (fields.length > width) {
    if (fields.slice(width).every((f) => f.trim() === '')) {
      report.note('lines with empty cells beyond the last column', 'cells dropped', line);
      return fields.slice(0, width);
    }
    report.note(`lines with more cells than the ${width} columns`, 'set aside', line);
    return undefined;
  }
  if (fields.length === 1) {
    report.note(`lines with one cell where ${width} are expected`, 'set aside', line);
    return undefined;
  }
  report.note(`lines with fewer cells than the ${width} columns`, 'missing cells read as empty', line);
  return [...fields, ...Array.from({ length: width - fields.length }, () => '')];
}

/**
 * Physical lines below the header with 1-based numbers, in batches. Text that is not UTF-8 is read line by line, and as
 * Western where a line is not.
 */
async function* lineBatches(
  path: string,
  layout: CsvLayout,
  report: Report,
): AsyncGenerator<readonly Line[]> {
  const mark = layout.newline === '\r' ? '\r' : '\n';
  let number = 0;
  const toLines = (bytes: Buffer): readonly Line[] => {
    const texts = isUtf8(bytes)
      ? bytes.toString('utf8').split(mark)
      : splitMixed(bytes, mark, number, report);
    const lines = texts.map((text) => ({
      number: ++number,
      text: text.endsWith('\r') ? text.slice(0, -1) : text,
    }));
    const first = lines[0];
    if (first?.number === 1) lines[0] = { number: 1, text: first.text.replace(/^\ufeff/, '') };
    return lines.filter((line) => line.number > layout.skip);
  };
  let rest: Buffer[] = [];
  for await (const chunk of utf8Chunks(path, layout.encoding)) {
    const end = chunk.lastIndexOf(mark);
    if (end < 0) rest.push(chunk);
    else {
      yield toLines(Buffer.concat([...rest, chunk.subarray(0, end)]));
      rest = [chunk.subarray(end + 1)];
    }
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield toLines(last);
}

function splitMixed(bytes: Buffer, mark: string, before: number, report: Report): readonly string[] {
  const western = new TextDecoder('windows-1252');
  const texts: string[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const found = bytes.indexOf(mark, start);
    const line = bytes.subarray(start, found < 0 ? bytes.length : found);
    const valid = isUtf8(line);
    texts.push(valid ? line.toString('utf8') : western.decode(line));
    const number = before + texts.length;
    if (!valid)
      report.note('lines that are not UTF-8', 'read as Windows-1252', { number, text: texts.at(-1)! });
    start += line.length + 1;
  }
  return texts;
}

async function* utf8Chunks(path: string, encoding: Encoding): AsyncGenerator<Buffer> {
  const bytes = await openBytes(path);
  if (encoding === 'utf-8' || encoding === 'windows-1252') {
    for await (const chunk of bytes) yield chunk as Buffer;
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes)
    yield Buffer.from(decoder.decode(chunk as Buffer, { stream: true }), 'utf8');
  yield Buffer.from(decoder.decode(), 'utf8');
}
