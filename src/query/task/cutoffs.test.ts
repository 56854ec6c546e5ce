import { describe, expect, it } from 'vitest';
import { addUnits, DAY_MS, parseMoment, printMoment, unitDays } from './calendar.ts';
import { type CutoffRequest, keepShares, planCutoffs } from './cutoffs.ts';

const day = (text: string): number => parseMoment(text)!;
const request = (more: Partial<CutoffRequest>): CutoffRequest => ({
  horizon: { end: 14, unit: 'days' },
  from: day('2024-01-01'),
  to: day('2024-04-29'),
  mode: 'compare',
  ...more,
});
const of = (plan: ReturnType<typeof planCutoffs>, split: string): string[] =>
  plan.cutoffs.filter((c) => c.split === split).map((c) => printMoment(c.at));

describe('calendar', () => {
  it('adds calendar months, clamped to the last day, keeping the clock', () => {
    expect(printMoment(addUnits(day('2024-01-31'), 1, 'months'))).toBe('2024-02-29');
    expect(printMoment(addUnits(day('2023-01-31 10:30:00'), 1, 'months'))).toBe('2023-02-28T10:30:00');
    expect(printMoment(addUnits(day('2024-01-15'), -13, 'months'))).toBe('2022-12-15');
    expect(printMoment(addUnits(day('1965-03-31T06:00'), -1, 'months'))).toBe('1965-02-28T06:00:00');
  });

  it('reads ISO moments and refuses impossible ones', () => {
    expect(parseMoment('2024-02-29T23:59:59.5Z')).toBe(Date.UTC(2024, 1, 29, 23, 59, 59, 500));
    expect(parseMoment('2024-05-01 12:00:00+02:00')).toBe(Date.UTC(2024, 4, 1, 10));
    for (const bad of ['2023-02-29', '2024-13-01', '2024-01-01 25:00:00', 'soon', ''])
      expect(parseMoment(bad)).toBeUndefined();
  });
});

describe('cutoffs', () => {
  it('follow the dates given', () => {
    const plan = planCutoffs(
      request({
        stepDays: 7,
        trainTo: day('2024-03-17'),
        valAt: day('2024-03-31'),
        testAt: day('2024-04-14'),
      }),
    );
    expect(of(plan, 'test')).toEqual(['2024-04-14']);
    expect(of(plan, 'val')).toEqual(['2024-03-31']);
    expect(of(plan, 'train').slice(0, 2)).toEqual(['2024-03-17', '2024-03-10']);
    expect(of(plan, 'train').at(-1)).toBe('2024-01-07');
    expect(plan).toMatchObject({ validation: 'time', warnings: [] });
  });

  it('mature before the cutoff they are judged at, by default', () => {
    for (const [end, unit] of [
      [14, 'days'],
      [2, 'weeks'],
      [1, 'months'],
      [6, 'hours'],
      [90, 'minutes'],
    ] as const) {
      const plan = planCutoffs(request({ horizon: { end, unit } }));
      const at = (split: string): number[] => plan.cutoffs.filter((c) => c.split === split).map((c) => c.at);
      const firstTest = Math.min(...at('test'));
      for (const c of at('test')) expect(addUnits(c, end, unit)).toBeLessThanOrEqual(day('2024-04-29'));
      for (const c of [...at('val'), ...at('train')])
        expect(addUnits(c, end, unit)).toBeLessThanOrEqual(firstTest);
      if (plan.validation === 'time')
        for (const c of at('train'))
          expect(addUnits(c, end, unit)).toBeLessThanOrEqual(Math.min(...at('val')));
      expect(at('train').length).toBeGreaterThan(0);
    }
  });

  it('are replayed about ten times where the window is long for the history', () => {
    const plan = planCutoffs(request({ horizon: { end: 30, unit: 'days' } }));
    expect(plan.validation).toBe('grouped-folds');
    expect(plan.warnings[0]).toContain('under four label windows');
    expect(of(plan, 'train').length).toBeGreaterThanOrEqual(8);
  });

  it('of a score end at the moment asked for', () => {
    const plan = planCutoffs(request({ mode: 'score', at: day('2024-03-05') }));
    expect(of(plan, 'predict')).toEqual(['2024-03-05']);
    expect(of(plan, 'test')).toEqual([]);
    for (const c of plan.cutoffs.filter((x) => x.split !== 'predict'))
      expect(c.at + 14 * DAY_MS).toBeLessThanOrEqual(day('2024-03-05'));
  });

  it('refuse immature tests and histories too short to train on', () => {
    expect(() => planCutoffs(request({ testAt: day('2024-04-20') }))).toThrow(/up to 2024-04-15/);
    expect(() => planCutoffs(request({ from: day('2024-04-10') }))).toThrow(/shorter window/);
  });

  it('say when train labels run past the test cutoff', () => {
    const plan = planCutoffs(
      request({ trainTo: day('2024-04-10'), testAt: day('2024-04-15'), valAt: day('2024-04-12') }),
    );
    expect(plan.warnings.join()).toContain('run past the cutoff');
  });
});

describe('row budget', () => {
  it('keeps all when it fits, else favours the newest', () => {
    expect(keepShares([10, 10], 20)).toEqual([1, 1]);
    const shares = keepShares([1000, 1000, 1000], 900);
    expect(shares[0]!).toBeGreaterThan(shares[2]!);
    expect(shares.reduce((s, x) => s + 1000 * x, 0)).toBeCloseTo(900, 3);
    expect(unitDays(2, 'months')).toBe(60);
  });
});

it('takes test cutoffs from one moment to another, a step apart and each mature', () => {
  const span = { stepDays: 7, testAt: day('2024-03-11'), testTo: day('2024-04-01') };
  const plan = planCutoffs(request(span));
  expect(of(plan, 'test')).toEqual(['2024-04-01', '2024-03-25', '2024-03-18', '2024-03-11']);
  for (const c of plan.cutoffs)
    if (c.split !== 'test') expect(c.at + 14 * DAY_MS).toBeLessThanOrEqual(span.testAt);
  expect(() => planCutoffs(request({ ...span, testTo: day('2024-04-20') }))).toThrow('not complete');
});
