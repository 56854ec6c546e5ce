/**
 * What running a plan costs, before it runs: rows laid out and joined are counted, seconds and memory follow from rates.
 * The rates are CPU times of each statement over the tables of bench/features.js (2 M events, 40 k snapshots on common
 * dates, 333 columns: 26 s), times the 0.62 that two free cores take of a CPU second; they are for choosing, not
 * promises. What does not fit the limits is left out, farthest paths first, and said. Counts and not clocks decide, so
 * that the same data give the same plan anywhere.
 */
import type { Ranked } from './cut.ts';
import { WIDTH } from './event-slices.ts';

export interface PlanLimits {
  readonly seconds?: number;
  readonly memoryMb?: number;
}

/** What one source's run works on. */
export interface SourceCost {
  /** Rows of the source that some snapshot may see. */
  readonly staged: number;
  /** (snapshot or pair, row) combinations. */
  readonly joined: number;
  /** Snapshots, or distinct pairs of a shared row and a cutoff. */
  readonly pairs: number;
}

export interface PlanEstimate {
  readonly snapshots: number;
  readonly columns: number;
  readonly stagedRows: number;
  readonly joinedRows: number;
  readonly seconds: number;
  /** The matrix, and the largest source's tables; what exceeds the engine's limit is spilled. */
  readonly memoryMb: number;
}

/** Microseconds a row to lay out and sort; a joined row alone, and for each column; a cell of the result. */
const RATES = { staged: 0.9, joined: 0.05, joinedColumn: 0.007, cell: 0.16 };
/** Every source creates and drops tables. */
const STATEMENTS_SECONDS = 0.05;
const BYTES = { cell: 4, stagedCell: 8, total: 8 };
/** Cells of a staged row that tell its place: rank, pause, the two types before it. */
const PLACED = { sequence: 8, plain: 1 };
const MB = 2 ** 20;

const sourceSeconds = ({ cost, columns }: Ranked): number =>
  STATEMENTS_SECONDS +
  (cost.staged * RATES.staged +
    cost.joined * (RATES.joined + RATES.joinedColumn * columns.length) +
    cost.pairs * columns.length * RATES.cell) /
    1e6;

/** Staged rows, and the bands of all pairs for one slice of the columns: while they are summed, and as a table. */
function sourceMb({ source, cost, columns }: Ranked): number {
  const placed = source.sequence ? PLACED.sequence : PLACED.plain;
  const cells = 4 + placed + source.numeric.length + source.categories.length + source.refs.length;
  const bands = Math.min(cost.joined, cost.pairs * (source.windows.length + 1));
  return (
    (cost.staged * cells * BYTES.stagedCell + 2 * bands * Math.min(columns.length, WIDTH) * BYTES.total) / MB
  );
}

/** @param others columns besides those of the sources. */
export function estimate(sources: readonly Ranked[], snapshots: number, others: number): PlanEstimate {
  const columns = sources.reduce((n, r) => n + r.columns.length, others);
  const total = (of: (r: Ranked) => number): number => sources.reduce((n, r) => n + of(r), 0);
  const matrixMb = (snapshots * columns * BYTES.cell) / MB;
  const largest = Math.max(0, ...sources.map(sourceMb));
  return {
    ...{ snapshots, columns },
    stagedRows: total((r) => r.cost.staged),
    joinedRows: total((r) => r.cost.joined),
    seconds: rounded(total(sourceSeconds) + (snapshots * others * RATES.cell) / 1e6),
    memoryMb: Math.ceil(matrixMb + largest),
  };
}

const rounded = (seconds: number): number => Math.ceil(seconds * 10) / 10;

export interface Fitted {
  readonly sources: readonly Ranked[];
  readonly notes: readonly string[];
}

/** The sources without those that would exceed a limit; `nameOf` says a path in words. */
export function fitLimits(
  sources: readonly Ranked[],
  snapshots: number,
  limits: PlanLimits,
  nameOf: (r: Ranked) => string,
): Fitted {
  const notes: string[] = [];
  let kept = [...sources];
  const leaveOut = (r: Ranked, why: string): void => {
    kept = kept.filter((k) => k !== r);
    notes.push(`left out: ${nameOf(r)} (${r.cost.joined} joined rows; ${why})`);
  };
  for (const r of [...sources].reverse()) {
    const now = estimate(kept, snapshots, 0);
    if (limits.seconds !== undefined && now.seconds > limits.seconds && matters(r, now, limits.seconds))
      leaveOut(r, `${now.seconds} s estimated, limit ${limits.seconds} s`);
    else if (limits.memoryMb !== undefined && sourceMb(r) > limits.memoryMb)
      leaveOut(r, `${Math.ceil(sourceMb(r))} MB estimated, limit ${limits.memoryMb} MB`);
  }
  return { sources: kept, notes };
}

/** Leaving out a path that is cheap beside the excess would cost columns and save nothing. */
const CHEAP = 0.05;
const matters = (r: Ranked, now: PlanEstimate, limit: number): boolean =>
  sourceSeconds(r) >= CHEAP * (now.seconds - limit);
