import { describe, expect, it } from 'vitest';
import { keySignal, type SpokenReason } from './key-signal.ts';
import { chooseAction, DEFAULT_PLAYBOOK, type Situation } from './playbook.ts';
import type { Direction } from './types.ts';

const at = (band: string, ...reasons: (readonly [string, Direction])[]): Situation => ({
  band,
  reasons: reasons.map(([signal, direction]) => ({ signal, direction })),
});

describe('the default playbook', () => {
  it.each([
    [at('A', ['multi-contact engagement', 'up']), 'Route to a solutions engineer for a demo'],
    [at('A', ['buying-stage sequence', 'up']), 'Schedule an executive call'],
    [
      at('B', ['high-intent content', 'up'], ['multi-contact engagement', 'down']),
      'Add contacts at the account, then nurture',
    ],
    [at('A', ['silence', 'down'], ['product usage', 'up']), 'Re-engage before it goes cold'],
    [at('A', ['source', 'up']), 'Call this week'],
    [at('C', ['source', 'down']), 'Nurture with content'],
    [at('D', ['product usage', 'up']), 'Deprioritise'],
    [at('no such band'), 'Deprioritise'],
  ])('%o', (situation, action) => {
    expect(chooseAction([], situation)?.action).toBe(action);
  });

  it('names and versions every rule', () => {
    expect(new Set(DEFAULT_PLAYBOOK.map((r) => r.name)).size).toBe(DEFAULT_PLAYBOOK.length);
    expect(DEFAULT_PLAYBOOK.every((r) => r.version >= 1 && r.action !== '')).toBe(true);
  });
});

describe('a playbook of one’s own', () => {
  const rule = {
    name: 'r',
    version: 3,
    action: 'Ring',
    when: { signal: ['silence'], direction: 'up' },
  } as const;

  it('replaces the default; a signal must point the rule’s way', () => {
    expect(chooseAction([rule], at('A', ['silence', 'up']))).toBe(rule);
    expect(chooseAction([rule], at('A', ['silence', 'down'], ['source', 'up']))).toBeUndefined();
  });
});

describe('key signal', () => {
  const reason = (direction: Direction, phrase: string, share = 0.1, signal = 's'): SpokenReason => ({
    ...{ direction, phrase, share, signal },
  });
  const up = reason('up', '4 colleagues active in product');
  const up2 = reason('up', 'usage spike this week');
  const down = reason('down', 'no touches in the last 14 days');

  it('says what speaks for a good score', () => {
    expect(keySignal([up, down, up2], false)).toBe('4 colleagues active in product, usage spike this week');
  });

  it('says what holds a poor one down, beside a strength worth naming', () => {
    expect(keySignal([up, down], true)).toBe('no touches in the last 14 days');
    expect(keySignal([reason('up', 'industry: finance', 0.4), down], true)).toBe(
      'industry: finance, but no touches in the last 14 days',
    );
  });

  it('never speaks of the rest, and is empty without reasons', () => {
    expect(keySignal([reason('up', 'x', 0.9, 'other')], false)).toBe('');
    expect(keySignal([], true)).toBe('');
  });
});
