// Features against hand-written DuckDB SQL for the same columns: SQL and arrays in JavaScript, from tables in memory.
//
//   node bench/features.js [--smoke | --once] [--large]
//
// Two event tables (views, orders) of one entity; snapshots on four common dates, and snapshots each at its own moment.
// Rivals: one pass of FILTER aggregates, and one pass into age bands with a second from bands to windows; the faster
// counts. Every run has a process of its own, so that peaks of memory are apart; ours and the rivals take turns and the
// minimum of each counts. Values must agree. --large adds 100 M events under a limit of 8 GB, ours alone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckdb } from '../dist/data/engine/duckdb.js';
import { planFeatures } from '../dist/learn/features/plan.js';
import { createSnapshots } from '../dist/learn/features/prepare.js';
import { computeFeatures } from '../dist/learn/features/run.js';
import { fillEvents, fillSnapshots, LAST_CUTOFF, planInput } from './features-data.js';
import { rivalQueries } from './features-rival.js';

const smoke = process.argv.includes('--smoke');
const large = process.argv.includes('--large');
const once = smoke || process.argv.includes('--once');
const repeats = once ? 1 : 3;
const threads = 2;

/** Child: one run of `side` over the stored tables; prints seconds, CPU seconds and peak memory, writes the values. */
async function measure({ side, file, moments, rows, users, out, memoryMb, inPlace }) {
  const engine = await openDuckdb({ threads, memoryLimitMb: memoryMb, spillDir: `${out}.spill` });
  await attach(engine, file, inPlace);
  await fillSnapshots(engine, moments, rows, users);
  await createSnapshots(engine, { moment: LAST_CUTOFF });
  const beginPlan = performance.now();
  const plan = await planFeatures(engine, planInput());
  const planSeconds = (performance.now() - beginPlan) / 1000;
  const before = { wall: performance.now(), cpu: process.cpuUsage(), rss: process.memoryUsage().rss };
  const matrix =
    side === 'ours'
      ? await computeFeatures(engine, plan, rows, { outcomes: false })
      : await rival(engine, plan, side, rows);
  const cpu = process.cpuUsage(before.cpu);
  const figures = {
    seconds: (performance.now() - before.wall) / 1000,
    cpu: (cpu.user + cpu.system) / 1e6,
    planSeconds,
    baseMb: Math.round(before.rss / 2 ** 20),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    columns: matrix.columns.map((c) => c.name),
  };
  writeFileSync(
    `${out}.bin`,
    Buffer.concat(matrix.data.map((d) => Buffer.from(d.buffer, d.byteOffset, d.byteLength))),
  );
  writeFileSync(`${out}.json`, JSON.stringify(figures));
  await engine.close();
}

async function rival(engine, plan, side, rows) {
  const columns = [];
  const data = [];
  for (const source of plan.sources) {
    const { sql, names } = rivalQueries[side](source);
    data.push(...(await engine.float32(sql, rows, names.length)));
    columns.push(...names.map((name) => ({ name })));
  }
  return { columns, data };
}

/** Tables copied into memory, where the program keeps them, or read in place when memory could not hold them. */
async function attach(engine, file, inPlace) {
  await engine.run(`ATTACH '${file}' AS stored (READ_ONLY); CREATE SCHEMA data; CREATE SCHEMA task`);
  for (const name of ['users', 'views', 'orders'])
    await engine.run(`CREATE ${inPlace ? 'VIEW' : 'TABLE'} data.${name} AS SELECT * FROM stored.${name}`);
}

function run(work, spec) {
  const out = join(work, spec.side);
  const child = spawnSync(
    process.execPath,
    [import.meta.filename, '--child', JSON.stringify({ ...spec, out })],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (child.status !== 0) throw new Error(`${spec.side} ended with ${child.status ?? child.signal}`);
  return JSON.parse(readFileSync(`${out}.json`, 'utf8'));
}

function readValues(work, side, columns, rows) {
  const bytes = readFileSync(join(work, `${side}.bin`));
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  return new Map(columns.map((name, i) => [name, all.subarray(i * rows, (i + 1) * rows)]));
}

/** Counts must be equal; sums and means within 1e-6; spreads, which lose digits in both, within 1e-3. */
const toleranceOf = (name) =>
  /\.std\./.test(name) ? 1e-3 : /\.(count|days|category|since)[.A-Z]/.test(name) ? 0 : 1e-6;

/** Cells that differ, in words. */
function disagreement(ours, theirs) {
  const faults = [];
  for (const [name, values] of theirs) {
    const mine = ours.get(name);
    if (!mine) throw new Error(`no column ${name}`);
    const tolerance = toleranceOf(name);
    for (let i = 0; i < values.length; i++) {
      const [a, b] = [mine[i], values[i]];
      if (Number.isNaN(a) !== Number.isNaN(b) || Math.abs(a - b) > tolerance * Math.max(1, Math.abs(b)))
        faults.push(`${name} row ${i}: ${a} against ${b}`);
    }
  }
  return faults;
}

const fastest = (runs) => runs.reduce((a, b) => (b.seconds < a.seconds ? b : a));
const words = (n) => (n >= 1e6 ? `${n / 1e6} M` : `${n / 1e3} k`);

function compare(work, { file, events, users, rows, moments, label }) {
  const sides = ['ours', ...Object.keys(rivalQueries)];
  const runs = Object.fromEntries(sides.map((side) => [side, []]));
  for (let k = 0; k < repeats; k++)
    for (const side of sides)
      runs[side].push(run(work, { side, file, moments, rows, users, memoryMb: 8000 }));
  const best = Object.fromEntries(sides.map((side) => [side, fastest(runs[side])]));
  const own = readValues(work, 'ours', best.ours.columns, rows);
  for (const side of sides.slice(1)) {
    const faults = disagreement(own, readValues(work, side, best[side].columns, rows));
    if (faults.length > 0)
      throw new Error(`${faults.length} cells differ from rival ${side}, as ${faults[0]}`);
  }
  const name = sides.slice(1).reduce((a, b) => (best[b].seconds < best[a].seconds ? b : a));
  const [mine, theirs] = [best.ours, best[name]];
  const others = sides.slice(1).map((side) => `${side} ${best[side].seconds.toFixed(2)} s`);
  print({
    name: `features: ${words(events)} events, ${words(rows)} snapshots ${label}, ${mine.columns.length} columns`,
    ours: +mine.seconds.toFixed(2),
    rival: +theirs.seconds.toFixed(2),
    rivalName: `DuckDB SQL, ${name}, ${theirs.columns.length} columns`,
    ratio: +(mine.seconds / theirs.seconds).toFixed(2),
    budget: 1.5,
    note: `CPU ${mine.cpu.toFixed(1)} s against ${theirs.cpu.toFixed(1)} s; peak ${mine.peakMb} MB against ${theirs.peakMb} MB (tables alone ${mine.baseMb} MB); plan ${mine.planSeconds.toFixed(1)} s; ${others.join(', ')}; values agree`,
  });
}

const print = (line) => console.log(JSON.stringify({ unit: 's', ...line }));

async function store(work, events, users) {
  const file = join(work, `events-${events}.duckdb`);
  const engine = await openDuckdb({ threads, memoryLimitMb: 6000, file, spillDir: `${file}.spill` });
  await fillEvents(engine, events, users);
  await engine.close();
  return file;
}

async function largeRun(work) {
  const [events, users, rows] = [100_000_000, 200_000, 200_000];
  const file = await store(work, events, users);
  const mine = run(work, { side: 'ours', file, moments: 'own', rows, users, memoryMb: 7000, inPlace: true });
  print({
    name: `features: ${words(events)} events, ${words(rows)} snapshots each at its own moment, peak memory`,
    unit: 'MB',
    ours: mine.peakMb,
    budget: 8192,
    note: `${mine.seconds.toFixed(0)} s, CPU ${mine.cpu.toFixed(0)} s, plan ${mine.planSeconds.toFixed(0)} s; tables of ${(statSync(file).size / 2 ** 30).toFixed(1)} GB read from disk, engine limit 7,000 MB`,
  });
}

if (process.argv[2] === '--child') {
  await measure(JSON.parse(process.argv[3]));
} else {
  const work = mkdtempSync(join(tmpdir(), 'leadlight-bench-'));
  try {
    const [events, users, rows] = smoke ? [200_000, 1_000, 4_000] : [10_000_000, 50_000, 200_000];
    const file = await store(work, events, users);
    compare(work, { file, events, users, rows, moments: 'common', label: 'on common dates' });
    compare(work, { file, events, users, rows, moments: 'own', label: 'each at its own moment' });
    if (large) await largeRun(work);
  } finally {
    rmSync(work, { recursive: true });
  }
}
