/**
 * Amounts, rankings, several labels and forecasts: scores at a cutoff do not depend on anything known after it nor on
 * the order of files, and models learn no held-out label; on tables with names made to break quoting.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { CompareDetail } from '../../src/serve/scoring/types.ts';
import { HOSTILE_QUERIES, hostileShop } from '../support/hostile-shop.ts';
import { changedAfter, type FileTable, reordered } from '../support/tables.ts';
import { expectSame, inferredYaml, type Scored, scored, withWorkspace } from '../support/workspaces.ts';

const SEED = 20_260_410;
const AT = '2023-10-16';
const CUTOFF = Date.parse(AT);
const TABLES = hostileShop(SEED);

let yaml = '';
beforeAll(async () => {
  yaml = await inferredYaml(TABLES);
});

describe.each(Object.entries(HOSTILE_QUERIES))('scores of %s', (kind, query) => {
  let before: Scored;
  beforeAll(async () => {
    before = await scored(TABLES, yaml, { query, at: AT });
  });

  it('are of the kind asked for', () => {
    expect(before.scores.length).toBeGreaterThan(40);
    for (const s of before.scores) {
      if (kind === 'amount') expect(s.interval!.low).toBeLessThanOrEqual(s.value!);
      if (kind === 'ranking') expect(s.items).toHaveLength(5);
      if (kind === 'labels') expect(s.items!.map((i) => i.item).sort()).toEqual(['shop', 'union all', 'web']);
      if (kind === 'forecast') expect(s.steps!.map((step) => step.step)).toEqual([1, 2, 3]);
    }
  });

  it.each(['remove', 'alter', 'add'] as const)('do not see later rows: %s', async (change) => {
    const changed = reordered(changedAfter(TABLES, CUTOFF, change, SEED), SEED);
    expectSame(await scored(changed, yaml, { query, at: AT }), before);
  });
});

describe.each(Object.entries(HOSTILE_QUERIES))('comparing %s', (kind, query) => {
  const compared = (of: readonly FileTable[]): Promise<CompareDetail> =>
    withWorkspace(of, yaml, (workspace) =>
      workspace.compare({
        query,
        budget: 'quick',
        stepDays: 14,
        trainTo: '2023-07-01',
        valAt: '2023-08-15',
        testAt: AT,
      }),
    );

  it('finds the habits, and what models say does not depend on the outcomes they are judged by', async () => {
    const before = await compared(TABLES);
    const figures = new Map(before.report.rungs.map((r) => [r.name, r]));
    if (kind === 'ranking') {
      expect(before.report.ranking!.candidate_recall).toBe(1);
      expect(figures.get('own-repeat')!.map!).toBeGreaterThan(figures.get('popular')!.map!);
      expect(figures.get('trees')!.map!).toBeGreaterThan(figures.get('popular')!.map! + 0.1);
    }
    if (kind === 'labels') expect(figures.get('trees')!.micro_ap!).toBeGreaterThan(0.3);
    if (kind === 'forecast') expect(figures.get('blend')!.steps).toHaveLength(3);
    if (kind === 'amount' || kind === 'forecast')
      expect(figures.get('blend')!.mae!).toBeLessThan(
        figures.get('last-value')?.mae ?? Number.POSITIVE_INFINITY,
      );
    const after = await compared(changedAfter(TABLES, CUTOFF, 'alter', SEED));
    expect(after.predictions).toEqual(before.predictions);
    expect(after.report.ranking?.candidates_per_row).toBe(before.report.ranking?.candidates_per_row);
  });
});
