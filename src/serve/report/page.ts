/** The frame of every page: title, date, style; no script, nothing from outside. */
import { type Html, html, raw } from './html.ts';
import { STYLE } from './style.ts';

export interface PageHead {
  readonly title: string;
  readonly made: Date;
}

/** Links to the parts of a page, `#case-1` and on; nothing where there is one. */
export const navOf = (parts: readonly { readonly title: string }[]): Html | false =>
  parts.length > 1 &&
  html`<nav>${parts.map((part, i) => html`<a href="#case-${i + 1}">${part.title}</a>`)}</nav>`;

export const pageOf = ({ title, made }: PageHead, nav: Html | false, body: Html): string =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title><style>${raw(STYLE)}</style></head>
<body><header><h1>${title}</h1><p class="dim">Made by Leadlight on ${made.toISOString().slice(0, 10)}.</p>
${nav}</header>
<main>${body}</main></body></html>
`.html;
