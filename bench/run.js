// npm run bench: every bench, one after another, its lines gathered in bench/results.md with machine, date and commit.
// --smoke runs the smallest sizes and writes nothing; names after it run only those: node bench/run.js trees start.
// --page=FILE writes the page from lines gathered one bench at a time: node bench/trees.js >> lines; … --page=lines.
//
// A bench prints one JSON object a line: {name, unit, ours, rival?, rivalName?, ratio?, budget?, note?}. `budget` is the
// most that `ratio` (with a rival) or `ours` (without one) should be; a bench never fails for being slow.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

const BENCHES = ['start', 'features', 'trees', 'main-job', 'reference'];

const here = import.meta.dirname;
const smoke = process.argv.includes('--smoke');
const named = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const only = process.argv.some((arg) => arg.startsWith('--page='));
const chosen = BENCHES.filter((name) => (named.length === 0 && !only) || named.includes(name)).filter(
  (name) => existsSync(join(here, `${name}.js`)),
);

const lines = [];
let broken = 0;
for (const name of chosen) {
  const args = [join(here, `${name}.js`), ...(smoke ? ['--smoke'] : [])];
  const run = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1e8,
  });
  if (run.status !== 0) {
    broken++;
    console.error(`bench/${name}.js ended with ${run.status ?? run.signal}`);
  }
  for (const text of run.stdout.trim().split('\n').filter(Boolean)) {
    console.log(text);
    lines.push(JSON.parse(text));
  }
}
const gathered = process.argv.find((arg) => arg.startsWith('--page='))?.slice('--page='.length);
if (gathered) lines.push(...readLines(gathered));
if (gathered || (!smoke && named.length === 0)) writeFileSync(join(here, 'results.md'), page(lines));
process.exitCode = broken === 0 ? 0 : 1;

/** Lines that benches run one by one have printed. */
function readLines(file) {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
}

function page(results) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
  const head = ['what', 'ours', 'rival', 'ratio', 'budget', 'within', 'note'];
  const table = [head, head.map(() => '---'), ...results.map(row)].map((cells) => `| ${cells.join(' | ')} |`);
  return `# Bench results

${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${machine}, load before ${loadavg()[0].toFixed(1)}.

${gathered ? 'Gathered one bench at a time, over commits of that day; the 100 M events once, by hand. ' : ''}Each rival ran in the same run on the same rows; ratio is ours over the rival's, smaller is better. \`npm run bench\` writes this page.

${table.join('\n')}
${rivalsPage()}`;
}

/** What `npm run bench:rivals` found last; kept in a file of its own. */
function rivalsPage() {
  const file = join(here, 'rivals', 'results.md');
  return existsSync(file) ? `\n${readFileSync(file, 'utf8')}` : '';
}

function row({ name, unit, ours, rival, rivalName, ratio, budget, note }) {
  const measured = ratio ?? ours;
  const within =
    budget === undefined ? '' : measured <= budget ? 'yes' : `no, ${(measured / budget).toFixed(1)}× over`;
  const figure = (value) => (value === undefined ? '' : `${value} ${unit}`);
  return [
    name,
    figure(ours),
    rival === undefined ? '' : `${figure(rival)} (${rivalName})`,
    ratio ?? '',
    budget ?? '',
    within,
    note ?? '',
  ];
}
