/** A command line without a process: streams into strings, a library that answers with the sample. */
import type { CliIo } from '../../src/serve/cli/io.ts';
import type { Library } from '../../src/serve/cli/library.ts';
import { runCli } from '../../src/serve/cli/run.ts';
import type { ScoreReport, TargetOptions } from '../../src/serve/scoring/types.ts';
import type { Workspace } from '../../src/serve/scoring/workspace.ts';
import { SAMPLE_CEILING } from './sample-ceiling.ts';
import { SAMPLE_REPORT, sampleDetail, sampleScore } from './sample-detail.ts';
import { SAMPLE_PLAYBOOK, sampleSignals, sampleWhatIf } from './sample-explain.ts';
import { fakeRegistry, SAMPLE_MODEL } from './sample-model.ts';
import { sampleAudit, sampleBacktest } from './sample-proof.ts';

export interface FakeIo {
  readonly io: CliIo;
  readonly out: () => string;
  readonly err: () => string;
}

export function fakeIo(overrides: Partial<CliIo> = {}): FakeIo {
  const out: string[] = [];
  const err: string[] = [];
  const io: CliIo = {
    out: { write: (text) => void out.push(text) },
    err: { write: (text) => void err.push(text) },
    cwd: '/',
    env: {},
    isTty: false,
    columns: 100,
    signal: new AbortController().signal,
    clock: () => 0,
    today: () => new Date(Date.UTC(2025, 0, 2)),
    ...overrides,
  };
  return { io, out: () => out.join(''), err: () => err.join('') };
}

const CONFIG: Workspace['config'] = {
  version: 1,
  timeZone: 'UTC',
  schema: { tables: [], links: [], derivedLinks: [] },
  targets: [],
  integrations: [],
  pointRules: [],
  playbook: [],
};

const MODEL: ScoreReport['model'] = {
  rung: 'blend',
  version: 'v1',
  status: null,
  data_cutoff: '2024-04-28T00:00:00.000Z',
  trained_rows: 2400,
  positives: 241,
};

/** Records what each call was given; `overrides` replace single methods. */
export function fakeLibrary(overrides: Partial<Workspace> = {}): {
  readonly library: Library;
  readonly calls: TargetOptions[];
  readonly closed: () => number;
} {
  const calls: TargetOptions[] = [];
  let closed = 0;
  const note = (options: TargetOptions): void => {
    calls.push(options);
  };
  const workspace: Workspace = {
    dir: '/w',
    config: CONFIG,
    check: async () => ({ findings: [] }),
    labels: async () => ({
      task: SAMPLE_REPORT.task,
      splits: {
        train: { rows: 2000, positives: 200, cutoffs: 10, from: '2024-01-07', to: '2024-03-17' },
        val: { rows: 400, positives: 41, cutoffs: 1, from: '2024-03-31', to: '2024-03-31' },
        test: { rows: 400, positives: 80, cutoffs: 1, from: '2024-04-14', to: '2024-04-14' },
        predict: { rows: 0, positives: 0, cutoffs: 0, from: null, to: null },
      },
      dropped: [{ reason: 'already true at the cutoff', rows: 17 }],
      warnings: [],
    }),
    plan: async () => ({
      ...{ columns: [], paths: [], notes: [] },
      estimate: { snapshots: 0, columns: 0, staged_rows: 0, joined_rows: 0, seconds: 0, memory_mb: 0 },
    }),
    sql: async () => [{ name: 'labels', sql: 'SELECT 1' }],
    compare: async (options) => {
      note(options);
      return sampleDetail();
    },
    ceiling: async (options) => {
      note(options);
      return { detail: sampleDetail(), ceiling: SAMPLE_CEILING };
    },
    audit: async (options) => {
      note(options);
      return sampleAudit();
    },
    priority: async (options) => {
      note(options);
      return {
        task: SAMPLE_REPORT.task,
        model: MODEL,
        cutoff: '2024-04-28T00:00:00.000Z',
        days: 14,
        capacity: options.capacity,
        population: 40,
        call: [sampleScore('L2', 0.6), sampleScore('L1', 0.2)],
        expected: 0.8,
        waiting: [{ entity: 'L9', probability: 0.5, last: '2024-04-26T10:00:00.000Z' }],
        warnings: [],
      };
    },
    backtest: async (options) => {
      note(options);
      return sampleBacktest();
    },
    train: async () => ({ model: SAMPLE_MODEL, path: `/w/models/${SAMPLE_MODEL.card.version}` }),
    models: fakeRegistry(),
    score: async (options) => {
      note(options);
      return {
        task: SAMPLE_REPORT.task,
        model: MODEL,
        cutoff: '2024-04-28T00:00:00.000Z',
        scores: [sampleScore('L1', 0.2), sampleScore('L2', 0.6)],
        shadows: [],
        warnings: ['3 ids have no row'],
      };
    },
    explain: async ({ id }) => sampleScore(id, 0.6),
    whatIf: async ({ id }) => sampleWhatIf(id),
    signals: async () => sampleSignals(MODEL),
    playbookTest: async () => SAMPLE_PLAYBOOK,
    explainQuery: async () => ({ lines: ['with tables'], diagnostics: [] }),
    close: async () => {
      closed++;
    },
    ...overrides,
  };
  const library: Library = {
    openWorkspace: async () => workspace,
    initWorkspace: async (_, dir) => ({ config: CONFIG, file: `${dir}/leadlight.yaml`, warnings: [] }),
    explainText: async () => ({ lines: ['text alone'], diagnostics: [] }),
    printCheck: async () => 'Nothing found.',
    printSchema: async () => 'tables',
    schemaMermaid: async () => 'erDiagram',
    schemaSvg: async () => '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
  };
  return { library, calls, closed: () => closed };
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function runFake(
  argv: readonly string[],
  io: Partial<CliIo> = {},
  library: Library = fakeLibrary().library,
): Promise<Ran> {
  const fake = fakeIo(io);
  const code = await runCli(argv, fake.io, library);
  return { code, out: fake.out(), err: fake.err() };
}
