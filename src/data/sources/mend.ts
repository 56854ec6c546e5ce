/**
 * Rewrites a broken delimited file as a clean one, line by line: mixed encodings and line breaks, quotes never closed,
 * records with too few or too many fields. Used only when the engine refuses the file as it is (about 60 MB/s against
 * several hundred); everything changed or set aside is counted with line numbers.
 */
import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
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
  const writer = createWriteStream(out);
  let failure: unknown;
  writer.on('error', (error) => {
    failure = error;
  });
  for await (const record of readRecords(path, layout, report)) {
    if (failure) throw failure;
    if (!writer.write(`${record.map(quoteField).join(',')}\n`)) await once(writer, 'drain');
  }
  writer.end();
  await finished(writer);
  return report.repairs();
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

async function* readRecords(
  path: string,
  layout: CsvLayout,
  report: Report,
): AsyncGenerator<readonly string[]> {
  const queue: Line[] = [];
  const lines = readLines(path, layout, report);
  let ended = false;
  const fill = async (count: number): Promise<boolean> => {
    while (!ended && queue.length < count) {
      const next = await lines.next();
      if (next.done) ended = true;
      else if (next.value.number > layout.skip) queue.push(next.value);
    }
    return queue.length >= count;
  };
  while (await fill(1)) {
    const { fields, used } = await takeRecord(queue, fill, layout, report);
    const line = queue[0]!;
    queue.splice(0, used);
    const record = fitWidth(fields, layout.width, line, report);
    if (record) yield record;
  }
}

interface Taken {
  readonly fields: readonly string[];
  readonly used: number;
}

async function takeRecord(
  queue: readonly Line[],
  fill: (n: number) => Promise<boolean>,
  layout: CsvLayout,
  report: Report,
): Promise<Taken> {
  const first = queue[0]!;
  let split = splitRecord(first.text, layout.delimiter);
  if (!split.open) {
    if (split.stray) report.note('text after a closing quote', 'kept as part of the cell', first);
    return { fields: split.fields, used: 1 };
  }
  let text = first.text;
  for (let used = 1; used < MAX_SPAN && (await fill(used + 1)); used++) {
    const next = queue[used]!.text;
    text += `\n${next}`;
    if (!next.includes('"')) continue;
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

/** Physical lines with 1-based numbers, decoded one by one: a line that is not UTF-8 is read as Western text. */
async function* readLines(path: string, layout: CsvLayout, report: Report): AsyncGenerator<Line> {
  const separator = layout.newline === '\r' ? 0x0d : 0x0a;
  const western = new TextDecoder('windows-1252');
  let number = 0;
  const decodeLine = (bytes: Buffer): Line => {
    number++;
    const valid = isUtf8(bytes);
    const text = (valid ? bytes.toString('utf8') : western.decode(bytes)).replace(/\r$/, '');
    const line = { number, text: number === 1 ? text.replace(/^\ufeff/, '') : text };
    if (!valid) report.note('lines that are not UTF-8', 'read as Windows-1252', line);
    return line;
  };
  let rest: Buffer[] = [];
  for await (const chunk of utf8Chunks(path, layout.encoding)) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(separator, start);
      if (end < 0) break;
      yield decodeLine(Buffer.concat([...rest, chunk.subarray(start, end)]));
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield decodeLine(Buffer.concat(rest));
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
