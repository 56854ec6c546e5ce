/** What a new workspace starts with besides its tables: default points and the default playbook. All of it is editable. */
import type { PlaybookRule, PointRule } from './types.ts';

export const DEFAULT_POINT_RULES: readonly PointRule[] = [
  { name: 'VP title', points: 10, when: 'title-vp' },
  { name: 'company over 1,000 people', points: 15, when: 'employees-over', value: 1000 },
  { name: 'pricing page', points: 5, when: 'pricing-page' },
  { name: 'e-mail open', points: 5, when: 'email-open' },
  { name: 'whitepaper', points: 5, when: 'whitepaper' },
  { name: 'personal e-mail', points: -10, when: 'personal-email' },
];

/** First match wins; the last rules have no signal, so that every score has an action. */
export const DEFAULT_PLAYBOOK: readonly PlaybookRule[] = [
  {
    name: 'technical evaluation',
    version: 1,
    action: 'route to a solutions engineer for a demo',
    when: { band: ['A', 'B'], signal: ['product usage', 'multi-contact engagement'], direction: 'up' },
  },
  {
    name: 'buying stage',
    version: 1,
    action: 'schedule an executive call',
    when: {
      band: ['A', 'B'],
      signal: ['buying-stage sequence', 'seniority mix', 'new executive', 'champion'],
      direction: 'up',
    },
  },
  {
    name: 'high intent',
    version: 2,
    action: 'call within a day',
    when: { band: ['A', 'B'], signal: ['high-intent content'], direction: 'up' },
  },
  {
    name: 'single-threaded',
    version: 1,
    action: 'add contacts at the account',
    when: { band: ['A', 'B', 'C'], signal: ['multi-contact engagement'], direction: 'down' },
  },
  {
    name: 'gone quiet',
    version: 1,
    action: 're-engage before it goes cold',
    when: { band: ['A', 'B', 'C'], signal: ['silence'], direction: 'down' },
  },
  { name: 'worth a call', version: 1, action: 'call this week', when: { band: ['A', 'B'] } },
  { name: 'nurture', version: 1, action: 'nurture with content', when: { band: ['C'] } },
  { name: 'deprioritise', version: 1, action: 'deprioritise', when: {} },
];
