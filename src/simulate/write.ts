/** Rows to one CSV file a table (RFC 4180, UTF-8, empty for nothing), written in large pieces as they come. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { csvLine } from '../util/csv.ts';
import type { Row, Sink } from './types.ts';

const PIECE = 1 << 20;

export interface TableWriter {
  readonly sink: Sink;
  /** Rows written so far, by table. */
  readonly counts: ReadonlyMap<string, number>;
  close(): void;
}

interface OpenFile {
  readonly file: number;
  readonly columns: readonly string[];
  text: string;
}

export function createCsvWriter(folder: string): TableWriter {
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, OpenFile>();
  const counts = new Map<string, number>();
  const open = (table: string, row: Row): OpenFile => {
    const columns = Object.keys(row);
    const opened = {
      file: openSync(join(folder, `${table}.csv`), 'w'),
      columns,
      text: csvLine(columns),
    };
    files.set(table, opened);
    return opened;
  };
  return {
    counts,
    sink(table, row) {
      const to = files.get(table) ?? open(table, row);
      to.text += csvLine(to.columns.map((c) => row[c] ?? null));
      counts.set(table, (counts.get(table) ?? 0) + 1);
      if (to.text.length > PIECE) flush(to);
    },
    close() {
      for (const file of files.values()) {
        flush(file);
        closeSync(file.file);
      }
      files.clear();
    },
  };
}

function flush(to: OpenFile): void {
  writeSync(to.file, to.text);
  to.text = '';
}
