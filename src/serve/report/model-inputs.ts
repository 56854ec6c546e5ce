/** Which features models were given: what screening, drift and trial folds left out, and on what evidence. */
import type { CompareReport, SelectionView } from '../scoring/types.ts';
import { type Html, html } from './html.ts';
import { count } from './numbers.ts';
import { tableOf } from './table.ts';

const REASONS = {
  constant: 'the same in every training row',
  duplicate: 'the same as another feature',
  drift: 'tells only when a row was, not what came of it',
  family: 'of a group that did not help on earlier folds',
} as const;

type Screened = NonNullable<CompareReport['screened']>;

export function modelInputs({ screened = [], selection }: CompareReport): Html | false {
  if (screened.length === 0 && !selection) return false;
  return html`<h3>What models were given</h3>${selection && selectionWords(selection)}${screenedList(screened)}`;
}

function selectionWords({ adversarial_auc, adversarial_rows, turned, ...tried }: SelectionView): Html {
  const auc = adversarial_auc.toFixed(2);
  return html`<p>Validation rows are told from training rows with an AUROC of ${auc} (${count(adversarial_rows)} rows; 0.5: not at all).${turned.length > 0 && ` ${count(turned.length)} features order labels the other way round in validation: linear models do not read them.`}</p>
${tried.note !== null && html`<p>${tried.note}</p>`}${tried.groups.length > 0 && groupTable(tried)}`;
}

const groupTable = ({ groups, folds, rows }: Pick<SelectionView, 'groups' | 'folds' | 'rows'>): Html =>
  html`<p>Groups of features tried on ${folds} earlier folds (${count(rows)} rows): loss without the group less loss with it; above 0 it helps.</p>${tableOf(
    ['group', 'features', 'change of loss ± standard error', ''],
    groups.map((g) => [
      g.group,
      count(g.columns),
      `${g.loss_change.toFixed(4)} ± ${g.standard_error.toFixed(4)}`,
      g.kept ? 'kept' : 'left out',
    ]),
  )}`;

function screenedList(screened: Screened): Html | false {
  const reasons = Object.entries(REASONS).map(([reason, words]) => ({
    words,
    names: screened.filter((d) => d.reason === reason).map((d) => d.name),
  }));
  return (
    screened.length > 0 &&
    html`<p>${count(screened.length)} features were left out before fitting:</p>${reasons
      .filter(({ names }) => names.length > 0)
      .map(
        ({ words, names }) =>
          html`<details><summary>${count(names.length)}: ${words}</summary><p class="dim">${names.join('; ')}</p></details>`,
      )}`
  );
}
