import { describe, expect, it } from 'vitest';
import { draftOf } from './column-type.ts';
import { rows } from './raw.fixture.ts';
import { textSemantic } from './text-semantics.ts';

const draft = (name: string, cells: readonly string[]) => draftOf(name, cells, new Set(cells).size);

describe('draftOf', () => {
  it.each([
    ['integers', ['1', '22', '-3', '0']],
    ['integers with missing', ['1', 'N/A', '22', 'unknown']],
  ])('reads %s', (_, cells) => {
    expect(draft('size', cells)).toEqual({ type: 'integer' });
  });

  it('keeps codes with leading zeros as text', () => {
    expect(draft('plz', ['01234', '99999', '10115']).type).toBe('text');
  });

  it('reads fractions, exponents and decimal commas', () => {
    expect(draft('x', ['1.5', '2', '3e-4'])).toEqual({ type: 'number' });
    expect(draft('x', ['1,5', '2,25', '1.234,5'])).toEqual({ type: 'number', format: ',' });
  });

  it('reads money, ranges and per cent', () => {
    expect(draft('revenue', ['$500M', '$5M', '$2B']).parse).toBe('money');
    expect(draft('amount', ['1,234.50', '12', '1,000']).parse).toBe('money');
    expect(draft('employees', ['11-50', '51-200', '1,000+']).parse).toBe('range');
    expect(draft('band', ['$1M-$10M', '$10M-$50M', '$200M+']).parse).toBe('range');
    expect(draft('share', ['12 %', '3.5%']).parse).toBe('percent');
  });

  it('takes no month or version for a range', () => {
    expect(draft('period', ['2024-03', '2024-04', '2023-12']).type).toBe('text');
  });

  it('reads yes and no in any pair of words', () => {
    for (const cells of [
      ['yes', 'no'],
      ['True', 'False'],
      ['t', 'f'],
      ['Y', 'N'],
      ['1', '0'],
      ['no', 'unknown', 'yes'],
    ]) {
      expect(draft('flag', cells).type).toBe('boolean');
    }
    expect(draft('view_count', ['0', '1', '0']).type).toBe('integer');
    expect(draft('flag', ['no', 'no']).type).toBe('text');
  });

  it('reads ISO times, also where a few cells of a date column are not dates', () => {
    expect(draft('x', ['2024-01-05', '2024-1-6 10:00', '2024-02-01T00:00:00.000+0000'])).toMatchObject({
      type: 'timestamp',
    });
    expect(draft('date', ['2024-01-05', '2024-01-06', '2024-02-15 to 03-10'])).toMatchObject({
      type: 'timestamp',
    });
    expect(draft('note', ['2024-01-05', 'later', 'never']).type).toBe('text');
  });

  it('decides day and month over the column', () => {
    expect(draft('d', ['05/01/2024', '31/12/2023']).format).toBe('%d/%m/%Y');
    expect(draft('d', ['05/01/2024', '12/31/2023']).format).toBe('%m/%d/%Y');
    expect(draft('d', ['05/01/2024']).alternatives).toContain('%m/%d/%Y');
    expect(draft('d', ['5.1.2024 10:30', '31.12.2023 09:00']).format).toBe('%d.%m.%Y %H:%M');
    expect(draft('d', ['Jan 5, 2024', 'Dec 31, 2023']).format).toBe('%b %d, %Y');
  });

  it('reads compact dates and Unix times only with reason', () => {
    const days = rows(30, (i) => `202401${String(i + 1).padStart(2, '0')}`);
    expect(draft('x', days).format).toBe('%Y%m%d');
    expect(draft('opened', ['930101', '940215', '951231']).type).toBe('integer');
    expect(draft('open_date', ['930101', '940215', '951231']).format).toBe('%y%m%d');
    expect(draft('created', ['1700000000', '1710000000']).format).toBe('epoch_s');
    expect(draft('created_at', ['1700000000123', '1710000000456']).format).toBe('epoch_ms');
    expect(draft('phone', ['1700000000', '1710000000']).type).toBe('integer');
    expect(draft('year', ['1996', '2017']).type).toBe('integer');
  });

  it('knows mail, web and host names', () => {
    expect(draft('x', ['a@b.com', 'c.d@e.co.uk']).semantic).toBe('email');
    expect(draft('x', ['https://a.com/x', 'www.b.org']).semantic).toBe('url');
    expect(draft('domain', ['a.com', 'b.co.uk']).semantic).toBe('domain');
    expect(draft('education', ['high.school', 'university.degree']).semantic).toBeUndefined();
  });
});

describe('textSemantic', () => {
  const of = (name: string, cells: readonly string[]) =>
    textSemantic({ name, filled: cells.length, distinct: new Set(cells).size, sample: cells });

  it('tells categories from free text', () => {
    expect(
      of(
        'a',
        rows(100, (i) => ['red', 'green', 'blue'][i % 3]!),
      ).semantic,
    ).toBe('categorical');
    expect(
      of(
        'a',
        rows(100, (i) => `A longer sentence about case ${i}`),
      ).semantic,
    ).toBe('text');
    expect(of('industry', ['Finance', 'Retail', 'Health']).semantic).toBe('categorical');
    expect(of('company', ['Acme Corp', 'DataTech', 'MegaRetail']).semantic).toBe('text');
  });

  it('finds lists by their separators', () => {
    const stacks = ['Snowflake, AWS', 'PostgreSQL', 'AWS, Databricks, Snowflake'];
    expect(of('tech_stack', stacks)).toEqual({ semantic: 'multicategorical', separator: ',' });
    const tags = rows(60, (i) => [`a${i % 4}`, `b${i % 5}`, `c${i % 3}`].slice(0, 1 + (i % 3)).join('; '));
    expect(of('x', tags)).toEqual({ semantic: 'multicategorical', separator: ';' });
    expect(
      of(
        'x',
        rows(60, (i) => `Town ${i}, Land ${i % 4}`),
      ).semantic,
    ).not.toBe('multicategorical');
  });

  it('knows job titles from columns of levels', () => {
    const titles = [
      'VP Engineering',
      'Data Analyst',
      'CTO',
      'Marketing Manager',
      'Head of Sales',
      'Finance Director',
    ];
    expect(of('title', titles).semantic).toBe('title');
    expect(of('qwxz', titles).semantic).toBe('title');
    expect(of('seniority', ['VP', 'IC', 'Director']).semantic).not.toBe('title');
    expect(
      of('title', ['Security & Compliance', 'Getting started guide', 'Enterprise deployment']).semantic,
    ).toBe('text');
  });
});
