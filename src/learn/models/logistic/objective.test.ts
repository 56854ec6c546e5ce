import { describe, expect, it } from 'vitest';
import { minimise } from '../shared/lbfgs.ts';
import { createObjective, type Design } from './objective.ts';

const ROWS = 60;
const TIGHT = { maxIterations: 500, gradientTolerance: 1e-10, valueTolerance: 0 };

/** Three uniform columns and a coin by 1.5·x0 − x1 + 0.3, from a linear congruential generator. */
function sampleRows() {
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 2147483648;
  };
  const columns = [new Float32Array(ROWS), new Float32Array(ROWS), new Float32Array(ROWS)] as const;
  const label = new Float32Array(ROWS);
  for (let i = 0; i < ROWS; i++) {
    for (const column of columns) column[i] = next() * 2 - 1;
    const margin = 1.5 * columns[0][i]! - columns[1][i]! + 0.3;
    label[i] = next() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
  }
  return { columns, label };
}

const { columns, label } = sampleRows();
const design: Design = { rows: ROWS, dense: columns, levels: [] };
const weight = new Float64Array(ROWS).fill(1);

describe('linear objective', () => {
  it('gives the coefficients of scikit-learn 1.7 LogisticRegression(C=1)', () => {
    const objective = createObjective({
      design,
      label,
      weight,
      type: 'binary',
      outputs: 1,
      lambda: 1 / ROWS,
    });
    const found = minimise(objective, new Float64Array(4), TIGHT);
    expect(label.reduce((a, b) => a + b, 0)).toBe(33);
    [0.20489672, 1.35834072, -0.53833984, 0.2066708].forEach((expected, j) => {
      expect(found[j]).toBeCloseTo(expected, 5);
    });
  });

  it('gives the coefficients of scikit-learn 1.7 Ridge(alpha=2)', () => {
    const value = label.map((y, i) => 2 * y + columns[2][i]!);
    const objective = createObjective({
      design,
      label: value,
      weight,
      type: 'regression',
      outputs: 1,
      lambda: 2 / ROWS,
    });
    const found = minimise(objective, new Float64Array(4), TIGHT);
    [1.1037622276738808, 0.69402822, -0.23525745, 0.98229996].forEach((expected, j) => {
      expect(found[j]).toBeCloseTo(expected, 5);
    });
  });

  it('gives the softmax coefficients of scikit-learn 1.7 for three classes', () => {
    const classes = columns[0].map((x) => (x < -0.3 ? 0 : x < 0.3 ? 1 : 2));
    const objective = createObjective({
      design,
      label: classes,
      weight,
      type: 'multiclass',
      outputs: 3,
      lambda: 1 / ROWS,
    });
    const found = minimise(objective, new Float64Array(12), TIGHT);
    const expected = [
      [-0.26513201, -2.83355812, 0.06436931, 0.21519319],
      [0.19289635, 0.07253445, -0.28048637, -0.60860945],
      [0.07223565, 2.76102367, 0.21611706, 0.39341626],
    ];
    expected.flat().forEach((value, j) => {
      expect(found[j]).toBeCloseTo(value, 4);
    });
  });

  it('treats a level as a 0/1 column and a weight as repeated rows', () => {
    const code = Uint16Array.from(label, (_, i) => i % 3);
    const oneHot = [0, 1, 2].map((k) => Float32Array.from(code, (c) => (c === k ? 1 : 0)));
    const spec = { label, type: 'binary', outputs: 1, lambda: 0.02 } as const;
    const twice = new Float64Array(ROWS).fill(1).fill(2, 0, 20);
    const rows = [...Array(ROWS).keys(), ...Array(20).keys()];
    const repeat = (column: Float32Array) => Float32Array.from(rows, (row) => column[row]!);
    const byLevel = minimise(
      createObjective({
        ...spec,
        design: { rows: ROWS, dense: columns, levels: [{ code, count: 3 }] },
        weight: twice,
      }),
      new Float64Array(7),
      TIGHT,
    );
    const byRepeat = minimise(
      createObjective({
        ...spec,
        label: repeat(label),
        design: { rows: rows.length, dense: [...columns, ...oneHot].map(repeat), levels: [] },
        weight: new Float64Array(rows.length).fill(1),
      }),
      new Float64Array(7),
      TIGHT,
    );
    byLevel.forEach((value, j) => {
      expect(value).toBeCloseTo(byRepeat[j]!, 5);
    });
  });

  it('has the gradient that finite differences show', () => {
    const objective = createObjective({ design, label, weight, type: 'binary', outputs: 1, lambda: 0.1 });
    const at = Float64Array.of(0.1, -0.4, 0.7, 0.2);
    const gradient = new Float64Array(4);
    objective(at, gradient);
    at.forEach((_, j) => {
      const shifted = (h: number) =>
        objective(
          at.map((v, i) => (i === j ? v + h : v)),
          new Float64Array(4),
        );
      expect((shifted(1e-5) - shifted(-1e-5)) / 2e-5).toBeCloseTo(gradient[j]!, 7);
    });
  });
});
