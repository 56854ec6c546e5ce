/** Score and reasons → what to do: the first rule of a versioned playbook whose conditions all hold. */
import type { PlaybookRule } from '../../data/schema/types.ts';
import type { Direction } from './types.ts';

/** Used when leadlight.yaml has no playbook. Order matters: the specific before the general. */
export const DEFAULT_PLAYBOOK: readonly PlaybookRule[] = [
  {
    name: 'single-thread',
    version: 1,
    action: 'Add contacts at the account, then nurture',
    when: { band: ['B', 'C'], signal: ['multi-contact engagement'], direction: 'down' },
  },
  {
    name: 'silent',
    version: 1,
    action: 'Re-engage before it goes cold',
    when: { band: ['A', 'B'], signal: ['silence'], direction: 'down' },
  },
  {
    name: 'technical-evaluation',
    version: 1,
    action: 'Route to a solutions engineer for a demo',
    when: {
      band: ['A', 'B'],
      signal: ['multi-contact engagement', 'product usage', 'technology fit'],
      direction: 'up',
    },
  },
  {
    name: 'executive-call',
    version: 1,
    action: 'Schedule an executive call',
    when: {
      band: ['A', 'B'],
      signal: [
        'buying-stage sequence',
        'high-intent content',
        'seniority mix',
        'new executive',
        'past deals',
      ],
      direction: 'up',
    },
  },
  { name: 'call', version: 1, action: 'Call this week', when: { band: ['A', 'B'] } },
  {
    name: 'product-nurture',
    version: 1,
    action: 'Offer help with the product',
    when: { band: ['C'], signal: ['product usage'], direction: 'up' },
  },
  { name: 'content-nurture', version: 1, action: 'Nurture with content', when: { band: ['C'] } },
  { name: 'deprioritise', version: 1, action: 'Deprioritise', when: {} },
];

export interface Situation {
  readonly band: string;
  readonly reasons: readonly { readonly signal: string; readonly direction: Direction }[];
}

/** Undefined when no rule of the playbook holds. */
export function chooseAction(
  playbook: readonly PlaybookRule[],
  situation: Situation,
): PlaybookRule | undefined {
  const rules = playbook.length === 0 ? DEFAULT_PLAYBOOK : playbook;
  return rules.find((rule) => holds(rule.when, situation));
}

function holds(when: PlaybookRule['when'], { band, reasons }: Situation): boolean {
  if (when.band && !when.band.includes(band)) return false;
  if (!when.signal && !when.direction) return true;
  return reasons.some(
    (r) =>
      (!when.signal || when.signal.includes(r.signal)) && (!when.direction || when.direction === r.direction),
  );
}
