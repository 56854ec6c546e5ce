// trees against LightGBM: same rows, bins, leaves, rounds and threads; both time binning and training, then attributions
// of some rows (ours on one thread). node bench/trees.js [--smoke]. Prints two JSON lines a case; ratio = our seconds / LightGBM's (best of repeats).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTrainer } from '../dist/learn/models/trees/boost.js';
import { auroc } from '../dist/learn/models/trees/metric.js';
import { predictTrees } from '../dist/learn/models/trees/predict.js';
import { openShap } from '../dist/learn/models/trees/shap.js';
import { createRandom } from '../dist/util/random.js';
import { python } from './python.js';

const smoke = process.argv.includes('--smoke');
const shared = {
  leaves: 31,
  learningRate: 0.1,
  rounds: 100,
  threads: 2,
  repeats: smoke ? 1 : 3,
  explained: smoke ? 200 : 4000,
};
const cases = smoke
  ? [{ rows: 5_000, columns: 20, ...shared }]
  : [
      { rows: 100_000, columns: 100, ...shared },
      { rows: 500_000, columns: 50, ...shared },
      { rows: 100_000, columns: 300, ...shared, rounds: 300, repeats: 1 },
    ];

/** Numeric columns of several shapes (a few percent missing, some few-valued or mostly zero), one in ten categorical. */
function makeData(rows, columns) {
  const random = createRandom(1);
  const margin = new Float64Array(rows);
  const categorical = [];
  const data = Array.from({ length: columns }, (_, c) => {
    const kind = c % 10;
    if (kind === 9) categorical.push(c);
    const effect = c < 30 ? 1 / (1 + c / 5) : 0;
    return Float32Array.from({ length: rows }, (_, i) => {
      const value = draw(kind, random);
      if (effect > 0 && !Number.isNaN(value)) margin[i] += effect * shape(kind, value);
      return value;
    });
  });
  for (let i = 0; i < rows; i++) margin[i] += (data[0][i] || 0) * (data[1][i] || 0);
  const label = Float32Array.from(margin, (m) => (random.next() < 1 / (1 + Math.exp(2 - m)) ? 1 : 0));
  return { data, categorical, label };
}

function draw(kind, random) {
  if (random.next() < 0.03) return NaN;
  if (kind === 9) return Math.floor(random.next() ** 2 * 60);
  if (kind === 8) return random.int(12);
  if (kind >= 6) return random.next() < 0.7 ? 0 : Math.floor(-8 * Math.log(1 - random.next()));
  return random.normal();
}

function shape(kind, value) {
  if (kind === 9) return ((value * 7) % 5) / 2 - 1;
  if (kind >= 6) return Math.log1p(value) / 2 - 0.5;
  return kind % 2 ? Math.sin(2 * value) : value / 2;
}

async function ours({ data, categorical, label }, spec) {
  const cut = (column, from, to) => column.subarray(from, to);
  const train = {
    rows: spec.rows,
    columns: data.map((column) => cut(column, 0, spec.rows)),
    categorical: data.map((_, c) => categorical.includes(c)),
    label: cut(label, 0, spec.rows),
  };
  const runs = [];
  for (let k = 0; k < spec.repeats; k++) {
    const a = performance.now();
    const trainer = await openTrainer(train, undefined, {
      threads: spec.threads,
      leaves: spec.leaves,
      outputs: 1,
    });
    const b = performance.now();
    const { ensemble } = await trainer.fit({ rounds: spec.rounds, learningRate: spec.learningRate });
    const c = performance.now();
    await trainer.close();
    const fresh = data.map((column) => cut(column, spec.rows));
    const margins = predictTrees(ensemble, fresh, label.length - spec.rows);
    const d = performance.now();
    const shap = await openShap(ensemble, spec.explained);
    shap.contributions(fresh, spec.explained);
    await shap.close();
    runs.push({
      construct: (b - a) / 1000,
      train: (c - b) / 1000,
      explain: (performance.now() - d) / 1000,
      auroc: auroc(margins, cut(label, spec.rows)),
    });
  }
  return runs;
}

function theirs({ data, categorical, label }, spec) {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-bench-'));
  try {
    const x = new Float32Array(data.length * label.length);
    for (const [c, column] of data.entries()) x.set(column, c * label.length);
    writeFileSync(join(folder, 'x.bin'), x);
    writeFileSync(join(folder, 'y.bin'), label);
    const script = new URL('./python/trees_lightgbm.py', import.meta.url).pathname;
    const out = execFileSync(python(), [script, folder, JSON.stringify({ ...spec, categorical })], {
      encoding: 'utf8',
    });
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const seconds = (run) => run.construct + run.train;
const best = (runs) => runs.reduce((a, b) => (seconds(b) < seconds(a) ? b : a));
const fastest = (runs) => Math.min(...runs.map((run) => run.explain));
const round = (run) => Object.fromEntries(Object.entries(run).map(([k, v]) => [k, +v.toFixed(4)]));

for (const spec of cases) {
  const data = makeData(spec.rows + Math.min(spec.rows, 100_000), spec.columns);
  const rivals = theirs(data, spec);
  const owns = await ours(data, spec);
  const [rival, own] = [best(rivals), best(owns)];
  const name = `trees ${spec.rows / 1000}k x ${spec.columns}${spec.rounds === shared.rounds ? '' : `, ${spec.rounds} rounds`}`;
  console.log(
    JSON.stringify({
      name,
      unit: 'seconds',
      ours: +seconds(own).toFixed(3),
      rival: +seconds(rival).toFixed(3),
      rivalName: 'lightgbm',
      ratio: +(seconds(own) / seconds(rival)).toFixed(2),
      auroc: +(own.auroc - rival.auroc).toFixed(4),
      detail: { ours: round(own), rival: round(rival) },
    }),
  );
  const [mine, other] = [fastest(owns), fastest(rivals)];
  console.log(
    JSON.stringify({
      name: `${name}: attributions of ${spec.explained} rows`,
      unit: 'seconds',
      ours: +mine.toFixed(3),
      rival: +other.toFixed(3),
      rivalName: 'lightgbm',
      ratio: +(mine / other).toFixed(2),
    }),
  );
}
