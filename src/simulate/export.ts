/**
 * A company to a folder: `tables/` in the shape asked for, and apart from them `truth.csv` (true probabilities) and
 * `company.json` (what was simulated and what dirt was planted).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunControl } from '../util/progress.ts';
import { soil } from './dirt/soil.ts';
import type { Dirt, Planted } from './dirt/types.ts';
import { paced } from './pace.ts';
import { companyDays } from './run.ts';
import { renamed, type Variant } from './sample.ts';
import type { Shape } from './shapes/shape.ts';
import { createShape, type ShapeName } from './shapes/shapes.ts';
import { stamp } from './tables/names.ts';
import { truthRows } from './truth-rows.ts';
import { type CompanyOptions, DAY, type Sink } from './types.ts';
import { createCsvWriter } from './write.ts';

export interface ExportOptions extends CompanyOptions {
  readonly dirt?: Dirt;
  readonly shape?: ShapeName;
  readonly variant?: Variant;
  /** ms; default three, thirty days apart, the newest whose 90 days are complete. */
  readonly truthAt?: readonly number[];
  readonly futures?: number;
  /** Day of the export, ms; default the end. */
  readonly until?: number;
}

export interface ExportReport {
  readonly folder: string;
  readonly rows: Readonly<Record<string, number>>;
  readonly planted: readonly Planted[];
  /** ISO dates of the true probabilities. */
  readonly truthAt: readonly string[];
}

export const HORIZON = 90;
const TRUTHS = 3;
const TRUTH_STEP = 30;

export async function exportCompany(
  folder: string,
  options: ExportOptions,
  control: RunControl = {},
): Promise<ExportReport> {
  mkdirSync(folder, { recursive: true });
  const tables = createCsvWriter(join(folder, 'tables'));
  const truth = createCsvWriter(folder);
  const shape = shapeOf(options);
  const omitted = new Set(options.variant?.omitted);
  const kept: Sink = (table, row) => {
    if (!omitted.has(table)) for (const out of shape(table, row)) tables.sink(out.table, out.row);
  };
  const dirty =
    options.dirt && soil(kept, { seed: options.seed, dirt: options.dirt, middle: middleOf(options) });
  const truthAt = options.truthAt ?? defaultTruthAt(options);
  const days = companyDays(
    {
      ...options,
      truthAt,
      truth: { horizon: HORIZON, ...(options.futures === undefined ? {} : { futures: options.futures }) },
    },
    dirty?.sink ?? kept,
    (at) => truthRows(at, shape, (row) => truth.sink('truth', row)),
    control,
  );
  try {
    await paced(days);
  } finally {
    tables.close();
    truth.close();
  }
  const report: ExportReport = {
    folder,
    rows: Object.fromEntries(tables.counts),
    planted: dirty?.planted() ?? [],
    truthAt: truthAt.map((at) => new Date(at).toISOString().slice(0, 10)),
  };
  writeFileSync(join(folder, 'company.json'), `${JSON.stringify({ options, ...report }, null, 2)}\n`);
  return report;
}

function shapeOf({ shape = 'plain', variant }: ExportOptions): Shape {
  const first = createShape(shape);
  if (!variant) return first;
  const second = renamed(variant);
  return (table, row) => first(table, row).flatMap((out) => second(out.table, out.row));
}

const middleOf = ({ from, to }: CompanyOptions): string => stamp((from + to) / 2);

/** Evenly spaced, as test cutoffs are, the newest the last whose horizon is complete on the day before the last. */
function defaultTruthAt({ from, to }: CompanyOptions): readonly number[] {
  const last = to - (HORIZON + 1) * DAY;
  return Array.from({ length: TRUTHS }, (_, i) => last - (TRUTHS - 1 - i) * TRUTH_STEP * DAY).filter(
    (at) => at > from,
  );
}
