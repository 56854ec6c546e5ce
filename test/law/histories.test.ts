/**
 * Histories as events: how often a value changed, how long ago, from what; later changes may go, change or come without
 * changing one cell.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schema, Table } from '../../src/data/schema/types.ts';
import { planFeatures } from '../../src/learn/features/plan.ts';
import type { FeaturePlan, PlanInput } from '../../src/learn/features/plan-types.ts';
import { createSnapshots } from '../../src/learn/features/prepare.ts';
import { computeFeatures } from '../../src/learn/features/run.ts';
import type { FeatureMatrix } from '../../src/learn/features/types.ts';
import { createRandom } from '../../src/util/random.ts';
import { loadShop, loadSnapshots, START, shopRows, shopSchema } from '../support/shop.ts';

const DAY = 86_400_000;
const SEED = 20_260_511;
const FIRMS = 14;
const CUTOFF = START + 180 * DAY;
const LOG = 'moves of "grade"';
const LINK = `${LOG}.firm_id`;
const GRADES = ['new', "o'k", 'β', 'gone'];

interface Move {
  readonly at: number;
  readonly firm: number;
  readonly grade: string;
}

const key = (name: string) => ({ name, type: 'text', semantic: 'key' }) as const;
const stamp = (name: string) => ({ name, type: 'timestamp', semantic: 'timestamp' }) as const;

const log: Table = {
  name: LOG,
  origin: { kind: 'file', path: 'moves.csv', format: 'csv' },
  key: ['move_id'],
  role: 'history',
  time: 'at',
  columns: [
    key('move_id'),
    stamp('at'),
    key('firm_id'),
    { name: 'grade', type: 'text', semantic: 'categorical' },
  ],
};

/** Firms have a grade dated by the log, one known from the time beside it, and one whose values have times of their own. */
const schema: Schema = {
  ...shopSchema,
  tables: [
    ...shopSchema.tables.map((t): Table => {
      if (t.name !== 'firms') return t;
      const grade = { name: 'grade', type: 'text', semantic: 'categorical', mutable: 'a state' } as const;
      const history = { kind: 'table', table: LOG, link: LINK, value: 'grade', time: 'at' } as const;
      const boolean = { type: 'boolean', semantic: 'boolean', mutable: 'a state' } as const;
      return {
        ...t,
        columns: [
          ...t.columns,
          { ...grade, history },
          stamp('flag at'),
          { ...boolean, name: 'flag', history: { kind: 'changedAt', column: 'flag at' } },
          { ...grade, name: 'stand', history: { kind: 'valueTimes', times: { shut: 'flag at' } } },
        ],
      };
    }),
    log,
  ],
  links: [...shopSchema.links, { name: LINK, from: LOG, columns: ['firm_id'], to: 'firms' }],
};

interface Case {
  readonly seed: number;
  readonly moves: readonly Move[];
  /** Per firm, when its flag was raised. */
  readonly flagged: readonly number[];
}

function caseOf(seed: number): Case {
  const random = createRandom(seed);
  const moment = (): number => (random.next() < 0.1 ? CUTOFF : START + random.int(240 * 24) * 3_600_000);
  return {
    seed,
    moves: Array.from({ length: FIRMS * 9 }, () => ({
      at: moment(),
      firm: random.int(FIRMS),
      grade: GRADES[random.int(GRADES.length)]!,
    })),
    flagged: Array.from({ length: FIRMS }, moment),
  };
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const at = (ms: number): string => `TIMESTAMP '${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}'`;

async function featuresOf(c: Case, given?: FeaturePlan) {
  const rows = shopRows(c.seed, FIRMS, 240);
  const engine = await loadShop({ ...rows, firms: rows.firms.map((f) => ({ ...f, at: START })) });
  try {
    const flags = c.flagged.map((ms, i) => `(${i}, ${at(ms)})`).join(', ');
    await engine.run(`CREATE OR REPLACE TABLE data.firms AS SELECT f.*, 'gone' AS grade, v.t AS "flag at", true AS flag,
      'shut' AS stand FROM data.firms f JOIN (VALUES ${flags}) v(r, t) ON v.r = f.__row`);
    const lines = c.moves.map(
      (m, i) =>
        `(${i}, 'm${i}', ${at(m.at)}, ${at(m.at)}, NULL, ${at(m.at)}, 'm${i}', ${at(m.at)}, 'f${m.firm}', ${text(m.grade)}, ${m.firm})`,
    );
    await engine.run(`CREATE TABLE data."${LOG.replaceAll('"', '""')}" (__row BIGINT, __id VARCHAR, __time TIMESTAMP,
      __known TIMESTAMP, __end TIMESTAMP, __label_time TIMESTAMP, move_id VARCHAR, "at" TIMESTAMP, firm_id VARCHAR,
      grade VARCHAR, "__fk_${LINK.replaceAll('"', '""')}" BIGINT)`);
    await engine.run(`INSERT INTO data."${LOG.replaceAll('"', '""')}" VALUES ${lines.join(', ')}`);
    await loadSnapshots(
      engine,
      Array.from({ length: FIRMS }, (_, i) => [i, CUTOFF] as const),
    );
    await createSnapshots(engine, { moment: CUTOFF });
    const input: PlanInput = {
      ...{ schema, entityTable: 'firms', static: false, horizonDays: 30, asOf: CUTOFF, withheld: new Set() },
      ...{ entityGiven: false, maxColumns: 500, maxSources: 24 },
    };
    const plan = given ?? (await planFeatures(engine, input));
    return { plan, matrix: await computeFeatures(engine, plan, FIRMS, { outcomes: false }) };
  } finally {
    await engine.close();
  }
}

const cells = (m: FeatureMatrix): readonly unknown[] => m.columns.map((c, i) => [c.name, [...m.data[i]!]]);

/** The column of the log with this primitive over all time. */
function told({ columns, data }: FeatureMatrix, primitive: string): Float32Array {
  const i = columns.findIndex(
    (c) => c.table === LOG && c.primitive === primitive && c.windowDays === undefined,
  );
  if (i < 0) throw new Error(`no ${primitive} of ${LOG}`);
  return data[i]!;
}

describe('histories', () => {
  it(`tell how many changes there were, the days since the last, and what was before it (seed ${SEED})`, async () => {
    const c = caseOf(SEED);
    const { matrix } = await featuresOf(c);
    const seen = Array.from({ length: FIRMS }, (_, firm) =>
      c.moves.filter((m) => m.firm === firm && m.at <= CUTOFF),
    );
    expect([...told(matrix, 'count')]).toEqual(seen.map((moves) => moves.length));
    const since = seen.map((moves) => (CUTOFF - Math.max(...moves.map((m) => m.at))) / DAY);
    expect([...told(matrix, 'sinceLast')]).toEqual(since.map(Math.fround));
    const made = matrix.columns.map((m) => `${m.table}.${m.column} ${m.primitive}`);
    expect(made).toContain(`${LOG}.grade previous`);
    // A value known from a time beside it: the value, and the days since it changed.
    expect(made).toContain('firms.flag boolean');
    expect(made).toContain('firms.flag at ageDays');
    const days = matrix.data[made.indexOf('firms.flag at ageDays')]!;
    const known = c.flagged.map((ms) => (ms <= CUTOFF ? Math.fround((CUTOFF - ms) / DAY) : Number.NaN));
    expect([...days]).toEqual(known);
  });

  it(`say nothing of changes after the cutoff (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom('remove', 'alter', 'add'),
        async (seed, change) => {
          const c = caseOf(seed);
          const late = (m: Move): boolean => m.at > CUTOFF;
          const altered = c.moves.map((m) => (late(m) ? { at: m.at + DAY, firm: 0, grade: GRADES[3]! } : m));
          const moves = {
            remove: c.moves.filter((m) => !late(m)),
            alter: altered,
            add: [...c.moves, ...c.moves.map((m) => ({ ...m, at: CUTOFF + 1000 }))],
          }[change];
          const flagged = c.flagged.map((ms) => (ms > CUTOFF ? ms + 9 * DAY : ms));
          const before = await featuresOf(c);
          const after = await featuresOf({ ...c, moves, flagged });
          expect(cells(after.matrix)).toEqual(cells(before.matrix));
        },
      ),
      { seed: SEED, numRuns: 5 },
    );
  }, 240_000);
});
