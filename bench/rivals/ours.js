// Our side of one case, in a process of its own: the tables and the task as the rivals get them, then our features and
// rungs on the same rows.
//
//   node bench/rivals/ours.js '{"sources": …, "options": …, "out": …, "threads": 2}'
//
// Writes <out>/schema.json, task.parquet and one parquet file a table; prints one JSON line.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDuckdb } from '../../dist/data/engine/duckdb.js';
import { loadWorkspace } from '../../dist/data/load/load.js';
import { readConfig } from '../../dist/data/schema/yaml-read.js';
import { DUCKDB } from '../../dist/data/sql/duckdb.js';
import { computeFeatures } from '../../dist/learn/features/run.js';
import { selectRows } from '../../dist/learn/features/screen.js';
import { heldOut, judge } from '../../dist/serve/scoring/evaluate.js';
import { prepare } from '../../dist/serve/scoring/prepare.js';
import { resolveTask } from '../../dist/serve/scoring/resolve.js';
import { fitRungs } from '../../dist/serve/scoring/rungs.js';
import { withheldOf } from '../../dist/serve/scoring/views.js';
import { initWorkspace } from '../../dist/serve/scoring/workspace.js';

const { sources, options, out, threads, rungs } = JSON.parse(process.argv[2]);
const name = DUCKDB.identifier;
const text = DUCKDB.string;
const seconds = (since) => +((performance.now() - since) / 1000).toFixed(2);

mkdirSync(out, { recursive: true });
const { file } = await initWorkspace(sources, out);
const config = readConfig(readFileSync(file, 'utf8'), file);
const engine = await openDuckdb({ threads });
const load = await loadWorkspace(engine, config, out, {}, { now: new Date() });
const context = { dir: out, config, engine, load, now: Date.now(), threads };
const lastCredible = load.lastCredibleTime ?? Date.now();

const resolved = await resolveTask(context, options, 'compare');
const { task } = resolved;
const begin = performance.now();
const prepared = await prepare({ ...context, lastCredible, budget: 'normal', seed: 1 }, task, {});
const featureSeconds = seconds(begin);

const same = await sameColumns();
await exportCase();

const test = heldOut(task);
const fitted = await fitRungs(config, prepared, selectRows(prepared.matrix, test.rows), {
  rungs,
  seed: 1,
  budget: 'normal',
  threads,
});
const figures = fitted.map(({ model, prediction, note, seconds: s }) => {
  if (!prediction) return { name: model.name, note };
  const { auroc, average_precision } = judge(
    { name: model.name, level: 0, seconds: 0 },
    prepared.model,
    prediction,
    test,
    1,
  );
  return { name: model.name, auroc, average_precision, fit_seconds: s };
});
console.log(
  JSON.stringify({
    rows: task.snapshots.rows,
    test_rows: test.rows.length,
    test_positives: task.counts.test.positives,
    feature_seconds: featureSeconds,
    features: prepared.matrix.columns.length,
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    same: { columns: same.columns, seconds: same.seconds, rows: task.snapshots.rows },
    rungs: figures,
  }),
);
await engine.close();

/** count, and sum, mean, min, max, std of numbers, over all rows of the tables directly below the entity. */
async function sameColumns() {
  const links = new Set(config.schema.links.map((l) => l.name));
  const direct = prepared.plan.sources.filter(
    (s) =>
      s.group.up.length === 0 &&
      s.group.column === undefined &&
      s.down.length === 1 &&
      s.stream === 'opened' &&
      links.has(s.down[0].link),
  );
  const own = direct.filter((s) => direct.find((other) => other.table === s.table) === s);
  const sources = own.map((s) => {
    const all = s.windows.length;
    const meta = (primitive, column) => ({ ...s.columns[0].meta, name: `${s.table}|${column}|${primitive}` });
    const numbers = s.numeric.flatMap((m, x) => (m.times === undefined ? [{ column: m.column, x }] : []));
    const kinds = ['sum', 'mean', 'min', 'max', 'std'];
    return {
      ...s,
      columns: [
        { meta: meta('count', ''), formula: { kind: 'count', w: all } },
        ...numbers.flatMap(({ column, x }) =>
          kinds.map((kind) => ({ meta: meta(kind, column), formula: { kind, x, w: all } })),
        ),
      ],
    };
  });
  const plan = { ...prepared.plan, statics: [], outcomes: [], ratios: [], sources };
  await engine.run('SET threads = 1');
  const since = performance.now();
  const matrix = await computeFeatures(engine, plan, task.snapshots.rows, { outcomes: false });
  const taken = seconds(since);
  await engine.run(`SET threads = ${threads}`);
  // Exact totals, by which the rival's columns are checked.
  const totals = Object.fromEntries(
    matrix.columns.map((c, i) => [
      c.name,
      matrix.data[i].reduce((sum, v) => sum + (Number.isNaN(v) ? 0 : v), 0),
    ]),
  );
  const asked = sources.map((s) => ({
    table: s.table,
    link: s.down[0].link,
    numeric: s.numeric.filter((m) => m.times === undefined).map((m) => m.column),
  }));
  writeFileSync(join(out, 'same.json'), JSON.stringify({ sources: asked, totals }));
  return { columns: matrix.columns.length, seconds: taken };
}

async function exportCase() {
  const withheld = new Set(withheldOf(prepared).map((w) => w.column));
  const kinds = {
    numeric: 'number',
    boolean: 'number',
    categorical: 'category',
    multicategorical: 'category',
    title: 'category',
  };
  const tables = config.schema.tables.map((t) => ({
    name: t.name,
    dated: t.time !== undefined,
    columns: t.columns.flatMap((c) => {
      const kind = kinds[c.semantic];
      const hidden = withheld.has(`${t.name}.${c.name}`) || withheld.has(`${t.name}.*`);
      const changes = c.mutable !== undefined && c.trusted !== true;
      return kind === undefined || hidden || changes ? [] : [{ name: c.name, kind }];
    }),
  }));
  const links = config.schema.links.map((l) => ({ name: l.name, from: l.from, to: l.to }));
  writeFileSync(
    join(out, 'schema.json'),
    JSON.stringify({ entity: task.entityTable, static: task.static, tables, links }),
  );
  for (const t of tables) {
    const of = [
      '__row',
      'CASE WHEN isfinite(__known) THEN __known END AS __known',
      ...t.columns.map((c) => name(c.name)),
      ...links.filter((l) => l.from === t.name).map((l) => name(`__fk_${l.name}`)),
    ];
    await engine.run(
      `COPY (SELECT ${of.join(', ')} FROM data.${name(t.name)} ORDER BY __row) TO ${text(join(out, `table-${tables.indexOf(t)}.parquet`))} (FORMAT parquet)`,
    );
  }
  const label = (i) =>
    Number.isNaN(task.visible.values[i]) ? task.heldOut.values[i] : task.visible.values[i];
  const { entityRow, cutoff, split } = task.snapshots;
  const lines = split.map(
    (s, i) =>
      `${i},${entityRow[i]},${Number.isNaN(cutoff[i]) ? '' : new Date(cutoff[i]).toISOString().slice(0, 23)},${label(i)},${s}`,
  );
  writeFileSync(join(out, 'task.csv'), `sid,erow,cutoff,label,split\n${lines.join('\n')}\n`);
}
