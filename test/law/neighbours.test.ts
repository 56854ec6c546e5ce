/**
 * Rows beside a row in order of creation and rows with its values: equal to plain loops under ties, blind to what came
 * later, the same bytes from a state in a file.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDuckdb } from '../../src/data/engine/duckdb.ts';
import type { Engine } from '../../src/data/engine/types.ts';
import type { Column, Schema } from '../../src/data/schema/types.ts';
import { applyOrder, learnOrder } from '../../src/learn/features/derive/order.ts';
import type {
  DeriveInput,
  LearnInput,
  OrderFormula,
  OrderState,
} from '../../src/learn/features/derive/types.ts';
import type { FeaturePlan, PlanInput } from '../../src/learn/features/plan-types.ts';
import { createSnapshots } from '../../src/learn/features/prepare.ts';
import { createRandom } from '../../src/util/random.ts';
import { loadSnapshots } from '../support/shop.ts';

const SEED = 20_260_902;
const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const TABLE = 'select "x';
const KIND = 'größe, "kind"';
const SUM = 'order by';

interface Entry {
  readonly id: string;
  /** Hours; several rows share one. */
  readonly at: number;
  /** Hours. */
  readonly known: number;
  readonly kind: string | null;
  readonly sum: number | null;
}

const schemaOf = (dated: boolean): Schema => {
  const column = (name: string, semantic: Column['semantic'], type: Column['type']): Column => ({
    name,
    semantic,
    type,
  });
  return {
    tables: [
      {
        name: TABLE,
        origin: { kind: 'file', path: 'x.csv', format: 'csv' },
        key: ['id'],
        role: 'entity',
        columns: [
          column('id', 'key', 'text'),
          column('at', 'timestamp', 'timestamp'),
          column(KIND, 'categorical', 'text'),
          column(SUM, 'numeric', 'integer'),
        ],
        ...(dated ? { time: 'at' } : {}),
      },
    ],
    links: [],
    derivedLinks: [],
  };
};

function entriesOf(seed: number, count = 160): readonly Entry[] {
  const random = createRandom(seed);
  let [at, kind] = [0, 'a'];
  return Array.from({ length: count }, (_, i) => {
    if (random.next() < 0.4) at += 1 + random.int(3);
    if (random.next() < 0.5) kind = ['a', 'b', "c'", 'ü "'][random.int(4)]!;
    return {
      id: `L-${1000 + i}`,
      at,
      known: at + (random.next() < 0.1 ? random.int(60) : 0),
      kind: random.next() < 0.1 ? null : kind,
      sum: random.next() < 0.1 ? null : random.int(80),
    };
  });
}

const stamp = (hours: number): string =>
  `TIMESTAMP '${new Date(START + hours * HOUR).toISOString().slice(0, 19).replace('T', ' ')}'`;
const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const text = (value: string | null): string => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);

async function load(entries: readonly Entry[], dated: boolean): Promise<Engine> {
  const engine = await openDuckdb({ threads: 2, memoryLimitMb: 500 });
  await engine.run('CREATE SCHEMA data; CREATE SCHEMA task');
  await engine.run(
    `CREATE TABLE data.${name(TABLE)} (__row BIGINT, __id VARCHAR, __time TIMESTAMP, __known TIMESTAMP, id VARCHAR, "at" TIMESTAMP, ${name(KIND)} VARCHAR, ${name(SUM)} BIGINT)`,
  );
  const values = entries.map((e, i) => {
    const times = dated ? `${stamp(e.at)}, ${stamp(e.known)}` : `NULL, TIMESTAMP '-infinity'`;
    return `(${i}, ${text(e.id)}, ${times}, ${text(e.id)}, ${stamp(e.at)}, ${text(e.kind)}, ${e.sum ?? 'NULL'})`;
  });
  await engine.run(`INSERT INTO data.${name(TABLE)} VALUES ${values.join(', ')}`);
  return engine;
}

interface Asked {
  readonly entries: readonly Entry[];
  readonly pairs: readonly (readonly [row: number, hours: number])[];
  readonly dated: boolean;
}

async function withInput<T>(asked: Asked, use: (input: LearnInput) => Promise<T>): Promise<T> {
  const { entries, pairs, dated } = asked;
  const engine = await load(entries, dated);
  try {
    await loadSnapshots(
      engine,
      pairs.map(([row, hours]) => [row, START + hours * HOUR]),
    );
    await createSnapshots(engine, { moment: START + 1e4 * HOUR });
    const planned: PlanInput = {
      schema: schemaOf(dated),
      entityTable: TABLE,
      static: !dated,
      asOf: START + 1e4 * HOUR,
      withheld: new Set(),
      entityGiven: false,
      maxColumns: 60,
      maxSources: 2,
    };
    const plan: FeaturePlan = {
      input: planned,
      statics: [],
      sources: [],
      outcomes: [],
      ratios: [],
      estimate: { seconds: 0, memoryMb: 0 } as FeaturePlan['estimate'],
      notes: [],
    };
    const all = Int32Array.from(pairs.keys());
    return await use({
      engine,
      plan,
      matrix: { rows: pairs.length, columns: [], data: [] },
      rows: {
        entityRow: Int32Array.from(pairs, ([row]) => row),
        entityId: pairs.map(([row]) => entries[row]!.id),
        cutoff: Float64Array.from(pairs, ([, hours]) => (dated ? START + hours * HOUR : Number.NaN)),
        population: new Int32Array(pairs.length),
      },
      control: {},
      train: all,
      labels: {
        value: Float64Array.from(pairs, ([row]) => (labelled(entries, row) ? 1 : 0)),
        known: new Float64Array(pairs.length),
        type: 'binary',
      },
      seed: 1,
      budget: 'normal',
    });
  } finally {
    await engine.close();
  }
}

/** Rows of the same kind as the one before them. */
const labelled = (entries: readonly Entry[], row: number): boolean =>
  row > 0 && entries[row]!.kind !== null && entries[row]!.kind === entries[row - 1]!.kind;

const FORMULAS: readonly OrderFormula[] = [
  ...(['previous', 'next'] as const).flatMap((side): readonly OrderFormula[] => [
    { kind: 'same', side, column: KIND },
    { kind: 'agree', side, columns: [KIND, SUM] },
    { kind: 'gap', side },
  ]),
  { kind: 'run', columns: [KIND] },
  { kind: 'frequency', columns: [SUM] },
  { kind: 'frequency', columns: [KIND, SUM] },
];

const stateOf = (formulas: readonly OrderFormula[], dated: boolean): OrderState => ({
  ...(dated ? {} : { serial: 'id' }),
  columns: formulas.map((formula, i) => ({
    formula,
    meta: {
      ...{ name: `f${i}`, kind: 'numeric', family: 'sequence', scope: 'flat', signal: 'other', path: [] },
      ...{ table: TABLE, primitive: formula.kind, sentence: `f${i}` },
    },
  })),
});

const applied = async (input: DeriveInput, state: OrderState): Promise<readonly (readonly number[])[]> =>
  (await applyOrder(input, state)).data.map((d) => [...d]);

/** What a plain loop finds for one question. */
function expected({ entries, dated }: Asked, row: number, hours: number): readonly number[] {
  const place = (i: number): number => (dated ? entries[i]!.at : i);
  const known = entries.flatMap((e, i) => (!dated || e.known <= hours ? [i] : []));
  if (!known.includes(row)) return FORMULAS.map(() => Number.NaN);
  const own = entries[row]!;
  const places = [...new Set(known.map(place))].sort((a, b) => a - b);
  const here = places.indexOf(place(row));
  const rowsAt = (p: number): readonly number[] => known.filter((i) => i !== row && place(i) === places[p]);
  const near = (side: 1 | -1): readonly number[] =>
    rowsAt(here).length > 0 ? rowsAt(here) : rowsAt(here + side);
  const beside = (found: readonly number[]): readonly number[] => {
    const rows = found.map((i) => entries[i]!);
    if (rows.length === 0 || rows.length > 32) return [Number.NaN, Number.NaN, Number.NaN];
    const kinds = rows.filter((o) => own.kind !== null && own.kind === o.kind).length;
    const sums = rows.filter((o) => own.sum !== null && own.sum === o.sum).length;
    const gap = dated
      ? Math.abs(own.at - rows[0]!.at) / 24
      : Math.abs(Number(own.id.slice(2)) - Number(rows[0]!.id.slice(2)));
    return [own.kind === null ? Number.NaN : kinds / rows.length, (kinds + sums) / rows.length, gap];
  };
  const others = known.filter((i) => i !== row).map((i) => entries[i]!);
  const alike = (p: number): boolean => rowsAt(p).some((i) => entries[i]!.kind === own.kind);
  let run = 1;
  for (let p = here - 1; alike(p); p--) run++;
  if (!dated) for (let p = here + 1; alike(p); p++) run++;
  return [
    ...beside(near(-1)),
    ...beside(dated ? [] : near(1)),
    run,
    own.sum === null ? Number.NaN : others.filter((o) => o.sum === own.sum).length,
    others.filter((o) => o.sum === own.sum && o.kind === own.kind).length,
  ].map(Math.fround);
}

function askedOf(seed: number, dated: boolean): Asked {
  const random = createRandom(seed + 1);
  const entries = entriesOf(seed);
  const pairs = entries.flatMap((e, i) => {
    const later = [e.at, e.known, e.at + random.int(40)];
    return dated ? later.map((hours) => [i, hours] as const) : [[i, 0] as const];
  });
  return { entries, pairs, dated };
}

const seeds = fc.integer({ min: 1, max: 1e6 });

describe('rows beside in order, and rows of the same values', () => {
  it.each([
    ['dated', true],
    ['numbered', false],
  ] as const)(`are those of a plain loop, %s (seed ${SEED})`, async (_, dated) => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const asked = askedOf(seed, dated);
        const found = await withInput(asked, (input) => applied(input, stateOf(FORMULAS, dated)));
        asked.pairs.forEach(([row, hours], q) => {
          expect(found.map((values) => values[q])).toEqual(expected(asked, row, hours));
        });
      }),
      { seed: SEED, numRuns: 4 },
    );
  });

  it(`do not change with what is known later (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.constantFrom('remove', 'alter', 'add'), async (seed, change) => {
        const before = askedOf(seed, true);
        const at = 40;
        const pairs = before.pairs.filter(
          ([row, hours]) => hours <= at && before.entries[row]!.known <= hours,
        );
        const other = { kind: 'z', sum: 7 };
        // Rows keep their numbers: those removed are replaced by ones that are never known by the cutoff.
        const entries = before.entries.map((e) =>
          e.known <= at
            ? e
            : { ...e, ...(change === 'alter' ? other : change === 'remove' ? { known: 1e5 } : {}) },
        );
        const added =
          change === 'add' ? entries.map((e, i) => ({ ...e, ...other, id: `M-${i}`, known: at + 1 })) : [];
        const state = stateOf(
          FORMULAS.filter((f) => !('side' in f) || f.side === 'previous'),
          true,
        );
        const made = (list: readonly Entry[]) =>
          withInput({ entries: list, pairs, dated: true }, (input) => applied(input, state));
        expect(await made([...entries, ...added])).toEqual(await made(before.entries));
      }),
      { seed: SEED, numRuns: 6 },
    );
  });

  it(`do not know which key a row of one moment has (seed ${SEED})`, async () => {
    const asked = askedOf(SEED, true);
    const backwards = asked.entries.map((e, i) => ({ ...e, id: `Z${9000 - i}` }));
    const made = (entries: readonly Entry[]) =>
      withInput({ ...asked, entries }, (input) => applied(input, stateOf(FORMULAS, true)));
    expect(await made(backwards)).toEqual(await made(asked.entries));
  });

  it(`are chosen on training rows, never the next row of a dated task (seed ${SEED})`, async () => {
    const asked = askedOf(SEED, true);
    const { state } = await withInput(asked, (input) => learnOrder(input));
    const formulas = state!.columns.map((c) => c.formula);
    expect(formulas).toContainEqual({ kind: 'same', side: 'previous', column: KIND });
    expect(formulas.some((f) => 'side' in f && f.side === 'next')).toBe(false);
    expect(state!.columns.every((c) => c.meta.scope === 'flat')).toBe(true);
  });

  it(`a state from a file makes the same bytes; a text of prefix and digits orders undated rows (seed ${SEED})`, async () => {
    const asked = askedOf(SEED, false);
    await withInput(asked, async (input) => {
      const { state } = await learnOrder(input);
      expect(state!.serial).toBe('id');
      const again = JSON.parse(JSON.stringify(state)) as OrderState;
      expect(await applied(input, again)).toEqual(await applied(input, state!));
    });
  });

  it(`labels of no relation choose nothing (seed ${SEED})`, async () => {
    const asked = askedOf(SEED, true);
    await withInput(asked, async (input) => {
      const labels = { ...input.labels, value: new Float64Array(asked.pairs.length) };
      expect((await learnOrder({ ...input, labels })).state).toBeUndefined();
    });
  });
});
