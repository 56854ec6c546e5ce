// The main job on the bundled examples as a user runs it: compare with the whole ladder, then score alone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const smoke = process.argv.includes('--smoke');
const cases = JSON.parse(readFileSync(join(root, 'examples', 'demo.json'), 'utf8')).slice(0, smoke ? 1 : 2);
const work = mkdtempSync(join(tmpdir(), 'leadlight-main-job-'));

function run(args) {
  const begin = performance.now();
  const bin = join(root, 'bin', 'leadlight');
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args, '--json', '--quiet'], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (status !== 0) throw new Error(`leadlight ${args[0]} ended with ${status}: ${stderr}`);
  return { seconds: +((performance.now() - begin) / 1000).toFixed(1), output: JSON.parse(stdout) };
}

const splits = ({ stepDays, trainTo, valAt, testAt }) => [
  ...(stepDays ? ['--step', String(stepDays)] : []),
  ...(trainTo ? ['--train-to', trainTo] : []),
  ...(valAt ? ['--val-at', valAt] : []),
  ...(testAt ? ['--test-at', testAt] : []),
];

const print = (line) => console.log(JSON.stringify({ unit: 's', ...line }));

try {
  for (const { folder, target } of cases) {
    const workspace = join(work, folder);
    const source = join(root, 'examples', folder);
    const asked = ['--workspace', workspace, '--query', target.query, '--budget', 'quick'];
    print({ name: `${folder}: init`, ours: run(['init', source, '--workspace', workspace]).seconds });
    const rungs = smoke ? ['--rungs', 'newest,logistic'] : [];
    const compare = run(['compare', ...asked, ...splits(target), ...rungs]);
    const best = compare.output.rungs.at(-1);
    print({
      name: `${folder}: compare, whole ladder, quick`,
      ours: compare.seconds,
      budget: 60,
      note: `${best.name} AUROC ${best.auroc?.toFixed(3)}, test rows ${compare.output.snapshots.test.rows}`,
    });
    print({ name: `${folder}: score alone, quick`, ours: run(['score', ...asked]).seconds, budget: 10 });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
