/**
 * What people act on: changes, what-if and priority at a cutoff do not depend on rows or cells known after it; and what
 * a score was at an earlier moment does not depend on what came since.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Workspace } from '../../src/serve/scoring/workspace.ts';
import { FORCE_QUERY, forceCompany, PLAIN_QUERY, plainCompany } from '../support/companies.ts';
import { cellsChangedAfter, changedAfter, type FileTable } from '../support/tables.ts';
import { inferredYaml, withWorkspace } from '../support/workspaces.ts';

const SEED = 20_261_124;
const AT = '2023-10-16';
const SINCE = '2023-09-18';
const CUTOFF = Date.parse(AT);

const COMPANIES = [
  ['clock times and lower-case names', plainCompany(SEED, 80), PLAIN_QUERY],
  ['dates without clocks and CRM names', forceCompany(SEED, 100), FORCE_QUERY],
] as const;

const CHANGES: readonly (readonly [string, (of: readonly FileTable[]) => readonly FileTable[]])[] = [
  ['later rows removed', (of) => changedAfter(of, CUTOFF, 'remove', SEED)],
  ['later rows altered', (of) => changedAfter(of, CUTOFF, 'alter', SEED)],

  ['later cells altered', (of) => cellsChangedAfter(of, CUTOFF, SEED)],
];

describe.each(COMPANIES)('advice on a company, %s', (_, tables, query) => {
  let yaml = '';
  const asked = { query, at: AT, budget: 'quick', rungs: ['trees'] } as const;

  /** All three, with one model: the champion of the question. */
  async function advice(workspace: Workspace): Promise<unknown> {
    await workspace.train(asked);
    const { scores } = await workspace.score({ ...asked, since: SINCE });
    const changes = scores.map(({ entity, changes: found }) => ({ entity, found }));
    const whatIf = await workspace.whatIf({ ...asked, id: scores[0]!.entity });
    const { call, waiting, expected } = await workspace.priority({ ...asked, capacity: 10 });
    return { changes, whatIf, call, waiting, expected };
  }
  const advised = (of: readonly FileTable[]): Promise<unknown> => withWorkspace(of, yaml, advice);

  let before: unknown;
  beforeAll(async () => {
    yaml = await inferredYaml(tables);
    before = await advised(tables);
  });

  it('says something to lose', () => {
    const { changes, call } = before as {
      changes: { found: { delta: number; signals: unknown[] } | null }[];
      call: unknown[];
    };
    expect(changes.filter(({ found }) => found !== null && found.signals.length > 0).length).toBeGreaterThan(
      3,
    );
    expect(call).toHaveLength(10);
  });

  it.each(CHANGES)('is the same with %s', async (__, change) => {
    expect(await advised(change(tables))).toEqual(before);
  });

  it('what a score was does not depend on what came since', async () => {
    const since = Date.parse(SINCE);
    const was = (of: readonly FileTable[]): Promise<ReadonlyMap<string, number>> =>
      withWorkspace(of, yaml, async (workspace) => {
        const { model } = await workspace.train({ ...asked, at: SINCE });
        const { scores } = await workspace.score({ ...asked, since: SINCE, model: model.card.version });
        return new Map(scores.flatMap((s) => (s.changes ? [[s.entity, s.changes.before] as const] : [])));
      });
    const own = await was(tables);
    const other = await was(changedAfter(tables, since, 'alter', SEED));
    const both = [...own.keys()].filter((entity) => other.has(entity));
    expect(both.length).toBeGreaterThan(3);
    for (const entity of both) expect(other.get(entity)).toBe(own.get(entity));
  });
});
