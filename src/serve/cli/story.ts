/** The worked examples told in a simulated company: each asked as published, through the same calls as any question. */
import { join } from 'node:path';
import { type PublishedRow, STORY_CASES, type StoryCase } from '../../simulate/story/cases.ts';
import { exportStory, type StoryReport } from '../../simulate/story/story.ts';
import type { CompareDetail, Reason, RungResult, ScoreReport, TargetOptions } from '../scoring/types.ts';
import type { CommandContext } from './command.ts';

export interface ToldRow extends PublishedRow {
  /** Of the rung that scores; null: not in the population that day. */
  readonly ours: number | null;
  /** Chance that an opportunity opens, and that a deal is won, within 90 days, as the simulator knows it. */
  readonly opened: number | null;
  readonly won: number | null;
  /** Prediction by rung. */
  readonly rungs: Readonly<Record<string, number>>;
  readonly reasons: readonly Pick<Reason, 'signal' | 'share' | 'direction' | 'sentence'>[];
  readonly act: string | null;
}

export interface ToldCase extends Pick<StoryCase, 'folder' | 'title' | 'query' | 'at' | 'orders'> {
  readonly rows: readonly ToldRow[];
  /** That gave `ours`; null where nobody is named. */
  readonly rung: string | null;
  readonly cases: { readonly test: number; readonly positives: number };
  readonly ladder: readonly Pick<RungResult, 'name' | 'level' | 'auroc' | 'auroc_ci' | 'lift10' | 'lift20'>[];
  readonly verdict: string;
}

export interface Told {
  readonly accounts: number;
  readonly seed: number;
  readonly rows: StoryReport['rows'];
  readonly measured: StoryReport['measured'];
  readonly cases: readonly ToldCase[];
}

const ACCOUNTS = 1200;
/** Reasons shown for a row. */
const REASONS = 3;

export async function tellStory(
  folder: string,
  context: CommandContext,
  said: (told: ToldCase) => void,
): Promise<Told> {
  const { options, control } = context;
  const seed = options.seed ?? 1;
  const accounts = options.accounts ?? ACCOUNTS;
  const story = await exportStory(folder, { seed, accounts }, control);
  const cases: ToldCase[] = [];
  for (const asked of STORY_CASES) {
    const told = await tell(asked, folder, story, context);
    cases.push(told);
    said(told);
  }
  return { accounts, seed, rows: story.rows, measured: story.measured, cases };
}

async function tell(
  asked: StoryCase,
  folder: string,
  story: StoryReport,
  { library, options, control }: CommandContext,
): Promise<ToldCase> {
  const dir = join(folder, asked.folder);
  await library.initWorkspace([join(dir, 'tables')], dir, control);
  const workspace = await library.openWorkspace(
    dir,
    options.threads === undefined ? {} : { threads: options.threads },
  );
  try {
    const target: TargetOptions = {
      ...control,
      query: asked.query,
      budget: options.budget ?? 'quick',
      seed: options.seed ?? 1,
    };
    const detail = await workspace.compare({ ...target, testAt: asked.at, testTo: asked.at });
    const scored =
      asked.published.length === 0 ? undefined : await workspace.score({ ...target, at: asked.at });
    return toldCase(asked, detail, scored, story);
  } finally {
    await workspace.close();
  }
}

function toldCase(
  asked: StoryCase,
  detail: CompareDetail,
  scored: ScoreReport | undefined,
  story: StoryReport,
): ToldCase {
  const { folder, title, query, at, orders } = asked;
  const { report } = detail;
  const scores = new Map(scored?.scores.map((s) => [s.entity, s]));
  const rows = asked.published.map((published): ToldRow => {
    const score = scores.get(published.id);
    const place = detail.entityIds.indexOf(published.id);
    const rungs = Object.entries(detail.predictions).map(
      ([rung, prediction]) => [rung, prediction[place]] as const,
    );
    return {
      ...published,
      ours: score?.probability ?? null,
      opened: story.truth[published.id]?.opened ?? null,
      won: story.truth[published.id]?.won ?? null,
      rungs: place < 0 ? {} : Object.fromEntries(rungs.map(([rung, p]) => [rung, p!])),
      reasons: (score?.reasons ?? [])
        .slice(0, REASONS)
        .map(({ signal, share, direction, sentence }) => ({ signal, share, direction, sentence })),
      act: score?.action ?? null,
    };
  });
  return {
    ...{ folder, title, query, at, orders, rows },
    rung: scored?.model.rung ?? null,
    cases: { test: report.snapshots.test.rows, positives: report.snapshots.test.positives },
    ladder: report.rungs
      .filter((r) => r.auroc !== null)
      .map(({ name, level, auroc, auroc_ci, lift10, lift20 }) => ({
        ...{ name, level, auroc, auroc_ci, lift10, lift20 },
      })),
    verdict: report.verdict,
  };
}
