import { describe, expect, it } from 'vitest';
import type { FeatureColumn } from '../features/types.ts';
import { counted, phraseOf, type Reading } from './phrase.ts';
import { reasonSentence, restSentence } from './sentence.ts';
import { type ColumnStatistics, createStatistics } from './statistics.ts';

const WORDING = { entities: 'leads', outcome: 'converted', currency: '$' };

const reading = (column: Partial<FeatureColumn>, value: number, more: Partial<Reading> = {}): Reading => ({
  column: {
    name: 'n',
    kind: 'numeric',
    family: 'windows',
    scope: 'own',
    signal: 'engagement',
    path: [],
    table: 't',
    primitive: 'count',
    sentence: 's',
    ...column,
  },
  value,
  direction: 'up',
  currency: '$',
  ...more,
});

const touches = (value: number): Reading =>
  reading({ unit: 'count', windowDays: 14, sentence: 'touches in the last 14 days' }, value);
const silence = {
  primitive: 'sinceLast',
  unit: 'days',
  sentence: 'days since the last of the sessions',
} as const;
const lastStage = {
  kind: 'categorical',
  primitive: 'last',
  sentence: 'stage of the last of the closed deals',
} as const;
const place = {
  family: 'rank',
  unit: 'share',
  sentence: 'place among all scored at that time by calls ever',
} as const;
const recent = {
  primitive: 'trend',
  unit: 'share',
  sentence: 'share of the calls in the last 60 days that fall in the last 14 days',
} as const;
const industry = { kind: 'categorical', primitive: 'category', sentence: 'industry' } as const;

const usual = (x: number, rows = 2000) => ({ rows, mean: x, median: x });

const statistics = (more: Partial<ColumnStatistics> = {}): ColumnStatistics => ({
  ...{ all: usual(1), positive: usual(1, 200), negative: usual(1, 1800), total: undefined },
  outcomesOf: () => undefined,
  ...more,
});

describe('phrases', () => {
  it.each([
    [touches(4), '4 touches in the last 14 days'],
    [touches(1), '1 touch in the last 14 days'],
    [touches(0), 'no touches in the last 14 days'],
    [touches(1234), '1,234 touches in the last 14 days'],
    [
      reading({ unit: 'count', sentence: 'activities of other leads of the same account ever' }, 1),
      '1 activity of other leads of the same account so far',
    ],
    [
      reading(silence, 42, { direction: 'down', events: { count: 3, noun: 'sessions' } }),
      'silent for 42 days after 3 sessions',
    ],
    [reading(silence, 42, { direction: 'down' }), 'silent for 42 days (sessions)'],
    [reading(lastStage, Number.NaN, { events: { count: 0, noun: 'closed deals' } }), 'no closed deals yet'],
    [
      reading(lastStage, Number.NaN, { events: { count: 2, noun: 'closed deals' } }),
      'last of the closed deals without stage',
    ],
    [reading(lastStage, Number.NaN), 'no closed deals yet, or the last without stage'],
    [reading(place, 0.998), 'calls so far: among the highest of all scored at that time'],
    [reading(place, 0.42), 'calls so far: higher than 42 % of all scored at that time'],
    [reading(place, 0), 'calls so far: among the lowest of all scored at that time'],
    [reading(recent, 0), 'none of the calls in the last 60 days fell in the last 14 days'],
    [reading(recent, 1), 'all of the calls in the last 60 days fell in the last 14 days'],
    [reading(recent, 0.25), '25 % of the calls in the last 60 days fell in the last 14 days'],
    [reading(silence, 2), 'last of the sessions 2 days ago'],
    [reading(silence, Number.NaN), 'no sessions on record'],
    [
      reading({ primitive: 'sum', unit: 'money', sentence: 'total amount of deals ever' }, 1_234_567),
      'total amount of deals so far: $1.2M',
    ],
    [
      reading({ primitive: 'share', unit: 'share', sentence: 'share of calls' }, 0.125),
      'share of calls: 13 %',
    ],
    [
      reading({ primitive: 'age', unit: 'days', sentence: 'days since it was created' }, 1),
      '1 day since it was created',
    ],
    [
      reading(
        { ...silence, primitive: 'sinceCategory', sentence: 'days since the last of the calls with me' },
        3,
      ),
      'last of the calls with me 3 days ago',
    ],
    [
      reading(
        { ...silence, primitive: 'sinceCategory', sentence: 'days since the last of the calls' },
        Number.NaN,
      ),
      'no calls on record',
    ],
    [
      reading({ ...silence, primitive: 'sinceFirst', sentence: 'days since the first of the visits' }, 99),
      'first of the visits 99 days ago',
    ],
    [
      reading(
        {
          primitive: 'trend',
          unit: 'share',
          sentence: 'share of the calls in the last 60 days that fall in the last 14 days',
        },
        Number.NaN,
      ),
      'no calls in the last 60 days',
    ],
    [
      reading({ primitive: 'share', sentence: 'share of calls with outcome won ever' }, Number.NaN),
      'no calls on record',
    ],
    [
      reading({ primitive: 'meanGap', sentence: 'mean days between calls' }, Number.NaN),
      'too few on record for the mean days between calls',
    ],
    [reading({ ...industry, categories: ['logistics', '(other)'] }, 0), 'industry: logistics'],
    [reading({ ...industry, categories: ['logistics', '(other)'] }, 1), 'industry: another value'],
    [reading(industry, Number.NaN), 'no industry on record'],
    [reading({ primitive: 'present', sentence: 'phone: present' }, 1), 'phone on record'],
    [reading({ primitive: 'present', sentence: 'phone: present' }, 0), 'no phone on record'],
    [
      reading({ primitive: 'member', sentence: 'stack includes Snowflake' }, 0),
      'stack does not include Snowflake',
    ],
    [
      reading({ primitive: 'personalEmail', sentence: 'email is a personal address' }, 0),
      'email is not a personal address',
    ],
    [reading({ primitive: 'boolean', sentence: 'opted in' }, 1), 'opted in: yes'],
    [reading({ primitive: 'seniority', sentence: 'title: seniority' }, 9), 'title: c-level'],
    [reading({ primitive: 'memberCount', unit: 'count', sentence: 'stack: count' }, 3), '3 in stack'],
    [reading({ primitive: 'number', sentence: 'employees' }, 2500), 'employees: 2,500'],
    [
      reading({ primitive: 'mean', sentence: 'mean pages of visits ever' }, Number.NaN),
      'no pages of visits on record',
    ],
    [
      reading(
        { rows: { sameValue: 'lead_source' }, sentence: 'leads with the same lead source' },
        Number.NaN,
      ),
      'no lead source on record',
    ],
    [
      reading({ primitive: 'gapRatio', sentence: 'silence since the last call against the usual gap' }, 2.5),
      'silent for 2.5 times the usual gap since the last call',
    ],
    [
      reading(
        {
          ...{ primitive: 'trend', unit: 'share' },
          sentence: 'share of the calls in the last 60 days that fall in the last 14 days',
        },
        0.5,
      ),
      '50 % of the calls in the last 60 days fell in the last 14 days',
    ],
    [
      reading(
        { family: 'text', primitive: 'text', sentence: 'words such as “a”, “b” in notes, rather than “c”' },
        -2,
      ),
      'words such as “c” in notes',
    ],
    [
      reading(
        {
          ...{ family: 'rank', primitive: 'rank.count', unit: 'share' },
          sentence: 'place among all scored at that time by touches ever',
        },
        0.83,
      ),
      'touches so far: higher than 83 % of all scored at that time',
    ],
  ])('%#: %o reads %s', (given, expected) => {
    expect(phraseOf(given)).toBe(expected);
  });

  it('has no days and no distinct ones of nothing', () => {
    expect(counted('days with calls ever', 0)).toBe('no calls ever');
    expect(counted('distinct leads with calls', 0)).toBe('no leads with calls');
  });

  it('singularises the head noun only', () => {
    expect(counted('distinct companies with addresses', 1)).toBe('1 distinct company with addresses');
  });
});

describe('sentences', () => {
  it('compares a figure with and without the outcome, and says on how many rows that rests', () => {
    const differs = statistics({ positive: usual(3.1, 212), negative: usual(0.4, 1840) });
    expect(reasonSentence(touches(4), differs, WORDING)).toBe(
      '4 touches in the last 14 days; leads that converted had 3.1, others 0.4 (n=212/1,840)',
    );
    expect(reasonSentence(touches(4), statistics(), WORDING)).toBe(
      '4 touches in the last 14 days; leads that converted and others had 1 (n=200/1,800)',
    );
  });

  it('compares times and amounts by what is typical', () => {
    const given = reading({ primitive: 'age', unit: 'days', sentence: 'days since it was created' }, 93);
    const found = statistics({ positive: usual(57, 40), negative: usual(49, 400) });
    expect(reasonSentence(given, found, WORDING)).toBe(
      '93 days since it was created; leads that converted typically 57 days, others 49 days (n=40/400)',
    );
  });

  it('compares with all rows where too few have or lack the outcome', () => {
    const few = statistics({ positive: usual(3, 4) });
    expect(reasonSentence(touches(4), few, WORDING)).toBe(
      '4 touches in the last 14 days; average: 1 (n=2,000)',
    );
  });

  it('compares seniorities by name', () => {
    const given = reading({ primitive: 'seniority', sentence: 'title: seniority' }, 9);
    expect(reasonSentence(given, statistics(), WORDING)).toBe(
      'Title: c-level; leads that converted and others typically ic (n=200/1,800)',
    );
  });

  it('gives the rate of a value with its count, and none from a handful of rows', () => {
    const given = reading({ ...industry, categories: ['logistics'] }, 0);
    const rate = (rows: number, positives: number) =>
      reasonSentence(
        given,
        statistics({ outcomesOf: () => ({ rows, positives }), total: { rows: 1000, positives: 100 } }),
        WORDING,
      );
    expect(rate(120, 37)).toBe(
      'Industry: logistics; 31 % of such leads converted, 7 % of the others (n=120/880)',
    );
    expect(rate(1000, 100)).toBe('Industry: logistics; 10 % of such leads converted (n=1,000)');
    expect(rate(9, 9)).toBe('Industry: logistics');
  });

  it('does without comparison when there is none', () => {
    expect(reasonSentence(touches(4), undefined, WORDING)).toBe('4 touches in the last 14 days');
    expect(reasonSentence(touches(4), statistics({ all: usual(Number.NaN, 0) }), WORDING)).toBe(
      '4 touches in the last 14 days',
    );
  });

  it('names what is folded into the rest', () => {
    const part = (signal: 'source' | 'timing' | 'profile' | 'velocity') => ({
      ...{
        of: { signal, path: [], table: 't', windowDays: undefined, columns: [0] },
        contribution: 1,
        lead: 0,
      },
    });
    const rest = { signal: 'other', contribution: 1, share: 0.1, direction: 'up', folded: 4 } as const;
    const parts = [part('source'), part('timing'), part('profile'), part('velocity')];
    expect(restSentence({ ...rest, parts })).toBe('Source, timing, profile and 1 more together');
    expect(restSentence({ ...rest, parts: [] })).toBe('Further columns together');
  });
});

describe('statistics of training rows', () => {
  const matrix = {
    rows: 6,
    columns: [],
    data: [Float32Array.of(1, 2, 3, 4, Number.NaN, 9), Float32Array.of(0, 0, 1, 1, 1, Number.NaN)],
  };
  const label = [0, 0, 0, 1, 1, 1];

  it('takes means and medians with and without the outcome, over values that are there', () => {
    const found = createStatistics(matrix, label)(0);
    expect(found.all).toEqual({ rows: 5, mean: 3.8, median: 3 });
    expect(found.negative).toEqual({ rows: 3, mean: 2, median: 2 });
    expect(found.positive).toEqual({ rows: 2, mean: 6.5, median: 4 });
    expect(found.total).toEqual({ rows: 6, positives: 3 });
  });

  it('counts outcomes of a value and of a missing one', () => {
    const { outcomesOf } = createStatistics(matrix, label)(1);
    expect([outcomesOf(1), outcomesOf(0), outcomesOf(Number.NaN)]).toEqual([
      { rows: 3, positives: 2 },
      { rows: 2, positives: 0 },
      { rows: 1, positives: 1 },
    ]);
  });

  it('has only the overall figures without labels', () => {
    const found = createStatistics(matrix)(0);
    expect([found.all.median, found.positive.rows, found.outcomesOf(1), found.total]).toEqual([
      3,
      0,
      undefined,
      undefined,
    ]);
  });
});
