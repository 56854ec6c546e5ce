/** Words that tell which seller's signal a table or column speaks for. General CRM English; no data set's names. */
import type { Family, Signal } from './types.ts';

const WORDS: readonly (readonly [Signal, RegExp])[] = [
  [
    'past deals',
    // Sales calls and the sales team are work on a deal, not deals.
    /\b(deal|opportunit|quote|contract|order|invoice|purchase|transaction|sale(?!s? (activit|call|e ?mail|event|meeting|owner|rep|team|touch))|loan|subscription|payment)/,
  ],
  ['product usage', /\b(usage|login|seat|feature|workspace|session|app|trial|limit|quota|api)/],
  [
    'high-intent content',
    /\b(pricing|price page|demo|whitepaper|case stud|security|docs|documentation|webinar|download)/,
  ],
  ['technology fit', /\b(tech|technolog|stack|integration|platform)/],
  ['seniority mix', /\b(title|seniority|department|role|function|job)/],
  ['source', /\b(source|channel|campaign|medium|referr|utm|origin|landing)/],
  [
    'firmographic fit',
    /\b(industry|sector|employee|revenue|size|region|country|city|state|segment|band|company|account|firm)/,
  ],
  [
    'engagement',
    /\b(touch|activit|event|visit|email|click|open|view|meeting|call|message|web|page|content|response)/,
  ],
];

export const words = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_\-.]+/g, ' ')
    .trim()
    .toLowerCase();

export function signalOf(
  table: string,
  column: string | undefined,
  family: Family,
  primitive: string,
): Signal {
  if (family === 'calendar') return 'timing';
  if (family === 'outcome') return 'peer wins';
  if (/^since(Last|Category)|^silence/.test(primitive)) return 'silence';
  if (/^(trend|gapRatio|meanGap|span)$/.test(primitive)) return 'velocity';
  const text = `${column ? words(column) : ''} ${words(table)}`;
  const byColumn = column ? match(words(column)) : undefined;
  const found = byColumn ?? match(text);
  if (found) return found;
  if (family === 'static') return 'profile';
  return family === 'parents' ? 'firmographic fit' : 'engagement';
}

const match = (text: string): Signal | undefined => WORDS.find(([, pattern]) => pattern.test(text))?.[0];
