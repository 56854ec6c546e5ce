import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckdb } from '../../src/data/engine/duckdb.ts';
import type { Engine } from '../../src/data/engine/types.ts';
import { loadWorkspace } from '../../src/data/load/load.ts';
import type { Column, WorkspaceConfig } from '../../src/data/schema/types.ts';
import { attachRaw } from '../../src/data/sources/attach.ts';
import { quoteName } from '../../src/data/sql/print.ts';

const piece = fc.oneof(
  fc.constantFrom(
    "'",
    '"',
    '`',
    '\\',
    ';',
    '--',
    '/*',
    ',',
    '\n',
    '$1',
    '?',
    '%',
    '|',
    'é',
    '漢',
    '👩',
    '"; DROP SCHEMA raw; --',
  ),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 5 }),
);
/** Starts with a letter, so that trimming, header guessing and the reserved prefix do not come in. */
const hostile = fc.array(piece, { maxLength: 4 }).map((parts) => `x${parts.join('')}x`);
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

describe('hostile tables (seed 77)', () => {
  let engine: Engine;
  let folder: string;
  beforeAll(async () => {
    engine = await openDuckdb({ threads: 2 });
    folder = await mkdtemp(join(tmpdir(), 'leadlight-hostile-'));
  });
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('names, keys and cells survive file, raw table and loading', async () => {
    await fc.assert(
      fc.asyncProperty(
        hostile,
        hostile,
        fc.uniqueArray(hostile, { minLength: 1, maxLength: 4 }),
        async (name, header, cells) => {
          const path = join(folder, 'hostile.csv');
          await writeFile(
            path,
            [`${quoted(header)},n`, ...cells.map((c, i) => `${quoted(c)},${i}`)].join('\n'),
          );
          const [raw] = await attachRaw(engine, [{ name, path, format: 'csv' }], folder);
          const key = raw!.columns[0]!.name;
          expect(key).toBe(header.replace(/\n+/g, ' '));
          await loadWorkspace(engine, selfLinked(name, key, path), folder);
          const rows = await engine.rows(
            `SELECT ${quoteName(key, 'duckdb')} AS v, "__id" AS id, ${quoteName(`__fk_${name}`, 'duckdb')} AS fk FROM data.${quoteName(name, 'duckdb')} ORDER BY "__row"`,
          );
          expect(rows).toEqual(cells.map((c, i) => ({ v: c, id: c, fk: i })));
          await engine.run('DROP SCHEMA raw CASCADE; DROP SCHEMA data CASCADE');
        },
      ),
      { seed: 77, numRuns: 60 },
    );
  });
});

/** One table whose key column also links to itself. */
function selfLinked(name: string, key: string, path: string): WorkspaceConfig {
  const column: Column = { name: key, type: 'text', semantic: 'key' };
  return {
    version: 1,
    timeZone: 'UTC',
    schema: {
      tables: [
        {
          name,
          origin: { kind: 'file', path, format: 'csv' },
          key: [key],
          role: 'entity',
          columns: [column],
        },
      ],
      links: [{ name, from: name, columns: [key], to: name }],
      derivedLinks: [],
    },
    targets: [],
    integrations: [],
    pointRules: [],
    playbook: [],
  };
}
