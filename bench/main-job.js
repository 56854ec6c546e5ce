// The main job on the bundled examples as a user runs it: compare with the whole ladder, then score alone.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './cli.js';

const root = join(import.meta.dirname, '..');
const smoke = process.argv.includes('--smoke');
const cases = JSON.parse(readFileSync(join(root, 'examples', 'demo.json'), 'utf8')).slice(0, smoke ? 1 : 2);
const work = mkdtempSync(join(tmpdir(), 'leadlight-main-job-'));

const splits = ({ stepDays, trainTo, valAt, testAt }) => [
  ...(stepDays ? ['--step', String(stepDays)] : []),
  ...(trainTo ? ['--train-to', trainTo] : []),
  ...(valAt ? ['--val-at', valAt] : []),
  ...(testAt ? ['--test-at', testAt] : []),
];

const cost = ({ cpu, peakMb }) => `CPU ${cpu} s, peak ${peakMb} MB`;
const print = (line) => console.log(JSON.stringify({ unit: 's', ...line }));

try {
  for (const { folder, target } of cases) {
    const workspace = join(work, folder);
    const source = join(root, 'examples', folder);
    const asked = ['--workspace', workspace, '--query', target.query, '--budget', 'quick'];
    print({ name: `${folder}: init`, ours: runCli(['init', source, '--workspace', workspace]).seconds });
    const rungs = smoke ? ['--rungs', 'newest,logistic'] : [];
    const compare = runCli(['compare', ...asked, ...splits(target), ...rungs]);
    const best = compare.output.rungs.at(-1);
    print({
      name: `${folder}: compare, whole ladder, quick`,
      ours: compare.seconds,
      budget: 60,
      note: `${best.name} AUROC ${best.auroc?.toFixed(3)}, test rows ${compare.output.snapshots.test.rows}; ${cost(compare)}`,
    });
    const score = runCli(['score', ...asked]);
    print({
      name: `${folder}: score alone, quick`,
      ours: score.seconds,
      budget: 10,
      note: `${score.output.scores.length} scores; ${cost(score)}`,
    });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
