/** Registered models as people read them: the list, the card, two versions side by side. */
import type { ModelComparison } from '../scoring/models.ts';
import type { HeldOutFigures, ModelCard, RegisteredModel } from '../scoring/registry/types.ts';
import type { Moves } from '../scoring/types.ts';
import { count, fixed, interval, percent, plural } from './number-text.ts';
import { printTable } from './text-table.ts';

/** A card without its long lists. */
export type ModelSummary = Pick<
  ModelCard,
  'version' | 'question' | 'task' | 'parameters' | 'data_cutoff' | 'training' | 'held_out'
> &
  Pick<RegisteredModel, 'status' | 'created'>;

export function summaryOf({ card, status, created }: RegisteredModel): ModelSummary {
  const { version, question, task, parameters, data_cutoff, training, held_out } = card;
  return { version, status, created, question, task, parameters, data_cutoff, training, held_out };
}

const day = (iso: string | null): string => iso?.slice(0, 10) ?? '–';

export function printModels(models: readonly RegisteredModel[]): string {
  if (models.length === 0) return 'No model is registered. `leadlight train` trains one and keeps it.';
  const questions = [...new Set(models.map((m) => m.card.question))];
  return questions
    .map((question) => {
      const of = models.filter((m) => m.card.question === question);
      const { task } = of[0]!.card;
      const rows = printTable(of, [
        { title: 'version', value: (m) => m.card.version },
        { title: 'status', value: (m) => m.status },
        { title: 'trained', value: (m) => m.created?.slice(0, 16).replace('T', ' ') ?? '–' },
        { title: 'data up to', value: (m) => day(m.card.data_cutoff) },
        { title: 'rung', value: (m) => m.card.parameters.rung },
        { title: 'budget', value: (m) => m.card.parameters.budget },
        { title: 'examples', value: (m) => count(examples(m.card)), align: 'right' },
        { title: 'held out', value: (m) => figureText(m.card.held_out), align: 'right' },
        { title: 'on', value: (m) => (m.card.held_out ? plural(m.card.held_out.rows, 'case') : '–') },
      ]);
      return `${task.query ?? task.description}\n${rows}`;
    })
    .join('\n\n');
}

const examples = ({ training }: ModelCard): number => training.train_rows + training.val_rows;

function figureText(held: HeldOutFigures | null): string {
  if (!held) return '–';
  const { auroc, auroc_ci, accuracy, mae } = held.figures;
  if (auroc !== null) return `AUROC ${fixed(auroc)} ${interval(auroc_ci)}`;
  return accuracy === undefined ? `MAE ${fixed(mae)}` : `accuracy ${fixed(accuracy)}`;
}

const FEATURES_SHOWN = 12;

export function printModel({ card, status, created }: RegisteredModel): string {
  const { parameters: p, training: t } = card;
  const settings = [
    `${p.rung}, budget ${p.budget}, seed ${p.seed}`,
    ...(p.step_days === null ? [] : [`a cutoff every ${p.step_days} days`]),
    ...(p.train_to === null ? [] : [`train to ${p.train_to}`]),
    ...(p.val_at === null ? [] : [`validation at ${p.val_at}`]),
  ].join(', ');
  const facts: readonly (readonly [string, string])[] = [
    ['status', status],
    ['trained', created ?? 'not in the journal'],
    ['question', card.task.query ?? card.task.description],
    ['data up to', card.data_cutoff ?? 'all on record'],
    [
      'examples',
      `${count(t.train_rows)} training, ${count(t.val_rows)} validation${t.base_rate === null ? '' : `; ${count(t.positives)} positive (${percent(t.base_rate, 1)})`}`,
    ],
    ['recipe', settings],
    ['calibration', card.calibration],
    ['held out', heldOutText(card)],
    [
      'features',
      `${count(card.features.length)} read; ${plural(card.screened.length, 'column')} screened out, ${plural(card.withheld.length, 'column')} withheld`,
    ],
    ['made with', `leadlight ${card.package_version}, ${card.engine}`],
  ];
  return [
    `Model ${card.version}`,
    ...facts.map(([title, value]) => `  ${title.padEnd(13)}${value}`),
    '',
    ...card.features.slice(0, FEATURES_SHOWN).map((f) => `  · ${f.sentence}`),
    ...(card.features.length > FEATURES_SHOWN
      ? [`  … and ${count(card.features.length - FEATURES_SHOWN)} more (--json lists all)`]
      : []),
    ...card.withheld.map((w) => `  withheld ${w.column}: ${w.reason}`),
    ...card.warnings.map((w) => `  note: ${w}`),
  ].join('\n');
}

function heldOutText({ held_out: held, held_out_missing: missing }: ModelCard): string {
  if (!held) return `not judged: ${missing ?? 'no reason given'}`;
  const { figures } = held;
  const more =
    figures.average_precision === null
      ? ''
      : `, average precision ${fixed(figures.average_precision)}, lift in the top tenth ${fixed(figures.lift10, 2)}, calibration error ${fixed(figures.ece)}`;
  const span = held.from === null ? '' : `, cutoffs ${held.from} to ${held.to}`;
  const positives = figures.auroc === null ? '' : `, ${count(held.positives)} positive`;
  return `${figureText(held)}${more} (the same recipe trained before ${plural(held.rows, 'case')}${positives}${span})`;
}

export function printComparison({
  first,
  second,
  held_out,
  held_out_missing,
  moves,
}: ModelComparison): string {
  const judged =
    held_out === null
      ? `Not judged on the same cases: ${held_out_missing}`
      : [
          `On ${plural(held_out.rows, 'case')} held out from both (${count(held_out.positives)} positive):`,
          printTable(held_out.metrics, [
            { title: '', value: (m) => m.metric },
            { title: first.card.version, value: (m) => fixed(m.first), align: 'right' },
            { title: second.card.version, value: (m) => fixed(m.second), align: 'right' },
            { title: 'difference', value: (m) => fixed(m.difference), align: 'right' },
            { title: '95 % interval', value: (m) => interval(m.interval) },
          ]),
        ].join('\n');
  return `${printModels([first, second])}\n\n${judged}\n\n${printMoves(moves)}`;
}

export function printMoves(moves: Moves): string {
  const head = `${moves.version} against ${moves.against} on ${plural(moves.rows, 'row')}: rank correlation ${fixed(moves.rank_correlation)}, scores differ by ${fixed(moves.mean_absolute_change, 4)} on average, ${percent(moves.top_tenth_kept)} of the top tenth shared.`;
  if (moves.movers.length === 0) return head;
  return [
    head,
    printTable(moves.movers, [
      { title: 'entity', value: (m) => m.entity, maxWidth: 24 },
      { title: 'rank', value: (m) => count(m.rank), align: 'right' },
      { title: 'was', value: (m) => count(m.rank_against), align: 'right' },
      { title: 'score', value: (m) => fixed(m.score), align: 'right' },
      { title: 'was', value: (m) => fixed(m.score_against), align: 'right' },
      { title: 'through', value: (m) => m.signals.map(signalText).join(', ') },
    ]),
  ].join('\n');
}

const signalText = ({ signal, change }: Moves['movers'][number]['signals'][number]): string =>
  `${signal} ${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(2)}`;
