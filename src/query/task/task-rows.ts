/** The cells of a task table, checked: columns by name, moments, split words, duplicates, and what kind of label it is. */
import { LeadlightError } from '../../errors.ts';
import type { TaskType } from '../pql/ast.ts';
import { parseMoment } from './calendar.ts';
import type { Csv } from './csv.ts';
import type { SplitName } from './types.ts';

export interface TaskRows {
  readonly id: readonly string[];
  /** ms; NaN for every row of a static task. */
  readonly cutoff: Float64Array;
  /** Trimmed text; empty is to be predicted. */
  readonly label: readonly string[];
  /** Undefined: the file has no split column. */
  readonly split: readonly SplitName[] | undefined;
  readonly line: readonly number[];
  /** Lines that say again what an earlier line says. */
  readonly repeated: readonly number[];
}

const NAMES = {
  id: ['entity_id', 'entity', 'id', 'key'],
  cutoff: ['cutoff', 'cutoff_time', 'anchor_timestamp', 'anchor', 'as_of', 'time', 'timestamp', 'date'],
  label: ['label', 'target', 'y', 'outcome'],
  split: ['split', 'set', 'fold', 'subset'],
} as const;

const SPLIT_WORDS: Readonly<Record<string, SplitName>> = {
  train: 'train',
  training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  dev: 'val',
  test: 'test',
  testing: 'test',
  holdout: 'test',
  predict: 'predict',
  score: 'predict',
};

type Fail = (problem: string, remedy: string, line?: number) => LeadlightError;

export function parseTaskRows(file: string, csv: Csv): TaskRows {
  const fail: Fail = (problem, remedy, line) =>
    new LeadlightError('TASK_TABLE_INVALID', { file, line, problem, remedy });
  const place = (name: keyof typeof NAMES): number =>
    NAMES[name].map((n) => csv.header.findIndex((h) => h.toLowerCase() === n)).find((k) => k >= 0) ?? -1;
  const at = { id: place('id'), cutoff: place('cutoff'), label: place('label'), split: place('split') };
  const missing = (['id', 'cutoff', 'label'] as const).filter((n) => at[n] < 0).map((n) => NAMES[n][0]);
  if (missing.length > 0)
    throw fail(
      `no column ${missing.join(' and ')} (found ${csv.header.join(', ')})`,
      'Name the columns so.',
      1,
    );
  if (csv.rows.length === 0) throw fail('there is a header and no rows', 'Add rows.');
  const line = csv.rows.map((r) => r.line);
  const cells = (k: number): readonly string[] => csv.rows.map((r) => r.cells[k]!.trim());
  const [id, label] = [cells(at.id), cells(at.label)];
  const blank = id.indexOf('');
  if (blank >= 0) throw fail('entity_id is blank', 'Every row needs an id.', line[blank]);
  const cutoff = readCutoffs(cells(at.cutoff), line, fail);
  const split = at.split < 0 ? undefined : readSplits(cells(at.split), label, line, fail);
  const repeated = repeatedLines({ id, cutoff, label, split, line }, fail);
  return { id, cutoff, label, split, line, repeated };
}

function readCutoffs(cells: readonly string[], line: readonly number[], fail: Fail): Float64Array {
  const known = new Map<string, number>();
  const moments = Float64Array.from(cells, (cell, k) => {
    if (cell === '') return Number.NaN;
    const at = known.get(cell) ?? parseMoment(cell);
    if (at === undefined)
      throw fail(
        `cutoff ${cell} is not a date`,
        'Write it as 2024-03-17 or 2024-03-17 09:30:00 (UTC).',
        line[k],
      );
    known.set(cell, at);
    return at;
  });
  const blanks = cells.filter((c) => c === '').length;
  if (blanks > 0 && blanks < cells.length)
    throw fail(
      `cutoff is blank here and filled in other rows (${blanks} blanks)`,
      'Give every row a cutoff, or none for a static task.',
      line[cells.indexOf('')],
    );
  return moments;
}

/** The same entity and cutoff twice is kept when it says the same; a second label or split is a contradiction. */
function repeatedLines(rows: Omit<TaskRows, 'repeated'>, fail: Fail): readonly number[] {
  const seen = new Map<string, number>();
  const repeated: number[] = [];
  rows.id.forEach((text, k) => {
    const key = `${text}\n${rows.cutoff[k]}`;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, k);
    else if (rows.label[before] === rows.label[k] && rows.split?.[before] === rows.split?.[k])
      repeated.push(rows.line[k]!);
    else
      throw fail(
        `${text} with this cutoff stands on line ${rows.line[before]} already, with another label or split`,
        'Keep one of them.',
        rows.line[k],
      );
  });
  return repeated;
}

function readSplits(
  cells: readonly string[],
  label: readonly string[],
  line: readonly number[],
  fail: Fail,
): readonly SplitName[] {
  return cells.map((cell, k) => {
    const name = SPLIT_WORDS[cell.toLowerCase()] ?? (cell === '' && label[k] === '' ? 'predict' : undefined);
    if (name === undefined)
      throw fail(
        cell === '' ? 'split is blank on a row with a label' : `split ${cell} is not known`,
        'Use train, val, test or predict.',
        line[k],
      );
    return name;
  });
}

export interface LabelKind {
  readonly type: TaskType;
  /** NaN or null where the label is blank. Text: classes. */
  readonly values: Float64Array | readonly (string | null)[];
}

const YES = new Set(['1', '1.0', 'true', 't', 'yes', 'y', 'won', 'converted', 'positive']);
const NO = new Set(['0', '0.0', 'false', 'f', 'no', 'n', 'lost', 'loss', 'not converted', 'negative']);
const MOST_CLASSES = 100;

/** Two yes/no values: binary; numbers: regression; few texts: classes. */
export function readLabelKind(file: string, rows: TaskRows): LabelKind {
  const given = rows.label.filter((l) => l !== '');
  const fail = (problem: string, remedy: string, k?: number): LeadlightError =>
    new LeadlightError('TASK_TABLE_INVALID', {
      file,
      line: k === undefined ? undefined : rows.line[k],
      problem,
      remedy,
    });
  if (given.length === 0) throw fail('no row has a label', 'Label the rows to learn from.');
  const distinct = new Set(given.map((l) => l.toLowerCase()));
  if ([...distinct].every((l) => YES.has(l) || NO.has(l)))
    return { type: 'binary', values: numbers(rows.label, (l) => (YES.has(l.toLowerCase()) ? 1 : 0)) };
  const wrong = rows.label.findIndex((l) => l !== '' && !isNumber(l));
  if (wrong < 0) return { type: 'regression', values: numbers(rows.label, Number) };
  if (distinct.size > MOST_CLASSES || distinct.size > given.length / 2)
    throw fail(
      `label ${rows.label[wrong]} is not a number, and ${distinct.size} different texts are too many for classes`,
      'Give numbers, or classes that repeat.',
      wrong,
    );
  return { type: 'multiclass', values: rows.label.map((l) => (l === '' ? null : l)) };
}

const isNumber = (text: string): boolean => Number.isFinite(Number(text));
const numbers = (labels: readonly string[], read: (l: string) => number): Float64Array =>
  Float64Array.from(labels, (l) => (l === '' ? Number.NaN : read(l)));
