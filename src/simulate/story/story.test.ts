import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportStory, type StoryReport } from './story.ts';

const root = mkdtempSync(join(tmpdir(), 'story-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let report: StoryReport;
const options = { seed: 3, accounts: 40, futures: 4 };
const file = (folder: string, layout: string, table: string): string =>
  readFileSync(join(folder, layout, 'tables', `${table}.csv`), 'utf8');
const lines = (layout: string, table: string, holding: string): readonly string[] =>
  file(join(root, 'a'), layout, table)
    .split('\n')
    .filter((line) => line.includes(holding));
/** Rows of a named person up to a day; the last cell of these tables is the day. */
const until = (rows: readonly string[], day: string): readonly string[] =>
  rows.filter((line) => line.split(',').at(-1)! < day);

beforeAll(async () => {
  report = await exportStory(join(root, 'a'), options);
}, 60_000);

describe('the story', () => {
  it('has the published records in the published tables', () => {
    expect(lines('lead-scoring', 'leads', 'LD001')[0]).toMatch(/^LD001,Acme Corp,Webinar,2025-02-15,/);
    expect(lines('lead-scoring', 'firmographics', 'LD003')[0]).toContain('Retail,12000,');
    expect(lines('lead-scoring', 'contacts', 'CT04')[0]).toBe(
      'CT04,LD003,Director of Analytics,Analytics,Director,2025-03-01',
    );
    expect(lines('accounts', 'opportunities', 'OP01')[0]).toMatch(/^OP01,.*120000|^OP01,A001,2025-10-15/);
    expect(lines('accounts', 'contact_scores', 'C01,92')).toEqual(['C01,92,2025-10-31']);
  });

  it('lets nothing happen to the written before they are scored but what is written', () => {
    expect(until(lines('lead-scoring', 'activities', ',CT03,'), '2025-03-05')).toHaveLength(1);
    expect(until(lines('lead-scoring', 'content_views', ',CT01,'), '2025-03-05')).toHaveLength(1);
    expect(until(lines('lead-scoring', 'activities', ',CT04,'), '2025-03-05')).toHaveLength(0);
    const asked = lines('crm-activities', 'crm_activities', 'L-1001').filter(
      (line) => line.split(',')[3]! < '2025-03-12',
    );
    expect(asked.map((line) => line.split(',')[2])).toEqual(['Pricing page', 'Pricing page', 'Pricing page']);
  });

  it.each([
    ['L-1003', 85],
    ['L-1001', 72],
    ['L-1004', 68],
    ['L-1005', 44],
    ['L-1002', 31],
  ])('gives %s its published points on the day: %d', (lead, points) => {
    const known = until(lines('crm-activities', 'lead_history', lead), '2025-03-12');
    expect(known.at(-1)?.split(',')[2]).toBe(String(points));
  });

  it('says what is true of the named, and measures on cases it counts', () => {
    expect(Object.keys(report.truth)).toEqual(expect.arrayContaining(['LD001', 'L-1002', 'C-4401', 'A001']));
    for (const { opened, won } of Object.values(report.truth))
      for (const p of [opened, won]) expect(p >= 0 && p <= 1).toBe(true);
    for (const { of, against } of report.measured.ratios) expect(against.cases).toBeGreaterThan(of.came);
  });

  it('is the same for the same seed', async () => {
    await exportStory(join(root, 'b'), options);
    for (const [layout, tables] of Object.entries(report.rows))
      for (const table of Object.keys(tables))
        expect(file(join(root, 'b'), layout, table), `${layout}/${table}`).toBe(
          file(join(root, 'a'), layout, table),
        );
  }, 60_000);
});
