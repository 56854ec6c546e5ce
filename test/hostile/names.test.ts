/**
 * Whatever tables, columns and cells are called, nothing leaves its quotes: with hostile names the scores are those of
 * the plain names, and with hostile keys and cells every entity is still labelled, scored and explained.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDuckdb } from '../../src/data/engine/duckdb.ts';
import { loadWorkspace } from '../../src/data/load/load.ts';
import type { WorkspaceConfig } from '../../src/data/schema/types.ts';
import { initWorkspace, openWorkspace, type Workspace } from '../../src/serve/scoring/workspace.ts';
import { PLAIN_QUERY, plainCompany } from '../support/companies.ts';
import { HOSTILE_CELLS, HOSTILE_NAMES, REPAIRED_NAMES } from '../support/hostile.ts';
import { type Naming, renamed, renamedQuery, renamedYaml } from '../support/renaming.ts';
import { type Cells, type FileTable, shuffled, writeTables } from '../support/tables.ts';
import { inferredYaml, inTempFolder, NOW, withWorkspace } from '../support/workspaces.ts';

const SEEDS = [1, 2];
const AT = '2023-10-02';
const COMPANY = plainCompany(20_260_320, 70);

/** Names drawn without repetition; file names cannot hold `/`. */
function namingFrom(corpus: readonly string[], seed: number): Naming {
  const draw = shuffled(corpus, seed);
  const tables = COMPANY.map((t) => t.name);
  const columns = [...new Set(COMPANY.flatMap((t) => t.header))];
  const map = new Map([...tables, ...columns].map((name, i) => [name, draw[i % draw.length]!]));
  const safe = (name: string): string => name.replaceAll('/', '∕');
  return {
    table: (name) => (map.has(name) ? safe(map.get(name)!) : name),
    column: (name) => map.get(name) ?? name,
  };
}

const quoted = ({ table, column }: Naming): Naming => ({
  table: (name) => `\`${table(name)}\``,
  column: (name) => `\`${column(name)}\``,
});

const countsOf = (tables: readonly FileTable[]): readonly number[] =>
  tables.map((t) => t.rows.length).sort((a, b) => a - b);

/** Rows of every file table after loading. */
async function keptRows(config: WorkspaceConfig, dir: string): Promise<readonly number[]> {
  const engine = await openDuckdb({ threads: 1 });
  try {
    const { tables } = await loadWorkspace(engine, config, dir, {}, { now: NOW });
    const files = new Set(config.schema.tables.filter((t) => t.origin.kind === 'file').map((t) => t.name));
    return tables
      .filter((t) => files.has(t.name))
      .map((t) => t.rowsKept)
      .sort((a, b) => a - b);
  } finally {
    await engine.close();
  }
}

async function throughAll(workspace: Workspace, query: string) {
  await workspace.check();
  const labels = await workspace.labels({ query });
  const options = { query, budget: 'quick' as const };
  const compared = await workspace.compare({ ...options, rungs: ['icp', 'logistic', 'trees'] });
  const { scores } = await workspace.score({ ...options, rungs: ['trees'], at: AT });
  const { champion: _, ...best } = await workspace.explain({
    ...{ ...options, rungs: ['trees'], at: AT },
    id: scores[0]!.entity,
  });
  expect(best).toEqual(scores[0]);
  return { labels, compared, scores };
}

let yaml = '';
let plain: Awaited<ReturnType<typeof throughAll>>;
beforeAll(async () => {
  yaml = await inferredYaml(COMPANY);
  plain = await withWorkspace(COMPANY, yaml, (w) => throughAll(w, PLAIN_QUERY));
});

describe('hostile names', () => {
  it.each(SEEDS)('give the scores of plain names (seed %i)', async (seed) => {
    const naming = namingFrom(HOSTILE_NAMES, seed);
    const hostile = await withWorkspace(renamed(COMPANY, naming), renamedYaml(yaml, naming), (w) =>
      throughAll(w, renamedQuery(PLAIN_QUERY, quoted(naming))),
    );
    expect(hostile.labels.splits).toEqual(plain.labels.splits);
    expect(hostile.compared.predictions).toEqual(plain.compared.predictions);
    expect(hostile.scores.map((s) => s.probability)).toEqual(plain.scores.map((s) => s.probability));
  });

  it.each(SEEDS)('are repaired and reported at init, and no row is lost (seed %i)', async (seed) => {
    const corpus = [...REPAIRED_NAMES, ...shuffled(HOSTILE_NAMES, seed)].slice(0, 30);
    const naming = namingFrom(corpus, seed);
    const tables = renamed(COMPANY, naming);
    await inTempFolder(async (dir) => {
      writeTables(
        join(dir, 'data'),
        tables.map((t, i) => ({ ...t, name: t.name.trim() === '' ? `blank ${i}` : t.name })),
      );
      const { config, file, warnings } = await initWorkspace([join(dir, 'data')], dir);
      expect(warnings.join('\n')).toMatch(/renamed/);
      const again = await openWorkspace(dir, { now: NOW });
      try {
        expect(again.config).toEqual(config);
        expect(file).toContain('leadlight.yaml');
        await again.check();
        expect(await keptRows(config, dir)).toEqual(countsOf(COMPANY));
      } finally {
        await again.close();
      }
    });
  });
});

const TEXTS = new Set(['name', 'industry', 'title', 'email', 'kind']);

/** Keys and texts replaced, one for one; times, stages and numbers stay. */
function withHostileCells(tables: readonly FileTable[], seed: number): readonly FileTable[] {
  const corpus = shuffled(HOSTILE_CELLS, seed);
  const known = new Map<string, string>();
  const replace = (name: string, cell: string): string => {
    if (cell === '' || !(name.endsWith('_id') || TEXTS.has(name))) return cell;
    const n = known.size;
    // Ids stay short enough for a key to be of use; the long cells stand in texts.
    const text = corpus[n % corpus.length]!.slice(0, name.endsWith('_id') ? 60 : undefined);
    const found = known.get(`${name} ${cell}`) ?? (name.endsWith('_id') ? `${text}#${cell}` : text);
    known.set(`${name} ${cell}`, found);
    return found;
  };
  return tables.map((t) => ({
    ...t,
    rows: t.rows.map(
      (row): Cells =>
        Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, replace(name, cell)])),
    ),
  }));
}

describe('hostile cells', () => {
  it.each(SEEDS)('lose no row on the way (seed %i)', async (seed) => {
    const tables = withHostileCells(COMPANY, seed);
    const { labels, scores } = await withWorkspace(tables, yaml, (w) => throughAll(w, PLAIN_QUERY));
    expect(labels.splits).toEqual(plain.labels.splits);
    expect(scores).toHaveLength(COMPANY[0]!.rows.length);
    expect(new Set(scores.map((s) => s.entity)).size).toBe(scores.length);
    await inTempFolder(async (dir) => {
      writeTables(join(dir, 'data'), tables);
      const { config } = await initWorkspace([join(dir, 'data')], dir);
      expect(await keptRows(config, dir)).toEqual(countsOf(COMPANY));
    });
  });

  it('written into a query do not leave their quotes', async () => {
    await withWorkspace(COMPANY, yaml, async (workspace) => {
      for (const cell of HOSTILE_CELLS.filter((c) => !/["'\\]/.test(c) && c.length < 1000)) {
        const query = `PREDICT COUNT(deals.* WHERE deals.stage = '${cell}', 0, 30, days) > 0 FOR EACH accounts.account_id`;
        await expect(workspace.labels({ query })).rejects.toMatchObject({ name: 'LeadlightError' });
      }
    });
  });
});
