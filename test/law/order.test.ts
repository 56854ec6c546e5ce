/**
 * What must not matter to a score: the order of rows and columns in files, threads, the names of tables and columns,
 * and which id stands for which entity.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { FORCE_QUERY, forceCompany, PLAIN_QUERY, plainCompany } from '../support/companies.ts';
import { type Naming, randomNaming, renamed, renamedQuery, renamedYaml } from '../support/renaming.ts';
import { permutedIds, reordered } from '../support/tables.ts';
import { expectSame, inferredYaml, type Scored, scored } from '../support/workspaces.ts';

const SEED = 20_260_312;
const AT = '2023-10-02';

const COMPANIES = [
  {
    name: 'clock times and lower-case names',
    tables: plainCompany(SEED, 150),
    query: PLAIN_QUERY,
    references: ['account_id'],
    entity: 'accounts',
  },
  {
    name: 'dates without clocks and CRM names',
    tables: forceCompany(SEED, 200),
    query: FORCE_QUERY,
    references: ['LeadId', 'WhoId'],
    entity: 'Lead',
  },
] as const;

const probabilities = (s: Scored): ReadonlyMap<string, number> =>
  new Map(s.scores.map((x) => [x.entity, x.probability]));

describe.each(COMPANIES)('scores of a company, $name', ({ tables, query, references, entity }) => {
  const options = { query, at: AT };
  let yaml = '';
  let before: Scored;
  beforeAll(async () => {
    yaml = await inferredYaml(tables);
    before = await scored(tables, yaml, options);
  });

  it('are the same bytes with rows and columns in another order, and with two threads', async () => {
    expectSame(await scored(reordered(tables, SEED), yaml, options, 2), before);
  });

  it('differ with another seed', async () => {
    const other = await scored(tables, yaml, { ...options, seed: 2 });
    expect(probabilities(other)).not.toEqual(probabilities(before));
  });

  it('follow the entity when ids are exchanged', async () => {
    const { tables: changed, idOf } = permutedIds(tables, entity, references, SEED);
    const after = probabilities(await scored(changed, yaml, options));
    const expected = [...probabilities(before)].map(([was, p]) => [idOf(was), p] as const);
    expect(after).toEqual(new Map(expected));
  });

  it('keep their probabilities when tables and columns have other names', async () => {
    const naming: Naming = randomNaming(tables, SEED);
    const after = await scored(renamed(tables, naming), renamedYaml(yaml, naming), {
      ...options,
      query: renamedQuery(query, naming),
    });
    expect(probabilities(after)).toEqual(probabilities(before));
  });
});
