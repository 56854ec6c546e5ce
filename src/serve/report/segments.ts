/** Figures by the values of a column. */
import type { SegmentView } from '../scoring/audit-types.ts';
import { type Html, html } from './html.ts';
import { estimate, rate } from './numbers.ts';
import { tableOf } from './table.ts';

export const segmentSection = ({ column, segments, sentence }: SegmentView): Html =>
  html`<h3>By ${column}</h3><p>${sentence}</p>${tableOf(
    [
      'segment',
      'win rate [95 %]',
      'AUROC [95 %]',
      'lift 20 % [95 %]',
      'happened ÷ predicted',
      'own model − common',
    ],
    segments.map((s) => [
      s.segment,
      rate(s),
      estimate(s.auroc),
      estimate(s.lift20, 2),
      estimate(s.observed_over_expected, 2),
      s.own_model ? estimate(s.own_model) : '',
    ]),
  )}`;
