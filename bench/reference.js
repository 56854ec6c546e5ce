// Reference tasks: `init` and `compare` as they come, no file edited, on every task table of reference.md.
//
//   node bench/reference.js [--smoke] [--markdown] [task …]
//
// Data: LEADLIGHT_DATA, by default ../shared/data; nothing is printed when it is missing. Rivals (a rule by hand,
// logistic regression, flat boosting, boosting on an expert's features) are read from reference.md: same rows, same
// splits. `ours` is test AUROC of the model that validation chose; the others stand in the note, or with --markdown in
// a table of their own.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './cli.js';

const root = process.env.LEADLIGHT_DATA ?? join(import.meta.dirname, '..', '..', 'shared', 'data');
const page = join(root, 'reference.md');
const smoke = process.argv.includes('--smoke');
const markdown = process.argv.includes('--markdown');
const named = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));

/** Task → --entity, and the folder with the tables where it is not the task's own. */
const ENTITIES = {
  olist_task1: ['marketing_qualified_leads.mql_id'],
  online_retail: ['CustomerID'],
  leadforge_intermediate_time: ['leads.lead_id', 'intermediate'],
  leadforge_intermediate_random: ['leads.lead_id', 'intermediate'],
  bank_marketing_year: ['row'],
  bank_marketing_602020: ['row'],
  x_education: ['Prospect ID'],
  ibm_sales: ['row'],
  cdnow: ['customer_id'],
  berka_card: ['account.account_id'],
};

/** Rows of the table of reference.md: task, folder and test AUROC of each rival. */
function references() {
  const lines = readFileSync(page, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return lines.flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.replaceAll('*', '').trim());
    const task = cells[1];
    if (!(task in ENTITIES)) return [];
    const [rule, logistic, flat, expert] = cells.slice(4, 8).map((cell) => Number(cell.split('/')[0]));
    return [
      { task, folder: cells[2].split(' ')[0], rivals: { rule, logistic, flat, expert }, interval: cells[8] },
    ];
  });
}

function measure({ task, folder }, work) {
  const workspace = join(work, task);
  const [entity, inner = '.'] = ENTITIES[task];
  const init = runCli(['init', join(root, folder, inner), '--workspace', workspace]);
  const table = join(root, folder, 'tasks', `${task}.csv.gz`);
  const asked = ['--workspace', workspace, '--task-table', table, '--entity', entity];
  const compare = runCli([
    'compare',
    ...asked,
    ...(smoke ? ['--budget', 'quick', '--rungs', 'logistic'] : []),
  ]);
  const rungs = compare.output.rungs.filter((rung) => rung.auroc !== null);
  return {
    rungs,
    seconds: +(init.seconds + compare.seconds).toFixed(1),
    cpu: compare.cpu,
    peakMb: compare.peakMb,
  };
}

const figure = (x) => (x === undefined ? '' : x.toFixed(3));
const listed = (pairs) => pairs.map(([name, auroc]) => `${name} ${figure(auroc)}`).join(', ');

function line({ task, rivals, interval }, { rungs, seconds, cpu, peakMb }) {
  const best = rungs.at(-1);
  const own = listed(rungs.map((rung) => [rung.name, rung.auroc]));
  return {
    name: `${task}: test AUROC`,
    unit: '',
    ours: +figure(best?.auroc),
    rival: rivals.expert,
    rivalName: `expert, ${interval}`,
    note: `ours: ${own}; reference: ${listed(Object.entries(rivals))}; ${seconds} s, CPU ${cpu} s, peak ${peakMb} MB`,
  };
}

function table(rows) {
  const names = [...new Set(rows.flatMap(({ result }) => result.rungs.map((rung) => rung.name)))];
  const rivals = Object.keys(rows[0].reference.rivals);
  const head = ['task', ...names, ...rivals.map((name) => `reference ${name}`), 'seconds'];
  const body = rows.map(({ reference, result }) => [
    reference.task,
    ...names.map((name) => figure(result.rungs.find((rung) => rung.name === name)?.auroc)),
    ...rivals.map((name) => figure(reference.rivals[name])),
    result.seconds,
  ]);
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

if (existsSync(page)) {
  const chosen = references().filter(({ task }) =>
    named.length > 0 ? named.includes(task) : !smoke || task === 'olist_task1',
  );
  const work = mkdtempSync(join(tmpdir(), 'leadlight-bench-'));
  const rows = [];
  try {
    for (const reference of chosen) {
      const result = measure(reference, work);
      rows.push({ reference, result });
      if (!markdown) console.log(JSON.stringify(line(reference, result)));
    }
  } finally {
    rmSync(work, { recursive: true });
  }
  if (markdown && rows.length > 0) console.log(table(rows));
} else {
  console.error(`No reference tasks: ${page} is missing (LEADLIGHT_DATA names another folder).`);
}
