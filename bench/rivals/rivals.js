// Rivals on the same rows in the same run: flat learners, automatic relational features, a graph network.
//
//   npm run bench:rivals [-- --smoke] [case …]
//
// Cases: the bundled examples, and with LEADLIGHT_DATA the binary tasks of that folder's reference.md that are named.
// Every side is a process of its own with two threads and a limit of time; Python environments come from setup.js, and
// rivals whose environment is missing are skipped and said so. --smoke runs ours alone on the first example, quickly.
// Prints one JSON line a contestant and, with --markdown=FILE, writes the table.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonOf } from './setup.js';

const here = import.meta.dirname;
const examples = join(here, '..', '..', 'examples');
const smoke = process.argv.includes('--smoke');
const named = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const markdown = process.argv.find((arg) => arg.startsWith('--markdown='))?.slice('--markdown='.length);
const LIMIT_SECONDS = Number(process.env.RIVALS_LIMIT ?? 900);

/** Name, environment, script and its argument. */
const RIVALS = [
  ['flat learners', 'base', 'flat.py'],
  ['featuretools, same columns', 'base', 'deep.py', 'same'],
  ['featuretools + LightGBM', 'base', 'deep.py', 'featuretools'],
  ['fastdfs + LightGBM', 'base', 'deep.py', 'fastdfs'],
  ['getML FastProp + LightGBM', 'getml', 'getml_fastprop.py'],
  ['GraphSAGE (PyG)', 'graph', 'graph.py'],
];

/** Tasks of a folder of reference data: tables, and the entity of the task table. */
const REFERENCE = {
  olist_task1: ['olist_funnel', '.', 'marketing_qualified_leads.mql_id'],
  leadforge_intermediate_time: ['leadforge_b2b_saas', 'intermediate', 'leads.lead_id'],
  berka_card: ['berka_no_transactions', '.', 'account.account_id'],
  cdnow: ['cdnow', '.', 'customer_id'],
};

function cases() {
  const bundled = JSON.parse(readFileSync(join(examples, 'demo.json'), 'utf8')).map(({ folder, target }) => ({
    name: folder,
    sources: [join(examples, folder)],
    options: target,
  }));
  const root = process.env.LEADLIGHT_DATA;
  const reference =
    root === undefined
      ? []
      : Object.entries(REFERENCE).map(([name, [folder, inner, entity]]) => ({
          name,
          sources: [join(root, folder, inner)],
          options: { taskTable: join(root, folder, 'tasks', `${name}.csv.gz`), entity },
        }));
  const all = [...bundled, ...reference];
  if (smoke) return all.slice(0, 1);
  return named.length === 0 ? all : all.filter((c) => named.includes(c.name));
}

function run(program, args) {
  const { status, signal, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1e8,
    timeout: LIMIT_SECONDS * 1000,
    killSignal: 'SIGTERM',
    // Threads that spin while they wait would starve whatever else runs on the machine.
    env: { ...process.env, OMP_NUM_THREADS: '2', OMP_WAIT_POLICY: 'PASSIVE' },
  });
  if (status === 0)
    return stdout
      .trim()
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const why = signal ? `not done in ${LIMIT_SECONDS} s` : stderr.trim().split('\n').at(-1);
  return why ?? `ended with ${status}`;
}

function contest({ name, sources, options }, folder) {
  const rungs = smoke ? ['logistic'] : ['logistic', 'flat-trees', 'trees', 'blend'];
  const spec = { sources, options, out: folder, threads: 2, rungs };
  const ours = run(process.execPath, [join(here, 'ours.js'), JSON.stringify(spec)]);
  if (typeof ours === 'string') throw new Error(`${name}: ours failed: ${ours}`);
  const [own] = ours;
  const rows = own.rungs.map((r) => ({
    ...{ case: name, name: `ours: ${r.name}`, features: own.features, feature_seconds: own.feature_seconds },
    ...{
      fit_seconds: r.fit_seconds,
      auroc: r.auroc,
      ap: r.average_precision,
      peak_mb: own.peak_mb,
      note: r.note,
    },
  }));
  for (const [rival, environment, script, ...args] of smoke ? [] : RIVALS) {
    const python = pythonOf(environment);
    if (python === undefined) {
      rows.push({ case: name, name: rival, note: `skipped: run node bench/rivals/setup.js ${environment}` });
      continue;
    }
    const found = run(python, [join(here, script), folder, ...args]);
    rows.push(
      ...(typeof found === 'string' ? [{ name: rival, note: found }] : found).map((f) => ({
        case: name,
        ...f,
      })),
    );
  }
  const same = rows.find((r) => r.name === 'featuretools, same columns' && r.feature_seconds !== undefined);
  if (same)
    same.note = `ours ${own.same.seconds} s with one thread: ${(same.feature_seconds / own.same.seconds).toFixed(0)} times as fast on ${own.same.rows} rows; totals differ by at most ${same.largest_difference.toExponential(0)}`;
  return rows;
}

const figure = (x, digits = 3) => (typeof x === 'number' ? x.toFixed(digits) : '');

function table(rows) {
  const head = [
    'case',
    'contestant',
    'AUROC',
    'average precision',
    'features',
    'features, s',
    'fit, s',
    'peak MB',
    'note',
  ];
  const body = rows.map((r) => [
    ...[r.case, r.name, figure(r.auroc), figure(r.ap), r.features ?? ''],
    ...[figure(r.feature_seconds, 1), figure(r.fit_seconds, 1), r.peak_mb ?? '', r.note ?? ''],
  ]);
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const rows = [];
for (const c of cases()) {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-rivals-case-'));
  try {
    for (const row of contest(c, folder)) {
      rows.push(row);
      console.log(JSON.stringify(row));
    }
  } finally {
    if (existsSync(folder)) rmSync(folder, { recursive: true });
  }
}
if (markdown) writeFileSync(markdown, `${table(rows)}\n`);
