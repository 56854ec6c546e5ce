/** What moved a score lately and whom it is like, for the card of a lead. */
import type { Score } from '../scoring/types.ts';
import { type Html, html } from './html.ts';

const points = (x: number): string => `${x < 0 ? '−' : '+'}${Math.abs(x * 100).toFixed(1)} points`;
const MOVES_SHOWN = 3;

export function historyLines({ changes, similar, rule }: Score): readonly (Html | false)[] {
  return [
    changes !== null &&
      html`<div class="dim">Since ${changes.since.slice(0, 10)}: ${points(changes.delta)}${changes.signals
        .filter((s) => s.signal !== 'other')
        .slice(0, MOVES_SHOWN)
        .map((s) => html`<br>${points(s.delta)} ${s.signal}: ${s.sentence}`)}</div>`,
    similar !== null &&
      similar.won.length > 0 &&
      html`<div class="dim">Like past wins ${similar.won.map((e) => e.entity).join(', ')}${similar.lost.length > 0 && ` and losses ${similar.lost.map((e) => e.entity).join(', ')}`} (of ${similar.among.won} and ${similar.among.lost})</div>`,
    rule !== null && html`<div class="dim">rule ${rule}</div>`,
  ];
}
