// Do reasons hold: with the rows behind the first upward reason gone, is the score lower?
//
//   node bench/evidence.js [--smoke] [case …]
//
// Of the highest scores, at equal distances, those whose first upward reason rests on rows of events: all rows that its
// leading column read are deleted (then restored), the features are computed again and the score is compared. Reasons
// from the entity's own record, from its parents' records or from what is absent have no rows to delete and are counted
// apart. Cases: both bundled examples, and two reference tasks where LEADLIGHT_DATA (default ../shared/data) is there.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckdb } from '../dist/data/engine/duckdb.js';
import { loadWorkspace } from '../dist/data/load/load.js';
import { ID, ROW } from '../dist/data/schema/types.js';
import { readConfig } from '../dist/data/schema/yaml-read.js';
import { as, col, inList, select, table } from '../dist/data/sql/build.js';
import { toSql } from '../dist/data/sql/print.js';
import { explainRows } from '../dist/learn/explain/explain-rows.js';
import { wordingOf } from '../dist/learn/explain/wording.js';
import { selectRows } from '../dist/learn/features/screen.js';
import { chooseScorable } from '../dist/serve/scoring/choose.js';
import { featuresWithout } from '../dist/serve/scoring/without-rows.js';
import { runCli } from './cli.js';

const root = join(import.meta.dirname, '..');
const data = process.env.LEADLIGHT_DATA ?? join(root, '..', 'shared', 'data');
const smoke = process.argv.includes('--smoke');
const named = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const SAMPLED = smoke ? 4 : 30;
const HIGHEST = 200;
const ALL_ROWS = 100_000;

const demo = JSON.parse(readFileSync(join(root, 'examples', 'demo.json'), 'utf8'));
const bundled = demo.map(({ folder, target: { trainTo, valAt, testAt, ...target } }) => ({
  ...{ name: folder, tables: join(root, 'examples', folder), target },
}));
const reference = [
  {
    name: 'leadforge_intermediate_time',
    tables: join(data, 'leadforge_b2b_saas', 'intermediate'),
    target: {
      taskTable: join(data, 'leadforge_b2b_saas', 'tasks', 'leadforge_intermediate_time.csv.gz'),
      entity: 'leads.lead_id',
    },
  },
  {
    name: 'cdnow',
    tables: join(data, 'cdnow'),
    target: { taskTable: join(data, 'cdnow', 'tasks', 'cdnow.csv.gz'), entity: 'customer_id' },
  },
];

const cases = (smoke ? bundled.slice(1) : [...bundled, ...reference]).filter(
  (c) => existsSync(c.tables) && (named.length === 0 || named.includes(c.name)),
);

async function open(tables, dir) {
  runCli(['init', tables, '--workspace', dir]);
  const config = readConfig(readFileSync(join(dir, 'leadlight.yaml'), 'utf8'), 'leadlight.yaml');
  const engine = await openDuckdb({ threads: 2, spillDir: join(dir, '.spill') });
  const now = new Date();
  const load = await loadWorkspace(engine, config, dir, {}, { now });
  return { dir, config, engine, load, now: now.getTime(), threads: 2 };
}

/** Table → `__row` of the ids. */
async function rowsOf(engine, evidence) {
  const hidden = new Map();
  for (const { table: name, ids } of evidence) {
    const query = select({
      columns: [as(col(ROW), 'r')],
      from: table(name, undefined, 'data'),
      where: inList(col(ID), ids),
    });
    const rows = (await engine.rows(toSql(query, engine.dialect))).map((r) => Number(r.r));
    hidden.set(name, [...(hidden.get(name) ?? []), ...rows]);
  }
  return hidden;
}

async function measure({ tables, target }, dir) {
  const context = await open(tables, dir);
  const scorable = await chooseScorable(context, { ...target, budget: 'quick', fresh: true });
  const { prepared, rows, fitted } = scorable;
  const { engine } = context;
  const { task, plan } = prepared;
  const matrix = selectRows(prepared.matrix, rows);
  const probability = await fitted.predict(matrix);
  const best = [...probability.keys()].sort((a, b) => probability[b] - probability[a]).slice(0, HIGHEST);
  const anchors = [...rows].map((sid) => ({
    entityRow: task.snapshots.entityRow[sid],
    cutoff: task.snapshots.cutoff[sid],
  }));
  const chosen = selectRows(matrix, Int32Array.from(best));
  const explanations = await explainRows({
    ...{ engine, schema: plan.input.schema, entityTable: task.entityTable, matrix: chosen },
    attribution: await fitted.attribute(chosen),
    anchors: best.map((place) => anchors[place]),
    rows: best.map((_, i) => i),
    wording: wordingOf(task.entityTable),
    evidenceLimit: ALL_ROWS,
  });
  const tally = { lower: 0, tried: 0, without: 0, failed: [] };
  const step = Math.max(1, Math.floor(best.length / (SAMPLED * 2)));
  for (let i = 0; i < best.length && tally.tried < SAMPLED; i += step) {
    const reason = explanations[i].reasons.find((r) => r.direction === 'up' && r.signal !== 'other');
    const evidence = (reason?.evidence ?? []).filter(({ table: name }) => isEvents(plan, task, name));
    if (evidence.length === 0) {
      tally.without++;
      continue;
    }
    const predict = async (hidden) =>
      (await fitted.predict(await featuresWithout(context, scorable, rows[best[i]], hidden, {})))[0];
    const now = await predict(new Map());
    const without = await predict(await rowsOf(engine, evidence));
    tally.tried++;
    if (without < now) tally.lower++;
    else
      tally.failed.push(`${reason.signal}: ${reason.sentence} (${now.toFixed(4)} → ${without.toFixed(4)})`);
  }
  await engine.close();
  return tally;
}

/** Deleting the entity or its parent would leave nothing to score. */
const isEvents = ({ sources }, task, name) =>
  name !== task.entityTable && sources.some((s) => s.table === name);

const work = mkdtempSync(join(tmpdir(), 'leadlight-evidence-'));
try {
  for (const one of cases) {
    const found = await measure(one, join(work, one.name));
    const share = found.tried === 0 ? 'none to try' : `${((100 * found.lower) / found.tried).toFixed(0)} %`;
    console.log(
      `${one.name}: lower in ${share} of ${found.tried} (${found.without} reasons without rows to delete)`,
    );
    for (const text of found.failed) console.log(`  not lower: ${text}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
