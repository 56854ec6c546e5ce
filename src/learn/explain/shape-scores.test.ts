import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../data/engine/types.ts';
import type { FeatureColumn } from '../features/types.ts';
import { type ScoredRows, shapeScores } from './shape-scores.ts';
import { linkOf, openSmall, tableOf, textColumn } from './small-database.fixture.ts';

const MARCH = Date.parse('2024-03-01T00:00:00Z');
const WORDING = { entities: 'patients', outcome: 'came back', currency: '' };

let engine: Engine;
afterEach(() => engine.close());

const columns: readonly FeatureColumn[] = [
  {
    ...{ name: 'visits.count.14d', kind: 'numeric', family: 'windows', scope: 'own', signal: 'engagement' },
    ...{ path: [{ link: 'visits.patients', direction: 'down', table: 'visits' }], table: 'visits' },
    ...{ primitive: 'count', windowDays: 14, unit: 'count', sentence: 'visits in the last 14 days' },
  },
  {
    ...{ name: 'visits.count.ever', kind: 'numeric', family: 'windows', scope: 'own', signal: 'engagement' },
    ...{ path: [{ link: 'visits.patients', direction: 'down', table: 'visits' }], table: 'visits' },
    ...{ primitive: 'count', unit: 'count', sentence: 'visits ever' },
  },
  {
    ...{
      name: 'visits.sinceLast',
      kind: 'numeric',
      family: 'recency',
      scope: 'relational',
      signal: 'silence',
    },
    ...{ path: [{ link: 'visits.patients', direction: 'down', table: 'visits' }], table: 'visits' },
    ...{ primitive: 'sinceLast', unit: 'days', sentence: 'days since the last of the visits' },
  },
  {
    ...{ name: 'patients.ward', kind: 'categorical', categories: ['north', 'south'], family: 'static' },
    ...{ scope: 'record', signal: 'profile', path: [], table: 'patients', column: 'ward' },
    ...{ primitive: 'category', sentence: 'ward' },
  },
];

async function scoredRows(more: Partial<ScoredRows> = {}): Promise<ScoredRows> {
  const patients = {
    table: tableOf('patients', 'entity', [textColumn('full_name')]),
    rows: [
      { id: 'p0', time: '2024-01-01', cells: ['Ann'] },
      { id: 'p1', time: '2024-01-01', cells: ['Bo'] },
    ],
  };
  const visits = {
    table: tableOf('visits', 'event'),
    rows: [
      { id: 'v0', time: '2024-02-20', to: [0] },
      { id: 'v1', time: '2024-02-25', to: [0] },
      { id: 'v2', time: '2024-01-10', to: [1] },
      { id: 'v3', time: '2024-03-02', to: [1] },
    ],
  };
  const opened = await openSmall([patients, visits], [linkOf('visits', 'patients')]);
  engine = opened.engine;
  const data = [
    [2, 0],
    [2, 1],
    [5, 51],
    [0, Number.NaN],
  ].map((v) => Float32Array.from(v));
  const values = [
    [1, -0.5],
    [0.25, 0],
    [0.25, -1],
    [0.5, 0.5],
  ].map((v) => Float64Array.from(v));
  const train = {
    matrix: { rows: 12, columns, data: columns.map(() => Float32Array.from({ length: 12 }, () => 0)) },
    label: Array.from({ length: 12 }, (_, i) => (i < 3 ? 1 : 0)),
  };
  return {
    ...{ ...opened, entityTable: 'patients', entityId: ['p0', 'p1'], playbook: [], train },
    anchors: [0, 1].map((entityRow) => ({ entityRow, cutoff: MARCH })),
    probability: Float32Array.of(0.75, 0.25),
    matrix: { rows: 2, columns, data },
    attribution: { base: 0, values },
    ...more,
  };
}

describe('shaping scores on a schema of its own', () => {
  it('gives reasons with values, shares and the rows behind them', async () => {
    const [first, second] = await shapeScores(await scoredRows(), { wording: WORDING });
    expect(first).toMatchObject({
      ...{ entity: 'p0', names: { full_name: 'Ann' }, cutoff: '2024-03-01T00:00:00.000Z', contacts: null },
      ...{ probability: 0.75, percentile: 75, band: 'B', fit: 50, engagement: 75, trend: null },
      ...{
        key_signal: '2 visits in the last 14 days, ward: north',
        action: expect.stringMatching(/^[a-z]/i),
      },
    });
    expect(first!.reasons).toEqual([
      {
        ...{ signal: 'engagement', share: 0.625, direction: 'up' },
        sentence: '2 visits in the last 14 days; average: 0 (n=12)',
        evidence: [{ table: 'visits', ids: ['v1', 'v0'] }],
      },
      {
        ...{ signal: 'profile', share: 0.25, direction: 'up' },
        sentence: 'Ward: north; 25 % of such patients came back (n=12)',
        evidence: [{ table: 'patients', ids: ['p0'] }],
      },
      {
        ...{ signal: 'silence', share: 0.125, direction: 'up' },
        sentence: 'Last of the visits 5 days ago; typical: 0 days (n=12)',
        evidence: [{ table: 'visits', ids: ['v1', 'v0'] }],
      },
    ]);
    expect(second!.reasons.map((r) => [r.sentence, r.evidence])).toEqual([
      ['Silent for 51 days after 1 visit; typical: 0 days (n=12)', [{ table: 'visits', ids: ['v2'] }]],
      ['No visits in the last 14 days; average: 0 (n=12)', []],
      ['No ward on record', [{ table: 'patients', ids: ['p1'] }]],
    ]);
    expect(second!.key_signal).toBe('no ward on record, but silent for 51 days after 1 visit');
  });

  it('takes trend and record-only probability from the predictions given', async () => {
    const scored = await scoredRows({
      earlier: Float32Array.of(0.5, Number.NaN),
      firmographicOnly: Float32Array.of(0.5, 0.125),
    });
    const scores = await shapeScores(scored);
    expect(scores.map((s) => [s.trend, s.firmographic_only])).toEqual([
      ['rising', 0.5],
      ['new', 0.125],
    ]);
  });

  it('shapes some rows within the population of all, and evidence only for the highest', async () => {
    const scored = await scoredRows();
    const [only] = await shapeScores(scored, { rows: [1] });
    expect(only).toMatchObject({ entity: 'p1', percentile: 25, fit: 50 });
    const scores = await shapeScores(scored, { evidenceRows: 1 });
    expect(scores.map((s) => s.reasons.some((r) => r.evidence.length > 0))).toEqual([true, false]);
  });

  it('asks how rows were only where changes are told, and gives each its own past', async () => {
    const { matrix, ...scored } = await scoredRows({ probability: Float32Array.of(0.25, 0.75) });
    const asked: (readonly number[])[] = [];
    const earlierRows: ScoredRows['earlierRows'] = async (rows) => {
      asked.push(rows);
      return {
        matrix: { ...matrix, rows: rows.length, data: matrix.data.map((d) => d.slice(0, rows.length)) },
        attribution: { base: 0, values: columns.map(() => new Float64Array(rows.length)) },
        cutoff: rows.map((row) => MARCH - (row + 1) * 86_400_000),
        probability: rows.map((row) => (row === 0 ? 0.125 : 0.5)),
        probabilities: true,
      };
    };
    const told = async (evidenceRows: number) => {
      const scores = await shapeScores({ ...scored, matrix, earlierRows }, { evidenceRows });
      return scores.map(
        ({ changes }) => changes && [changes.since.slice(0, 10), changes.before, changes.delta],
      );
    };
    expect(await told(2)).toEqual([
      ['2024-02-29', 0.125, 0.125],
      ['2024-02-28', 0.5, 0.25],
    ]);
    expect(await told(1)).toEqual([null, ['2024-02-28', 0.5, 0.25]]);
    expect(asked).toEqual([[1, 0], [1]]);
  });

  it('says nothing it cannot know from a model without attributions', async () => {
    const { attribution: _, ...scored } = await scoredRows();
    const [first] = await shapeScores(scored);
    expect(first).toMatchObject({ fit: null, engagement: null, key_signal: '', reasons: [] });
  });

  it('changes nothing when rows known after the cutoff are removed', async () => {
    const scored = await scoredRows();
    const before = await shapeScores(scored);
    await engine.run("DELETE FROM data.visits WHERE __known > TIMESTAMP '2024-03-01'");
    expect(await shapeScores(scored)).toEqual(before);
  });
});
