// How near the truth: simulated companies whose true probabilities are known. For each seed a company of --accounts over
// --months, cut clean and with the leak dial at its highest; the blend beside flat trees, points, and the same blend on a
// company of --times the accounts. One JSON line a figure, the mean over the seeds; --smoke runs one small company.
//
// node bench/ceiling.js [--seeds=5] [--accounts=2000] [--months=18] [--times=20]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initWorkspace, openWorkspace } from '../dist/serve/scoring/workspace.js';
import { evenDirt } from '../dist/simulate/dirt/soil.js';
import { exportCompany } from '../dist/simulate/export.js';
import { MECHANISMS } from '../dist/simulate/mechanisms.js';

const smoke = process.argv.includes('--smoke');
const number = (name, usual) =>
  Number(process.argv.find((a) => a.startsWith(`--${name}=`))?.split('=')[1] ?? usual);
const seeds = number('seeds', smoke ? 1 : 5);
const accounts = number('accounts', smoke ? 250 : 2000);
const months = number('months', smoke ? 15 : 18);
const times = number('times', smoke ? 0 : 20);
const RUNGS = ['rules', 'flat-trees', 'trees', 'blend'];
const FROM = Date.UTC(2024, 0, 1);

const root = mkdtempSync(join(tmpdir(), 'ceiling-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));

async function judged(name, options) {
  const folder = join(root, name);
  await exportCompany(folder, {
    ...{ from: FROM, to: Date.UTC(2024, months, 1), mechanisms: MECHANISMS, futures: smoke ? 8 : 64 },
    ...options,
  });
  await initWorkspace([join(folder, 'tables')], folder);
  const workspace = await openWorkspace(folder, {});
  try {
    const { detail, ceiling } = await workspace.ceiling({
      ...{ target: 'will_convert', entity: 'accounts', outcome: 'opened', rungs: RUNGS },
      ...{ truth: join(folder, 'truth.csv'), budget: smoke ? 'quick' : 'normal' },
    });
    return { ceiling, prediction: detail.predictions.blend, label: detail.outcomes };
  } finally {
    await workspace.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const auroc = ({ ceiling }, name) => ceiling.rungs.find((r) => r.name === name)?.auroc ?? Number.NaN;
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** Observed over expected among the tenth scored highest. */
function topTenth({ prediction, label }) {
  const order = [...prediction.keys()].sort((a, b) => prediction[b] - prediction[a] || a - b);
  const top = order.slice(0, Math.max(1, Math.round(order.length / 10)));
  const sum = (values) => top.reduce((total, i) => total + values[i], 0);
  return sum(label) / sum(prediction);
}

/** Slope of the outcomes on the logits of the predictions (Cox 1958), by Newton steps. */
function slope({ prediction, label }) {
  const logit = Array.from(prediction, (p) => Math.log(Math.max(p, 1e-6) / Math.max(1 - p, 1e-6)));
  let [a, b] = [0, 1];
  for (let step = 0; step < 50; step++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 1e-9, 0, 1e-9];
    logit.forEach((x, i) => {
      const p = 1 / (1 + Math.exp(-a - b * x));
      const w = p * (1 - p);
      ga += label[i] - p;
      gb += (label[i] - p) * x;
      haa += w;
      hab += w * x;
      hbb += w * x * x;
    });
    const d = haa * hbb - hab * hab;
    a += (hbb * ga - hab * gb) / d;
    b += (haa * gb - hab * ga) / d;
  }
  return b;
}

const runs = [];
for (let seed = 1; seed <= seeds; seed++) {
  const clean = await judged(`clean-${seed}`, { seed, accounts });
  const leaky = await judged(`leaky-${seed}`, { seed, accounts, dirt: { ...evenDirt(0), leaks: 1 } });
  const large = times > 1 ? await judged(`large-${seed}`, { seed, accounts: accounts * times }) : undefined;
  runs.push({ clean, leaky, large });
  console.error(`seed ${seed}: ${JSON.stringify(clean.ceiling.rungs.map((r) => [r.name, r.auroc]))}`);
}

const size = `${seeds} seeds, ${accounts} accounts, ${months} months, ${Math.round(mean(runs.map((r) => r.clean.ceiling.rows)))} cases each`;
const say = (name, unit, of, note) =>
  console.log(
    JSON.stringify({ name, unit, ours: Number(mean(runs.map(of)).toFixed(4)), note: `${note}; ${size}` }),
  );

say('ceiling: true probabilities', 'AUROC', ({ clean }) => clean.ceiling.truth.auroc, 'nothing ranks better');
for (const rung of RUNGS)
  say(`ceiling: ${rung}`, 'AUROC', ({ clean }) => auroc(clean, rung), 'the same cases');
const blend = ({ clean }) => auroc(clean, 'blend');
say(
  'ceiling: blend above flat trees',
  'AUROC',
  (r) => blend(r) - auroc(r.clean, 'flat-trees'),
  'wanted 0.08 or more',
);
say('ceiling: blend above points', 'AUROC', (r) => blend(r) - auroc(r.clean, 'rules'), 'wanted 0.15 or more');
say('ceiling: top tenth', 'observed ÷ expected', ({ clean }) => topTenth(clean), 'wanted 0.9 to 1.1');
say('ceiling: calibration', 'slope', ({ clean }) => slope(clean), 'wanted 0.9 to 1.1');
say(
  'ceiling: leaks cost',
  'AUROC',
  (r) => blend(r) - auroc(r.leaky, 'blend'),
  'dial at its highest; wanted under 0.01',
);
if (times > 1)
  say(
    `ceiling: advantage of ${times} times the accounts`,
    'share',
    (r) => (blend(r) - 0.5) / (auroc(r.large, 'blend') - 0.5),
    'wanted 0.97 or more',
  );
