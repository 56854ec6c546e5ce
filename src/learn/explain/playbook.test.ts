import { describe, expect, it } from 'vitest';
import { keySignal, type SpokenReason } from './key-signal.ts';
import { chooseAction, type Situation } from './playbook.ts';
import type { Direction } from './types.ts';

const at = (band: string, ...reasons: (readonly [string, Direction])[]): Situation => ({
  band,
  reasons: reasons.map(([signal, direction]) => ({ signal, direction })),
});

describe('the default playbook', () => {
  it('is used where there is none, and has an action for every band', () => {
    expect(chooseAction([], at('A', ['multi-contact engagement', 'up']))?.action).toMatch(
      /solutions engineer/,
    );
    expect(chooseAction([], at('A', ['buying-stage sequence', 'up']))?.action).toMatch(/executive call/);
    expect(chooseAction([], at('C', ['multi-contact engagement', 'down']))?.action).toMatch(/add contacts/);
    expect(chooseAction([], at('D', ['product usage', 'up']))?.action).toMatch(/deprioriti/);
    for (const band of ['A', 'B', 'C', 'D', 'no such band'])
      expect(chooseAction([], at(band, ['source', 'up']))).toBeDefined();
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
