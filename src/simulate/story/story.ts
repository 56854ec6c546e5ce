/**
 * One simulated company told in the layouts of the worked examples, a folder each, with the named records written into
 * it; and apart from the tables what was true of these on the day they are scored.
 */
import { join } from 'node:path';
import type { RunControl } from '../../util/progress.ts';
import { MECHANISMS } from '../mechanisms.ts';
import { paced } from '../pace.ts';
import { companyDays, type TruthAt } from '../run.ts';
import { combineRecorders } from '../tables/combine.ts';
import { createCsvWriter } from '../write.ts';
import { accountTables } from './account-tables.ts';
import { COLLEAGUES, SCORED_ACCOUNTS } from './cast-accounts.ts';
import { RANKED_LEADS, SCORED_LEADS } from './cast-leads.ts';
import { colleagueTables, graphTables } from './contact-tables.ts';
import { crmActivityTables } from './crm-activities.ts';
import { leadScoringTables } from './lead-scoring.ts';
import { type Measured, measuring } from './measure.ts';
import { printed } from './printed.ts';
import { createScript, type StoryNames } from './script.ts';

export const STORY_FROM = Date.UTC(2023, 8, 1);
export const STORY_TO = Date.UTC(2026, 1, 28);
const CAST = [...SCORED_LEADS, ...RANKED_LEADS, ...COLLEAGUES, ...SCORED_ACCOUNTS];

/** Folders of the layouts. */
export const LAYOUTS = ['lead-scoring', 'colleagues', 'crm-activities', 'graph', 'accounts'] as const;

export interface StoryOptions {
  readonly seed: number;
  readonly accounts: number;
  /** Imagined futures for the true probabilities of the named records; 0: none. Default 24. */
  readonly futures?: number;
}

export interface StoryReport {
  /** Rows by folder and table. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Of the named accounts and leads, by name, within 90 days of the day they are scored. */
  readonly truth: Readonly<Record<string, { readonly opened: number; readonly won: number }>>;
  readonly measured: Measured;
}

export async function exportStory(
  folder: string,
  options: StoryOptions,
  control: RunControl = {},
): Promise<StoryReport> {
  const script = createScript(CAST);
  const print = printed(script.names);
  const writers = Object.fromEntries(
    LAYOUTS.map((layout) => [layout, createCsvWriter(join(folder, layout, 'tables'))]),
  );
  const sinkOf = (layout: (typeof LAYOUTS)[number]) => writers[layout]!.sink;
  const measure = measuring();
  const recorders = [
    leadScoringTables(sinkOf('lead-scoring'), print),
    crmActivityTables(sinkOf('crm-activities'), print),
    colleagueTables(sinkOf('colleagues'), print),
    graphTables(sinkOf('graph'), print),
    accountTables(sinkOf('accounts'), print, script.names),
    measure,
  ];
  const truth: Record<string, { opened: number; won: number }> = {};
  const days = companyDays(
    {
      seed: options.seed,
      accounts: options.accounts,
      from: STORY_FROM,
      to: STORY_TO,
      mechanisms: MECHANISMS,
      script,
      tables: () => combineRecorders(recorders),
      truthAt: options.futures === 0 ? [] : [...new Set(CAST.map((c) => Date.parse(c.until)))],
      truth: { horizon: 90, futures: options.futures ?? 24 },
    },
    () => {},
    (at) => Object.assign(truth, truthOfNamed(at, script.names)),
    control,
  );
  try {
    await paced(days);
  } finally {
    for (const writer of Object.values(writers)) writer.close();
  }
  return {
    rows: Object.fromEntries(LAYOUTS.map((l) => [l, Object.fromEntries(writers[l]!.counts)])),
    truth,
    measured: measure.measured(),
  };
}

function truthOfNamed({ at, truth }: TruthAt, names: StoryNames): StoryReport['truth'] {
  const day = new Date(at).toISOString().slice(0, 10);
  return Object.fromEntries(
    [...names.accounts]
      .filter(([, written]) => written.until === day)
      .flatMap(([id, written]) => {
        const chances = { opened: truth.opened[id]!.p, won: truth.won[id]!.p };
        const called = [written.lead ?? written.id, ...(written.lead ? [] : written.people.map((p) => p.id))];
        return called.map((name) => [name, chances] as const);
      }),
  );
}
