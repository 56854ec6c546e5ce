/**
 * What every model must do, whatever it is. A model's test calls `describeModel(model, options)`; the samples have
 * signal in numeric and categorical columns of every scope, missing cells, constant and empty columns.
 */
import { describe, expect, test } from 'vitest';
import { LeadlightError } from '../../src/errors.ts';
import type { FeatureColumn, FeatureMatrix, Scope } from '../../src/learn/features/types.ts';
import type { FitContext, Model, ModelTask, Sample } from '../../src/learn/models/types.ts';
import { createRandom } from '../../src/util/random.ts';

export interface ModelContractOptions {
  /** Task types the model fits. Default: all. */
  readonly tasks?: readonly ModelTask['type'][];
  /** Columns of the samples; default `contractColumns()`. */
  readonly columns?: readonly FeatureColumn[];
  /** Least AUROC on fresh rows of the binary sample; default 0.6. Models that learn nothing: 0. */
  readonly auroc?: number;
  /** Whether a one-class training set is refused. Default true; models that learn nothing may accept it. */
  readonly refusesOneClass?: boolean;
}

const TASKS: Readonly<Record<ModelTask['type'], ModelTask>> = {
  binary: { type: 'binary' },
  multiclass: { type: 'multiclass', classes: 3 },
  regression: { type: 'regression' },
};

const DAY = 86_400_000;

/** Two numeric and one categorical column of each scope; then a constant, an empty and a noise column. */
export function contractColumns(): FeatureColumn[] {
  const scopes: readonly Scope[] = ['record', 'flat', 'own', 'account', 'relational'];
  const columns = scopes.flatMap((scope) => [
    contractColumn(`${scope}.first`, scope),
    contractColumn(`${scope}.second`, scope),
    contractColumn(`${scope}.kind`, scope, ['low', 'middle', 'high', 'top', '(other)']),
  ]);
  return [
    ...columns,
    contractColumn('constant', 'record'),
    contractColumn('empty', 'record'),
    contractColumn('noise', 'record'),
  ];
}

export function contractColumn(name: string, scope: Scope, categories?: readonly string[]): FeatureColumn {
  return {
    name,
    kind: categories ? 'categorical' : 'numeric',
    ...(categories ? { categories } : {}),
    family: scope === 'record' ? 'static' : scope === 'flat' ? 'parents' : 'windows',
    scope,
    signal: 'other',
    path: [],
    table: 't',
    primitive: 'value',
    sentence: name,
  };
}

/** Rows with weekly cutoffs from `firstDay` and accounts of about four rows. */
export function contractSample(
  columns: readonly FeatureColumn[],
  task: ModelTask,
  rows: number,
  seed: number,
  firstDay = 0,
): Sample {
  const random = createRandom(seed);
  const data = columns.map(() => new Float32Array(rows));
  const label = new Float32Array(rows);
  for (let i = 0; i < rows; i++) {
    let margin = 0;
    columns.forEach((column, c) => {
      const value = drawCell(column, random.next());
      data[c]![i] = value;
      if (column.name === 'noise' || Number.isNaN(value)) return;
      margin +=
        column.kind === 'categorical' ? (value - 1.5) * 0.4 : column.name.endsWith('first') ? value - 0.5 : 0;
    });
    label[i] = drawLabel(task, margin, random.next());
  }
  return {
    matrix: { rows, columns, data },
    label,
    cutoff: Float64Array.from({ length: rows }, (_, i) => (firstDay + Math.floor((i * 4) / rows) * 7) * DAY),
    cluster: Int32Array.from({ length: rows }, (_, i) => Math.floor(i / 4)),
  };
}

function drawCell({ name, kind, categories }: FeatureColumn, u: number): number {
  if (name === 'empty') return NaN;
  if (name === 'constant') return 1;
  if (u < 0.1) return NaN;
  const v = (u - 0.1) / 0.9;
  return kind === 'categorical' ? Math.floor(v * ((categories?.length ?? 2) - 1)) : Math.fround(v);
}

function drawLabel(task: ModelTask, margin: number, u: number): number {
  if (task.type === 'regression') return Math.fround(margin + (u - 0.5) * 0.2);
  const p = 1 / (1 + Math.exp(-2 * margin));
  if (task.type === 'binary') return u < p ? 1 : 0;
  return u < p / 2 ? 0 : u < 0.6 ? 1 : 2;
}

function contractContext(model: Model, task: ModelTask, options: ModelContractOptions): FitContext {
  const columns = options.columns ?? contractColumns();
  const context: FitContext = {
    task,
    train: contractSample(columns, task, 600, 1),
    val: contractSample(columns, task, 200, 2, 28),
    seed: 7,
    budget: 'quick',
    threads: 1,
  };
  expect(model.inapplicable?.(context)).toBeUndefined();
  return context;
}

function rowsOf(matrix: FeatureMatrix, rows: readonly number[]): FeatureMatrix {
  return {
    rows: rows.length,
    columns: matrix.columns,
    data: matrix.data.map((column) => Float32Array.from(rows, (i) => column[i]!)),
  };
}

/** Predictions in double precision; among classes also checks that margins are centred. */
function linkMargins(task: ModelTask, margin: Float64Array): Float64Array {
  if (task.type === 'regression') return margin;
  if (task.type === 'binary') return margin.map((m) => 1 / (1 + Math.exp(-m)));
  const { classes } = task;
  return margin.map((m, i) => {
    const row = margin.subarray(i - (i % classes), i - (i % classes) + classes);
    expect(Math.abs(row.reduce((sum, v) => sum + v, 0))).toBeLessThan(1e-9);
    return Math.exp(m) / row.reduce((sum, v) => sum + Math.exp(v), 0);
  });
}

function relabel(sample: Sample, value: number): Sample {
  return { ...sample, label: new Float32Array(sample.label.length).fill(value) };
}

function pairwiseAuroc(score: Float32Array, label: Float32Array): number {
  let wins = 0;
  let pairs = 0;
  label.forEach((positive, i) => {
    if (positive !== 1) return;
    label.forEach((negative, j) => {
      if (negative !== 0) return;
      pairs++;
      wins += score[i]! > score[j]! ? 1 : score[i]! === score[j]! ? 0.5 : 0;
    });
  });
  return wins / pairs;
}

export function describeModel(model: Model, options: ModelContractOptions = {}): void {
  const columns = options.columns ?? contractColumns();
  const types = options.tasks ?? (['binary', 'multiclass', 'regression'] as const);

  describe.each(types)(`${model.name} keeps the model contract (%s)`, (type) => {
    const task = TASKS[type];
    const context = (): FitContext => contractContext(model, task, options);
    const fresh = contractSample(columns, task, 150, 3, 56).matrix;
    const width = task.type === 'multiclass' ? task.classes : 1;

    test('predicts finite values, one per row and class', async () => {
      const predicted = await (await model.fit(context())).predict(fresh);
      expect(predicted).toBeInstanceOf(Float32Array);
      expect(predicted.length).toBe(fresh.rows * width);
      expect(predicted.every(Number.isFinite)).toBe(true);
      if (type !== 'regression') expect(predicted.every((p) => p >= 0 && p <= 1)).toBe(true);
    });

    test('predicts each row by itself: neither order nor company of rows matters', async () => {
      const fitted = await model.fit(context());
      const all = await fitted.predict(fresh);
      const order = [17, 3, 149, 0];
      const some = await fitted.predict(rowsOf(fresh, order));
      const expected = order.flatMap((i) => [...all.subarray(i * width, (i + 1) * width)]);
      expect([...some]).toEqual(expected);
    });

    test('is a function of the seed', async () => {
      const [a, b] = [await model.fit(context()), await model.fit(context())];
      expect(await a.predict(fresh)).toEqual(await b.predict(fresh));
    });

    test('leaves its inputs as they were', async () => {
      const given = context();
      const before = structuredClone({ train: given.train, val: given.val });
      const fitted = await model.fit(given);
      await fitted.predict(given.val.matrix);
      expect({ train: given.train, val: given.val }).toEqual(before);
    });

    test('survives save, JSON and load with identical predictions', async () => {
      const fitted = await model.fit(context());
      const loaded = model.load(JSON.parse(JSON.stringify(fitted.save())));
      expect(await loaded.predict(fresh)).toEqual(await fitted.predict(fresh));
      expect(JSON.stringify(loaded.save())).toBe(JSON.stringify(fitted.save()));
    });

    test('margins are what predictions come from, unrounded', async () => {
      const fitted = await model.fit(context());
      if (!fitted.margin) return expect(fitted.margin).toBeUndefined();
      const predicted = await fitted.predict(fresh);
      const margin = await fitted.margin(fresh);
      expect(margin).toBeInstanceOf(Float64Array);
      expect(margin.length).toBe(predicted.length);
      const linked = linkMargins(task, margin);
      predicted.forEach((p, i) => {
        expect(Math.abs(linked[i]! - p)).toBeLessThan(1e-6 * Math.max(1, Math.abs(p)));
      });
    });

    test('attributions add up to the margin, to 1e-6', async () => {
      const fitted = await model.fit(context());
      if (!fitted.attribute) return expect(fitted.attribute).toBeUndefined();
      if (type !== 'regression') expect(fitted.margin).toBeDefined();
      const margin = fitted.margin
        ? await fitted.margin(fresh)
        : Float64Array.from(await fitted.predict(fresh));
      for (let k = 0; k < width; k++) {
        const { base, values } = await fitted.attribute(fresh, undefined, k);
        expect(values.length).toBe(columns.length);
        for (let i = 0; i < fresh.rows; i++) {
          const sum = values.reduce((total, column) => total + column[i]!, base);
          const own = margin[i * width + k]!;
          expect(Math.abs(sum - own)).toBeLessThan(1e-6 * Math.max(1, Math.abs(own)));
        }
      }
    });

    test('intervals hold the prediction, say their cases, and survive save and load', async () => {
      const fitted = await model.fit(context());
      if (!fitted.interval) return expect(fitted.interval).toBeUndefined();
      const predicted = await fitted.predict(fresh);
      const { cases, low, high } = await fitted.interval(fresh);
      expect(cases).toBeGreaterThan(0);
      expect([low.length, high.length]).toEqual([fresh.rows, fresh.rows]);
      expect(predicted.every((p, i) => low[i]! <= p && p <= high[i]!)).toBe(true);
      const loaded = model.load(JSON.parse(JSON.stringify(fitted.save())));
      expect(await loaded.interval!(fresh)).toEqual({ cases, low, high });
    });

    test('takes rows of nothing but missing and rows of huge values', async () => {
      const fitted = await model.fit(context());
      for (const fill of [NaN, 1e30, -1e30]) {
        const data = columns.map((c) =>
          new Float32Array(2).fill(c.kind === 'categorical' && !Number.isNaN(fill) ? 1e6 : fill),
        );
        const predicted = await fitted.predict({ rows: 2, columns, data });
        expect(predicted.every(Number.isFinite)).toBe(true);
      }
    });

    test('predicts no rows and one row', async () => {
      const fitted = await model.fit(context());
      expect((await fitted.predict(rowsOf(fresh, []))).length).toBe(0);
      expect((await fitted.predict(rowsOf(fresh, [5]))).length).toBe(width);
    });

    test('fits without validation rows', async () => {
      const given = context();
      const fitted = await model.fit({ ...given, val: contractSample(columns, task, 0, 4) });
      expect((await fitted.predict(fresh)).every(Number.isFinite)).toBe(true);
    });

    test('an aborted fit ends with CANCELLED, unless it was done first', async () => {
      const aborted = { ...context(), signal: AbortSignal.abort() };
      const outcome = await model.fit(aborted).then(
        () => 'CANCELLED',
        (error: unknown) => (error instanceof LeadlightError ? error.code : error),
      );
      expect(outcome).toBe('CANCELLED');
    });

    if (type === 'regression') return;

    test('refuses one class with a clear error', async () => {
      const given = context();
      const one = { ...given, train: relabel(given.train, 0), val: relabel(given.val, 0) };
      const outcome = await model.fit(one).then(
        () => 'fitted',
        (error: unknown) => (error instanceof LeadlightError ? error.code : error),
      );
      expect(outcome).toBe((options.refusesOneClass ?? true) ? 'TASK_ONE_CLASS' : 'fitted');
    });
  });

  if (types.includes('binary') && (options.auroc ?? 0.6) > 0) {
    test(`${model.name} ranks fresh rows better than chance`, async () => {
      const fitted = await model.fit(contractContext(model, TASKS.binary, options));
      const { matrix, label } = contractSample(columns, TASKS.binary, 400, 5, 56);
      expect(pairwiseAuroc(await fitted.predict(matrix), label)).toBeGreaterThan(options.auroc ?? 0.6);
    });
  }
}
