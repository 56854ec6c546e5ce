/** An audit as text: outcomes, leaks, scores in use, contacts, capacity, money, segments, excluded fields. */
import { question } from '../report/question.ts';
import type {
  AuditReport,
  ContactsRow,
  FairnessView,
  ScoreAudit,
  SegmentView,
} from '../scoring/audit-types.ts';
import { estimateText, rateColumns, rateText } from './backtest-text.ts';
import { count, fixed, percent } from './number-text.ts';
import { printTable } from './text-table.ts';

export function printAudit(report: AuditReport): string {
  return [
    ...question(report.task),
    '',
    `${count(report.rows)} test cases, ${count(report.positives)} of them positive, later than all training. Intervals hold 95 %, clustered by account and cutoff.`,
    ...section('Outcomes', report.sufficiency.sentence),
    ...leaks(report),
    ...scores(report.scores),
    ...colleagues(report),
    ...capacity(report),
    ...(report.money ? section('Money', ...report.money.sentences) : []),
    ...(report.segments ? segmentText(report.segments) : []),
    ...report.fairness.flatMap(fairness),
  ].join('\n');
}

const section = (title: string, ...lines: readonly string[]): readonly string[] => ['', title, ...lines];

function leaks({ leaks: found, collapses }: AuditReport): readonly string[] {
  if (found.length === 0 && collapses.length === 0)
    return section('Leaks', 'No column was found to know the outcome.');
  return section(
    'Leaks: columns that know the outcome or may have changed since',
    ...(found.length > 0
      ? [
          printTable(found, [
            { title: 'column', value: (l) => l.column, maxWidth: 40 },
            { title: 'found by', value: (l) => l.kind },
            { title: 'done', value: (l) => (l.action === 'withhold' ? 'withheld' : 'warned') },
            { title: 'evidence', value: (l) => l.evidence, maxWidth: 90 },
          ]),
        ]
      : []),
    ...(collapses.length > 0
      ? [
          '',
          'Importance as exported against as of the cutoff',
          printTable(collapses, [
            { title: 'column', value: (c) => c.column, maxWidth: 40 },
            { title: 'exported', value: (c) => fixed(c.exported), align: 'right' },
            { title: 'as of cutoff', value: (c) => fixed(c.as_of), align: 'right' },
            { title: 'rows', value: (c) => count(c.rows), align: 'right' },
            { title: '', value: (c) => (c.collapsed ? 'collapses: written after the outcome' : 'holds') },
          ]),
        ]
      : []),
  );
}

const scores = (all: readonly ScoreAudit[]): readonly string[] =>
  section(
    'Scores: win rate by fifth, best first',
    printTable(all, [
      { title: 'score', value: (s) => s.name, maxWidth: 32 },
      { title: 'AUROC [95 %]', value: (s) => estimateText(s.auroc) },
      ...[0, 1, 2, 3, 4].map((k) => ({
        title: String(k + 1),
        value: (s: ScoreAudit) => percent(s.slices[k]?.rate, 1),
        align: 'right' as const,
      })),
      {
        title: 'best : worst [95 %]',
        value: (s) =>
          `${fixed(s.top_to_bottom.ratio, 1)} [${s.top_to_bottom.ci.map((x) => fixed(x, 1)).join(', ')}]`,
      },
      { title: 'in order', value: (s) => (s.monotone ? 'yes' : 'no') },
      {
        title: 'model − score',
        value: (s) => (s.model_minus_score ? estimateText(s.model_minus_score) : ''),
      },
    ]),
    ...all.map((s) => `${s.sentence}${s.note === null ? '' : ` (${s.note})`}`),
  );

const contactTable = (title: string, rows: readonly ContactsRow[]): string =>
  printTable(rows, [{ title, value: (r) => r.contacts }, ...rateColumns<ContactsRow>()]);

function colleagues({ colleagues: study }: AuditReport): readonly string[] {
  if (!study) return [];
  return section(
    `Active ${study.people} in the ${study.days} days before the cutoff (${study.events.join(', ')})`,
    contactTable('people', study.by_contacts),
    '',
    contactTable('departments', study.by_departments),
    study.sentence,
  );
}

function capacity({ capacity: view }: AuditReport): readonly string[] {
  if (!view) return [];
  return section(
    `Capacity: ${view.reps} reps × ${view.calls} calls × ${view.weeks} weeks`,
    printTable(view.orders, [
      { title: 'order', value: (o) => o.name, maxWidth: 32 },
      { title: 'worked a list', value: (o) => fixed(o.worked, 0), align: 'right' },
      { title: 'wins a list [95 %]', value: (o) => estimateText(o.wins, 1) },
      { title: 'more than in no order', value: (o) => estimateText(o.more, 1) },
    ]),
    view.sentence,
  );
}

export const segmentText = ({ column, segments: rows, sentence }: SegmentView): readonly string[] =>
  section(
    `By ${column}`,
    printTable(rows, [
      { title: 'segment', value: (r) => r.segment, maxWidth: 32 },
      { title: 'cases', value: (r) => count(r.rows), align: 'right' },
      { title: 'won', value: (r) => count(r.positives), align: 'right' },
      { title: 'rate [95 %]', value: rateText },
      { title: 'AUROC [95 %]', value: (r) => estimateText(r.auroc) },
      { title: 'lift 20 %', value: (r) => estimateText(r.lift20, 2) },
      { title: 'happened ÷ predicted', value: (r) => estimateText(r.observed_over_expected, 2) },
      { title: 'own model − common', value: (r) => (r.own_model ? estimateText(r.own_model) : '') },
    ]),
    sentence,
  );

const fairness = (view: FairnessView): readonly string[] =>
  section(
    `Excluded: ${view.column}`,
    printTable(view.values, [
      { title: 'value', value: (v) => v.value, maxWidth: 32 },
      { title: 'cases', value: (v) => count(v.rows), align: 'right' },
      { title: 'rate [95 %]', value: rateText },
      { title: 'mean score', value: (v) => percent(v.mean_score, 1), align: 'right' },
      { title: 'happened ÷ predicted', value: (v) => estimateText(v.observed_over_expected, 2) },
      { title: 'in best fifth', value: (v) => percent(v.in_top_fifth, 1), align: 'right' },
    ]),
    ...(view.proxies.length > 0
      ? [
          '',
          `Columns that tell "${view.told}"`,
          printTable(view.proxies, [
            { title: 'AUROC', value: (p) => fixed(p.auroc), align: 'right' },
            { title: 'column', value: (p) => p.sentence, maxWidth: 70 },
          ]),
        ]
      : []),
    view.sentence,
  );
