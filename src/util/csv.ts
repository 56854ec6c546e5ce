/** CSV as RFC 4180 has it: quotes where needed and doubled inside, lines end in LF, null is the empty cell. */
export type CsvCell = string | number | boolean | null;

const SPECIAL = /[",\r\n]|^\s|\s$/;

export const csvCell = (cell: CsvCell): string => {
  if (cell === null) return '';
  const text = String(cell);
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(csvCell).join(',')}\n`;
