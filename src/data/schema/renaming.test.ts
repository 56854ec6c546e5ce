/** Names are hints only: with every name replaced by a random word, clear keys, types and links are still found. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { day, type Fixture, inferFixture, moment, rows } from './raw.fixture.ts';
import type { WorkspaceConfig } from './types.ts';

const original: Fixture = {
  accounts: {
    columns: ['account_id', 'sector', 'created_at', 'revenue'],
    rows: rows(40, (i) => [`acc-${100 + i}`, ['a1', 'b1', 'c1'][i % 3]!, day(i), `$${i + 1}.5M`]),
  },
  leads: {
    columns: ['lead_id', 'account_id', 'created_at', 'job', 'agreed'],
    rows: rows(150, (i) => [
      `L${70000 + i * 3}`,
      `acc-${100 + (i % 40)}`,
      day(i % 60),
      [
        'VP Sales',
        'Data Analyst',
        'CTO',
        'Marketing Manager',
        'Finance Director',
        'Head of Design',
        'IT Manager',
      ][i % 7]!,
      i % 3 === 0 ? 'yes' : 'no',
    ]),
  },
  touches: {
    columns: ['touch_id', 'lead_id', 'at', 'rep_id', 'mail'],
    rows: rows(400, (i) => [
      `t_${900000 + i}`,
      `L${70000 + ((i * 7) % 150) * 3}`,
      moment(i % 80),
      `rep${1000 + (i % 25)}x`,
      `u${i % 90}@firm.example.com`,
    ]),
  },
};

const WORDS =
  'marl quint sorrel bract heath ember fjord copse dune larch moss vetch wold brine tarn ghyll fen scree thole quern spall'.split(
    ' ',
  );

/** Every distinct table and column name gets its own word. */
function rename(
  fixture: Fixture,
  words: readonly string[],
): { readonly fixture: Fixture; readonly word: (name: string) => string } {
  const names = [
    ...new Set(
      Object.entries(fixture).flatMap(([t, { columns }]) => [t, ...columns.map((c) => `${t}.${c}`)]),
    ),
  ];
  const given = new Map(names.map((n, i) => [n, words[i]!]));
  const word = (name: string): string => given.get(name)!;
  const entries = Object.entries(fixture).map(([t, f]) => [
    word(t),
    { ...f, columns: f.columns.map((c) => word(`${t}.${c}`)) },
  ]);
  return { fixture: Object.fromEntries(entries), word };
}

const shape = (config: WorkspaceConfig, back: (name: string) => string) =>
  config.schema.tables
    .filter((t) => t.origin.kind === 'file')
    .map((t) => ({
      table: back(t.name),
      key: t.key.map((k) => back(k)),
      time: t.time === undefined ? undefined : back(t.time),
      columns: t.columns.map((c) => `${back(c.name)} ${c.type} ${c.semantic} ${c.parse ?? ''}`),
      links: config.schema.links
        .filter((l) => l.from === t.name)
        .map((l) => l.columns.map(back).join())
        .sort(),
    }))
    .sort((a, b) => a.table.localeCompare(b.table));

it('finds the same schema under any names', async () => {
  const direct = shape(await inferFixture(original), (n) => n);
  const order = fc.shuffledSubarray(WORDS, { minLength: WORDS.length });
  await fc.assert(
    fc.asyncProperty(order, async (words) => {
      const { fixture, word } = rename(original, words);
      const named = new Map<string, string>();
      for (const [t, { columns }] of Object.entries(original)) {
        named.set(word(t), t);
        for (const c of columns) named.set(word(`${t}.${c}`), c);
      }
      expect(shape(await inferFixture(fixture), (n) => named.get(n) ?? n)).toEqual(direct);
    }),
    { seed: 11, numRuns: 8 },
  );
});
