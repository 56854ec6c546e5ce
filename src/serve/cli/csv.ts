/** A frame as CSV. */
import { type CsvCell, csvLine } from '../../util/csv.ts';

export interface Frame {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CsvCell[])[];
}

export const toCsv = (frame: Frame): string =>
  csvLine(frame.columns) + frame.rows.map((row) => csvLine(row)).join('');
