/**
 * A column that must not decide is read by nothing: with its cells exchanged among the rows, scores, reasons and changes
 * are the same bit for bit; and a model that was allowed to read it answers another question. Rows here have clock
 * times: among rows of one moment the order of rows, on which draws depend, may turn on any cell.
 */
import { describe, expect, it } from 'vitest';
import { PLAIN_QUERY, plainCompany } from '../support/companies.ts';
import { type FileTable, shuffled } from '../support/tables.ts';
import { expectSame, inferredYaml, type Scored, scored, withWorkspace } from '../support/workspaces.ts';

const SEED = 20_261_123;
const AT = '2023-10-16';

const TABLES = plainCompany(SEED, 80);

const exchanged = (tables: readonly FileTable[], name: string): readonly FileTable[] => {
  const [table, column] = name.split('.') as [string, string];
  return tables.map((t) => {
    if (t.name !== table) return t;
    const cells = shuffled(
      t.rows.map((row) => row[column] ?? ''),
      SEED,
    );
    return { ...t, rows: t.rows.map((row, i) => ({ ...row, [column]: cells[i]! })) };
  });
};

/** Without who the contacts are, which is shown as on record and decides nothing. */
const decided = ({ scores, ...head }: Scored): Scored => ({
  ...head,
  scores: scores.map((s) => ({ ...s, contacts: null })),
});

describe.each(['accounts.industry', 'contacts.title'])('without %s', (column) => {
  it('scores do not depend on its cells, and with it they do', async () => {
    const yaml = await inferredYaml(TABLES);
    const open = { query: PLAIN_QUERY, at: AT, rungs: ['trees'] };
    const options = { ...open, exclude: [column] };
    const before = await scored(TABLES, yaml, options);
    const after = await scored(exchanged(TABLES, column), yaml, options);
    expectSame(decided(after), decided(before));
    const reading = await scored(TABLES, yaml, open);
    expect(reading.scores.map((s) => s.probability)).not.toEqual(before.scores.map((s) => s.probability));
  });
});

it('a model that reads a column does not score for those who leave it out, nor the other way round', async () => {
  await withWorkspace(TABLES, await inferredYaml(TABLES), async (workspace) => {
    const asked = { query: PLAIN_QUERY, at: AT, budget: 'quick', rungs: ['trees'] } as const;
    const excluding = { ...asked, exclude: ['accounts.industry'] };
    const { model } = await workspace.train(asked);
    expect((await workspace.score(excluding)).model.status).toBeNull();
    expect((await workspace.score(asked)).model.version).toBe(model.card.version);
    await expect(workspace.score({ ...excluding, model: model.card.version })).rejects.toMatchObject({
      code: 'MODEL_UNFIT',
    });
  });
});
