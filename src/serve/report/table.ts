/** A table of text; on a narrow screen it scrolls by itself rather than widening the page. */
import { type Html, html } from './html.ts';

export type Cell = string | Html;

export const tableOf = (head: readonly string[], rows: readonly (readonly Cell[])[]): Html =>
  html`<div class="scroll"><table><thead><tr>${head.map((h) => html`<th>${h}</th>`)}</tr></thead><tbody>${rows.map((r) => html`<tr>${r.map((c) => html`<td>${c}</td>`)}</tr>`)}</tbody></table></div>`;
