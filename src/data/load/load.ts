/**
 * Raw tables → `data."<table>"`, as engine/types.ts describes it: typed, keyed, dated and linked, with a report of
 * everything that did not fit. Time safety begins here: `__known` of every row is decided once, in this folder.
 *
 * Order: stage every file table, then every derived table; resolve links; settle `__known` of undated tables;
 * date the links whose keys change.
 */
import type { RunControl } from '../../util/progress.ts';
import { cancellable } from '../engine/cancel.ts';
import type { Engine } from '../engine/types.ts';
import type { Table, WorkspaceConfig } from '../schema/types.ts';
import { attachRaw, RAW_SCHEMA, rawTable } from '../sources/attach.ts';
import type { Repair, SourceFile } from '../sources/types.ts';
import { DATA_SCHEMA, type LoadContext, STAGE_SCHEMA } from './context.ts';
import { countTimes, lastCredibleTime } from './credible.ts';
import { dateLinks } from './dated.ts';
import { stageDerived } from './derived.ts';
import { settleKnown } from './known.ts';
import { resolveLinks } from './links.ts';
import { stageTable } from './stage.ts';
import type { LoadReport, TableLoad } from './types.ts';

export type { LoadReport, TableLoad };

export interface LoadOptions {
  /** The moment after which rows are future-dated. Default: the clock. */
  readonly now?: Date;
}

/** Reads the sources named in the schema, unless they stand in `raw` already, and builds the `data` tables. */
export async function loadWorkspace(
  engine: Engine,
  config: WorkspaceConfig,
  baseDir: string,
  control: RunControl = {},
  options: LoadOptions = {},
): Promise<LoadReport> {
  const context: LoadContext = { engine, schema: config.schema, timeZone: config.timeZone };
  const now = options.now ?? new Date();
  await engine.run(`CREATE SCHEMA IF NOT EXISTS ${RAW_SCHEMA}; CREATE SCHEMA IF NOT EXISTS ${DATA_SCHEMA};
    DROP SCHEMA IF EXISTS ${STAGE_SCHEMA} CASCADE; CREATE SCHEMA ${STAGE_SCHEMA}`);
  const drafts = await stageAll(context, baseDir, control);
  const linked = new Map<string, TableLoad['orphans']>();
  for (const [done, table] of config.schema.tables.entries()) {
    control.progress?.({ stage: 'linking', done, total: config.schema.tables.length, unit: 'tables' });
    linked.set(table.name, await cancellable(engine, control, () => resolveLinks(context, table)));
  }
  await cancellable(engine, control, () => settleKnown(context));
  await cancellable(engine, control, () => dateLinks(context));
  await engine.run(`DROP SCHEMA ${STAGE_SCHEMA} CASCADE`);
  const tables: TableLoad[] = [];
  for (const table of config.schema.tables)
    tables.push({
      ...drafts.get(table.name)!,
      orphans: linked.get(table.name)!,
      ...(await countTimes(context, table, now)),
    });
  const last = await lastCredibleTime(context, now);
  return { tables, ...(last === undefined ? {} : { lastCredibleTime: last }) };
}

type Draft = Omit<TableLoad, 'orphans' | 'missingTime' | 'future'>;

async function stageAll(
  context: LoadContext,
  baseDir: string,
  control: RunControl,
): Promise<ReadonlyMap<string, Draft>> {
  const { engine, schema } = context;
  const present = await presentRaw(engine);
  const order = [...schema.tables].sort((a, b) => Number(isDerived(a)) - Number(isDerived(b)));
  const drafts = new Map<string, Draft>();
  for (const table of order) {
    control.progress?.({ stage: 'loading', done: drafts.size, total: order.length, unit: 'tables' });
    drafts.set(
      table.name,
      isDerived(table)
        ? {
            name: table.name,
            setAside: [],
            unparsed: [],
            repairs: [],
            ...(await cancellable(engine, control, () => stageDerived(context, table))),
          }
        : await stageFile(context, table, present, baseDir, control),
    );
  }
  return drafts;
}

const isDerived = (table: Table): boolean => table.origin.kind === 'derived';

async function presentRaw(engine: Engine): Promise<ReadonlySet<string>> {
  const rows = await engine.rows(
    `SELECT table_name AS t FROM information_schema.tables WHERE table_schema = '${RAW_SCHEMA}'`,
  );
  return new Set(rows.map((r) => String(r.t)));
}

/** A raw table read for this load is dropped as soon as it is staged. */
async function stageFile(
  context: LoadContext,
  table: Table,
  present: ReadonlySet<string>,
  baseDir: string,
  control: RunControl,
): Promise<Draft> {
  const own = !present.has(table.name);
  const repairs: readonly Repair[] = own
    ? (
        await attachRaw(context.engine, [sourceOf(table)], baseDir, {
          ...(control.signal && { signal: control.signal }),
        })
      )[0]!.repairs
    : [];
  const staged = await cancellable(context.engine, control, () => stageTable(context, table));
  if (own) await context.engine.run(`DROP TABLE ${rawTable(table.name)}`);
  return { name: table.name, repairs, ...staged };
}

function sourceOf({ name, origin }: Table): SourceFile {
  if (origin.kind === 'derived') throw new Error(`${name} has no file`);
  const { path, format, member } = origin;
  return { name, path, format, ...(member === undefined ? {} : { member }) };
}
