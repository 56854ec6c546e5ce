/** A comparison as text: the cases, one line a model, what was withheld, the verdict. */

import { question } from '../report/question.ts';
import { hasFigures } from '../report/rung-facts.ts';
import type { CompareReport, RungResult } from '../scoring/types.ts';
import { segmentText } from './audit-text.ts';
import { count, fixed, interval, percent, times } from './number-text.ts';
import { printTable, type TextColumn } from './text-table.ts';

type RungColumn = TextColumn<RungResult>;

const BINARY: readonly RungColumn[] = [
  { title: 'AUROC', value: (r) => fixed(r.auroc), align: 'right' },
  { title: '95 % interval', value: (r) => interval(r.auroc_ci) },
  { title: 'AP', value: (r) => fixed(r.average_precision), align: 'right' },
  { title: 'lift 10 %', value: (r) => times(r.lift10), align: 'right' },
  { title: 'lift 20 %', value: (r) => times(r.lift20), align: 'right' },
  { title: 'Brier', value: (r) => fixed(r.brier), align: 'right' },
  { title: 'ECE', value: (r) => fixed(r.ece), align: 'right' },
];

const MULTICLASS: readonly RungColumn[] = [
  { title: 'accuracy', value: (r) => fixed(r.accuracy), align: 'right' },
  { title: 'macro F1', value: (r) => fixed(r.macro_f1), align: 'right' },
  { title: 'MRR', value: (r) => fixed(r.mrr), align: 'right' },
];

const REGRESSION: readonly RungColumn[] = [
  { title: 'RMSE', value: (r) => significant(r.rmse), align: 'right' },
  { title: '95 % interval', value: (r) => span(r.rmse_ci) },
  { title: 'R²', value: (r) => fixed(r.r2), align: 'right' },
  { title: 'MAE', value: (r) => significant(r.mae), align: 'right' },
  { title: '95 % interval', value: (r) => span(r.mae_ci) },
  { title: 'NMAE', value: (r) => fixed(r.nmae), align: 'right' },
  { title: 'median error', value: (r) => significant(r.median_ae), align: 'right' },
  { title: 'in 80 % interval', value: (r) => share(r.coverage), align: 'right' },
];

const FORECAST: readonly RungColumn[] = [
  ...REGRESSION,
  { title: 'MASE', value: (r) => fixed(r.mase), align: 'right' },
  { title: 'WAPE', value: (r) => fixed(r.wape), align: 'right' },
];

const RANKING: readonly RungColumn[] = [
  { title: 'MAP', value: (r) => fixed(r.map), align: 'right' },
  { title: '95 % interval', value: (r) => interval(r.map_ci ?? null) },
  { title: 'recall', value: (r) => fixed(r.recall), align: 'right' },
  { title: 'hit', value: (r) => fixed(r.hit), align: 'right' },
  { title: 'MRR', value: (r) => fixed(r.mrr), align: 'right' },
  { title: 'NDCG', value: (r) => fixed(r.ndcg), align: 'right' },
  { title: 'items listed', value: (r) => share(r.catalogue_share), align: 'right' },
];

const MULTILABEL: readonly RungColumn[] = [
  { title: 'micro AP', value: (r) => fixed(r.micro_ap), align: 'right' },
  { title: '95 % interval', value: (r) => interval(r.micro_ap_ci ?? null) },
  { title: 'macro AP', value: (r) => fixed(r.macro_ap), align: 'right' },
  { title: 'micro F1', value: (r) => fixed(r.micro_f1), align: 'right' },
  { title: 'macro F1', value: (r) => fixed(r.macro_f1), align: 'right' },
];

const FIGURES: Readonly<Partial<Record<CompareReport['task']['type'], readonly RungColumn[]>>> = {
  regression: REGRESSION,
  forecast: FORECAST,
  multiclass: MULTICLASS,
  ranking: RANKING,
  multilabel: MULTILABEL,
};

const significant = (value: number | undefined): string =>
  value === undefined ? '–' : Number(value.toPrecision(5)).toLocaleString('en-US');

const span = (ends: readonly [number, number] | undefined): string =>
  ends === undefined ? '–' : `${significant(ends[0])} to ${significant(ends[1])}`;

const share = (value: number | undefined): string => (value === undefined ? '–' : percent(value, 1));

export function printCompare(report: CompareReport): string {
  const ran = report.rungs.filter(hasFigures);
  const notes = (rungs: readonly RungResult[]): readonly string[] =>
    rungs.flatMap((rung) => (rung.note === undefined ? [] : [`  ${rung.name}: ${rung.note}`]));
  const outside = notes(ran);
  const absent = notes(report.rungs.filter((rung) => !hasFigures(rung)));
  return [
    ...question(report.task),
    '',
    ...cases(report),
    '',
    printTable(ran, rungColumns(report.task.type)),
    ...(outside.length === 0 ? [] : ['', 'Outside the verdict:', ...outside]),
    ...(absent.length === 0 ? [] : ['', 'Did not run:', ...absent]),
    ...tenths(report),
    ...(report.segments ? segmentText(report.segments) : []),
    ...(report.base_rate ? ['', report.base_rate.sentence] : []),
    ...leftOut(report),
    ...withheld(report),
    '',
    `Verdict: ${report.verdict}`,
  ].join('\n');
}

function rungColumns(type: CompareReport['task']['type']): readonly RungColumn[] {
  const figures = FIGURES[type] ?? BINARY;
  return [
    { title: 'level', value: (r) => String(r.level) },
    { title: 'model', value: (r) => r.name },
    ...figures,
    { title: 'seconds', value: (r) => fixed(r.seconds, 1), align: 'right' },
  ];
}

function cases({ task, snapshots, ranking }: CompareReport): readonly string[] {
  const text = (name: 'train' | 'val' | 'test'): string => {
    const { rows, positives } = snapshots[name];
    const share = rows > 0 ? `, ${percent(positives / rows, 1)}` : '';
    return task.type === 'binary' ? `${count(rows)} (${count(positives)} positive${share})` : count(rows);
  };
  const rows = `Cases: train ${text('train')}; validation ${text('val')}; test ${text('test')}.`;
  if (!ranking) return [rows];
  const { k, items, candidates_per_row, candidate_recall, true_items_per_row } = ranking;
  return [
    rows,
    `Lists of ${count(k)} from ${fixed(candidates_per_row, 0)} candidates a row of ${count(items)} items; candidates hold ${percent(candidate_recall, 1)} of the ${fixed(true_items_per_row, 1)} items that came for a row.`,
  ];
}

type Tenths = NonNullable<CompareReport['deciles']>['all'];

/** One line a figure, best tenth left; the page has them by month. */
function tenths({ deciles }: CompareReport): readonly string[] {
  if (!deciles) return [];
  const plain = (share: number): string => percent(share).replace(' %', '');
  const lines: readonly (readonly [string, (d: Tenths[number]) => string])[] = [
    ['cases', (d) => count(Math.round(d.rows))],
    ['happened, %', (d) => plain(d.rate)],
    ['95 %', (d) => d.ci.map(plain).join('–')],
    ['predicted, %', (d) => plain(d.predicted)],
  ];
  return [
    '',
    `Tenths of ${deciles.rung}, best first, each cutoff ranked by itself`,
    printTable(lines, [
      { title: 'tenth', value: ([title]) => title },
      ...deciles.all.map(
        (d): TextColumn<(typeof lines)[number]> => ({
          title: String(d.decile),
          value: ([, of]) => of(d),
          align: 'right',
        }),
      ),
    ]),
  ];
}

function leftOut({ screened = [] }: CompareReport): readonly string[] {
  const reasons = [...new Set(screened.map((d) => d.reason))].sort();
  const counted = reasons.map((r) => `${r} ${count(screened.filter((d) => d.reason === r).length)}`);
  return screened.length === 0
    ? []
    : ['', `Features left out before fitting: ${counted.join(', ')} (names with --json and --html).`];
}

function withheld(report: CompareReport): readonly string[] {
  if (report.withheld.length === 0) return [];
  const width = Math.max(...report.withheld.map((w) => w.column.length));
  return [
    '',
    'Withheld, because they know the outcome or may have changed since:',
    ...report.withheld.map((w) => `  ${w.column.padEnd(width)}  ${w.reason}`),
  ];
}
