/** Reads a small delimited file whole, keeping line numbers for messages. RFC 4180 quotes; `,`, `;` or tab; gzip by content. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { LeadlightError } from '../../errors.ts';

export interface CsvRow {
  /** 1-based line on which the row starts. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Csv {
  readonly header: readonly string[];
  readonly rows: readonly CsvRow[];
}

export async function readCsv(file: string): Promise<Csv> {
  const fail = (problem: string, remedy: string, line?: number): LeadlightError =>
    new LeadlightError('TASK_TABLE_INVALID', { file, line, problem, remedy });
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new LeadlightError('SOURCE_NOT_FOUND', { path: file }, { cause });
  });
  const text = decode(bytes, fail);
  const rows = parseRows(text, delimiterOf(text), fail);
  const [first, ...rest] = rows;
  if (!first) throw fail('the file is empty', 'Write a header row and at least one row.');
  for (const row of rest)
    if (row.cells.length !== first.cells.length)
      throw fail(
        `${row.cells.length} fields where the header has ${first.cells.length}`,
        'Check for a missing quote or separator.',
        row.line,
      );
  return { header: first.cells.map((c) => c.trim()), rows: rest };
}

type Fail = (problem: string, remedy: string, line?: number) => LeadlightError;

function decode(bytes: Buffer, fail: Fail): string {
  try {
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch (cause) {
    throw fail(
      `cannot be read as UTF-8 text (${cause instanceof Error ? cause.message : 'unknown fault'})`,
      'Save it as CSV in UTF-8, plain or gzipped.',
    );
  }
}

function delimiterOf(text: string): string {
  const head = text.slice(0, text.search(/\r|\n|$/));
  const counts = [',', ';', '\t'].map((d) => [d, head.split(d).length] as const);
  return counts.reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}

/** Blank lines are skipped. One pass over the text: long files are mostly unquoted. */
function parseRows(text: string, delimiter: string, fail: Fail): readonly CsvRow[] {
  const rows: CsvRow[] = [];
  let [at, line] = [0, 1];
  while (at < text.length) {
    const start = line;
    const cells: string[] = [];
    for (;;) {
      if (text[at] === '"') {
        const [cell, next, lines] = quoted(text, at, () =>
          fail('a quote is opened and never closed', 'Close it or remove it.', start),
        );
        cells.push(cell);
        at = next;
        line += lines;
      } else {
        const end = endOfCell(text, at, delimiter);
        cells.push(text.slice(at, end));
        at = end;
      }
      if (text[at] !== delimiter) break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    else if (at < text.length && text[at - 1] !== '\r')
      throw fail('text follows a closing quote', 'Double the quotes inside a quoted cell.', line);
    line++;
    if (cells.length > 1 || cells[0]!.trim() !== '') rows.push({ line: start, cells });
  }
  return rows;
}

function endOfCell(text: string, from: number, delimiter: string): number {
  let end = from;
  while (end < text.length) {
    const c = text[end];
    if (c === delimiter || c === '\n' || c === '\r') break;
    end++;
  }
  return end;
}

function quoted(text: string, open: number, unclosed: () => LeadlightError): [string, number, number] {
  let end = open + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end < 0) throw unclosed();
    if (text[end + 1] !== '"') break;
    end += 2;
  }
  const cell = text.slice(open + 1, end).replaceAll('""', '"');
  return [cell, end + 1, cell.split('\n').length - 1];
}
