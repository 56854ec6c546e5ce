/** A file of true probabilities: table, id, at, target, probability, standard_error. */
import { LeadlightError } from '../../errors.ts';
import { type CsvRow, readCsv } from '../../query/task/csv.ts';

export interface TrueProbability {
  readonly probability: number;
  readonly standardError: number;
}

export interface Truth {
  readonly outcome: string;
  /** Days with probabilities, ms, rising. */
  readonly dates: readonly number[];
  /** Undefined where the file does not know the case. */
  of(id: string, at: number): TrueProbability | undefined;
}

const COLUMNS = ['table', 'id', 'at', 'target', 'probability'] as const;

export async function readTruth(file: string, table: string, outcome: string | undefined): Promise<Truth> {
  const { header, rows } = await readCsv(file);
  const place = Object.fromEntries(header.map((name, i) => [name, i]));
  const missing = COLUMNS.filter((name) => place[name] === undefined);
  if (missing.length > 0)
    throw new LeadlightError('USAGE', {
      problem: `${file}: expected columns ${COLUMNS.join(', ')}, found ${header.join(', ')}`,
      remedy: 'Give the truth.csv that `leadlight simulate` writes.',
    });
  const cell = (row: CsvRow, name: string): string => row.cells[place[name] ?? -1] ?? '';
  const own = rows.filter((row) => cell(row, 'table') === table);
  const chosen = outcomeOf(file, table, [...new Set(own.map((r) => cell(r, 'target')))], outcome, [
    ...new Set(rows.map((r) => cell(r, 'table'))),
  ]);
  const known = new Map<string, TrueProbability>();
  const dates = new Set<number>();
  for (const row of own) {
    if (cell(row, 'target') !== chosen) continue;
    const at = Date.parse(cell(row, 'at'));
    const probability = Number(cell(row, 'probability') || 'none');
    if (Number.isNaN(at) || !(probability >= 0 && probability <= 1))
      throw new LeadlightError('USAGE', {
        problem: `${file}, line ${row.line}: expected a date and a probability from 0 to 1, got ${cell(row, 'at')} and ${cell(row, 'probability')}`,
        remedy: 'Give the truth.csv that `leadlight simulate` writes.',
      });
    dates.add(at);
    known.set(key(cell(row, 'id'), at), {
      probability,
      standardError: Number(cell(row, 'standard_error')) || 0,
    });
  }
  return {
    outcome: chosen,
    dates: [...dates].sort((a, b) => a - b),
    of: (id, at) => known.get(key(id, at)),
  };
}

const key = (id: string, at: number): string => `${at}\0${id}`;

function outcomeOf(
  file: string,
  table: string,
  known: readonly string[],
  wanted: string | undefined,
  tables: readonly string[],
): string {
  if (known.length === 0)
    throw new LeadlightError('USAGE', {
      problem: `${file} has no true probabilities for ${table}`,
      remedy: `It has them for ${tables.join(', ') || 'nothing'}.`,
    });
  const only = known.length === 1 ? known[0] : undefined;
  const chosen = wanted ?? only;
  if (chosen !== undefined && known.includes(chosen)) return chosen;
  throw new LeadlightError('USAGE', {
    problem:
      wanted === undefined
        ? `${file} has true probabilities of several outcomes`
        : `${file} has no outcome ${wanted}`,
    remedy: `Pass --outcome with one of ${known.join(', ')}.`,
  });
}
