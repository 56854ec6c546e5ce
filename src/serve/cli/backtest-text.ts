/** A backtest as text: origins, one line a model and regime, tenths, months, what drifts. */

import { question } from '../report/question.ts';
import { ONE_CUTOFF, oneCutoffEach } from '../report/regimes.ts';
import type {
  BacktestReport,
  BacktestRung,
  DecileRow,
  Estimate,
  RateRow,
  RegimeReport,
} from '../scoring/backtest-types.ts';
import { count, fixed, percent } from './number-text.ts';
import { printTable, type TextColumn } from './text-table.ts';

export const estimateText = ({ value, ci }: Estimate, digits = 3): string =>
  value === null
    ? '–'
    : `${fixed(value, digits)}${ci === null ? '' : ` [${fixed(ci[0], digits)}, ${fixed(ci[1], digits)}]`}`;

export const rateText = ({ rate, ci }: RateRow): string =>
  Number.isNaN(rate) ? '–' : `${percent(rate, 1)} [${percent(ci[0], 1)}, ${percent(ci[1], 1)}]`;

const REGIMES = {
  rolling: 'rolling (the database as of each row’s cutoff, as in daily use)',
  frozen: 'frozen (the database cut at each origin)',
} as const;

export function printBacktest(report: BacktestReport): string {
  return [
    ...question(report.task),
    '',
    `${count(report.origins.length)} origins, ${count(report.rows)} test cases, ${count(report.positives)} of them positive. Intervals hold 95 %, clustered by account and cutoff.`,
    '',
    printTable(report.origins, [
      { title: 'origin', value: (o) => o.origin },
      { title: 'to', value: (o) => o.to },
      { title: 'cutoffs', value: (o) => count(o.cutoffs), align: 'right' },
      { title: 'train', value: (o) => count(o.train), align: 'right' },
      { title: 'val', value: (o) => count(o.val), align: 'right' },
      { title: 'test', value: (o) => count(o.rows), align: 'right' },
      { title: 'positive', value: (o) => count(o.positives), align: 'right' },
    ]),
    ...report.regimes.flatMap(regimeText),
    ...(report.regime_difference === null
      ? []
      : [
          '',
          `Rolling − frozen AUROC of the highest model: ${estimateText(report.regime_difference)}.${oneCutoffEach(report) ? ` ${ONE_CUTOFF}` : ''}`,
        ]),
    '',
    'Base rate by month',
    printTable(report.base_rate.months, [
      { title: 'month', value: (m) => m.month },
      ...rateColumns<RateRow & { readonly month: string }>(),
    ]),
    report.base_rate.sentence,
  ].join('\n');
}

export const rateColumns = <Row extends RateRow>(): readonly TextColumn<Row>[] => [
  { title: 'cases', value: (r) => count(Math.round(r.rows)), align: 'right' },
  { title: 'won', value: (r) => count(Math.round(r.positives)), align: 'right' },
  { title: 'rate [95 %]', value: rateText },
];

function regimeText({ regime, rungs, verdict }: RegimeReport): readonly string[] {
  const ran = rungs.filter((r) => r.origins > 0);
  const lead = ran.filter((r) => r.note === undefined).at(-1);
  const notes = rungs.flatMap((r) => (r.note === undefined ? [] : [`  ${r.name}: ${r.note}`]));
  return [
    '',
    `Regime ${REGIMES[regime]}`,
    printTable(ran, [
      { title: 'level', value: (r) => String(r.level) },
      { title: 'model', value: (r) => r.name },
      { title: 'origins', value: (r) => count(r.origins), align: 'right' },
      { title: 'AUROC [95 %]', value: (r) => estimateText(r.auroc) },
      { title: 'lift 10 %', value: (r) => estimateText(r.lift10, 2) },
      { title: 'happened ÷ predicted', value: (r) => estimateText(r.observed_over_expected, 2) },
      { title: 'AUROC later − earlier', value: (r) => estimateText(r.auroc_change) },
    ]),
    ...(notes.length === 0 ? [] : ['', 'Outside the verdict:', ...notes]),
    ...(lead ? leadText(lead) : []),
    '',
    `Verdict (${regime}): ${verdict}`,
  ];
}

const leadText = (lead: BacktestRung): readonly string[] => [
  '',
  `Tenths of ${lead.name}, each origin ranked by itself`,
  printDeciles(lead.deciles),
  '',
  `Win rate in % of ${lead.name} by month and tenth (best left; cases in brackets)`,
  printMonths(lead),
];

export const printDeciles = (deciles: readonly DecileRow[]): string =>
  printTable(deciles, [
    { title: 'tenth', value: (d) => String(d.decile), align: 'right' },
    ...rateColumns<DecileRow>(),
    { title: 'lift [95 %]', value: (d) => estimateText({ value: d.lift, ci: d.lift_ci }, 2) },
    { title: 'predicted', value: (d) => percent(d.predicted, 1), align: 'right' },
  ]);

const printMonths = ({ by_month: months }: BacktestRung): string =>
  printTable(months, [
    { title: 'month', value: (m) => `${m.month} (${count(m.rows)})` },
    ...Array.from(
      { length: 10 },
      (_, k): TextColumn<(typeof months)[number]> => ({
        title: String(k + 1),
        value: (m) => {
          const cell = m.deciles.find((d) => d.decile === k + 1);
          return cell === undefined ? '–' : percent(cell.rate).replace(' %', '');
        },
        align: 'right',
      }),
    ),
  ]);
