/** Columns about the order of events by plain loops over the rows, to hold the SQL against. */
import type { Formula, PlannedSource } from '../../src/learn/features/plan-types.ts';

export interface EventRow {
  /** Rows of one member follow each other apart from those of others. */
  readonly member: number;
  readonly known: number;
  readonly at: number;
  /** Measured number, null where the cell is empty. */
  readonly x: number | null;
  /** Code of the type, null where the cell is empty. */
  readonly c: number | null;
}

const DAY = 86_400_000;
const nullsLast = (a: number | null, b: number | null): number =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a - b;

/** As the rows became known, then as they happened, then by what they measure. */
const inSequence = (rows: readonly EventRow[]): readonly EventRow[] =>
  [...rows].sort((a, b) => a.known - b.known || a.at - b.at || nullsLast(a.x, b.x) || nullsLast(a.c, b.c));

/** The rows of each member in sequence, with the rows before them. */
function placed(rows: readonly EventRow[]) {
  const members = [...new Set(rows.map((r) => r.member))];
  return members.flatMap((m) => {
    const own = inSequence(rows.filter((r) => r.member === m));
    return own.map((row, i) => ({ row, before: own.slice(0, i) }));
  });
}

/** NaN where nothing is there to say. `rows` are those visible at the cutoff. */
export function sequenceValue(
  f: Formula,
  source: PlannedSource,
  rows: readonly EventRow[],
  cutoff: number,
): number | undefined {
  const all = placed(rows);
  const inWindow = (w: number) => (p: { readonly row: EventRow }) =>
    source.windows[w] === undefined || cutoff - p.row.at < source.windows[w]! * DAY;
  const first = (v: number): number => Math.min(...rows.filter((r) => r.c === v).map((r) => r.at));
  const begins = all.filter(
    ({ row, before }) => before.length === 0 || row.at - before.at(-1)!.at > source.sessionGap! / 1000,
  );
  const sequence = source.sequence!;
  const isStep = (letters: readonly number[]) => (p: (typeof all)[number]) =>
    [...p.before, p.row]
      .slice(-letters.length)
      .map((r) => r.c)
      .join() === letters.join() && p.before.length >= letters.length - 1;
  const latest = inSequence(rows).at(-1);
  const gaps = all.flatMap(({ row, before }) => (before.length > 0 ? [row.at - before.at(-1)!.at] : []));
  const oldest = Math.min(...rows.map((r) => r.at));
  const newest = Math.max(...rows.map((r) => r.at));
  switch (f.kind) {
    case 'step':
      return all.filter(inWindow(f.w)).filter(isStep(sequence.steps[f.step]!)).length;
    case 'stepShare': {
      const seen = all.filter(inWindow(f.w));
      return seen.filter(isStep(sequence.steps[f.step]!)).length / seen.length;
    }
    case 'chain':
      return chains(sequence.chains[f.chain]!, inSequence(rows), cutoff, source.windows[f.w]) ? 1 : 0;
    case 'before': {
      const [a, b] = [first(f.from), first(f.to)];
      return a === Infinity && b === Infinity ? Number.NaN : a < b ? 1 : 0;
    }
    case 'between': {
      const [a, b] = [first(f.from), first(f.to)];
      return b === Infinity || a > b ? Number.NaN : (b - a) / DAY;
    }
    case 'place': {
      const others = source.categories[sequence.c]!.values.map((_, v) => first(v));
      return first(f.v) === Infinity ? Number.NaN : 1 + others.filter((t) => t < first(f.v)).length;
    }
    case 'stage':
      return sequence.stages.findLastIndex((v) => first(v) < Infinity) + 1;
    case 'stageDays':
    case 'stageSpan': {
      const furthest = sequence.stages.findLast((v) => first(v) < Infinity);
      if (furthest === undefined) return Number.NaN;
      const start = Math.min(...sequence.stages.map(first));
      return (f.kind === 'stageDays' ? cutoff - first(furthest) : first(furthest) - start) / DAY;
    }
    case 'sessions':
      return begins.filter(inWindow(f.w)).length;
    case 'perSession':
      return all.filter(inWindow(f.w)).length / begins.filter(inWindow(f.w)).length;
    case 'sessionsPerDay':
      return begins.length / new Set(rows.map((r) => Math.floor((cutoff - r.at) / DAY))).size;
    case 'lastSession':
      return rows.length === 0 ? Number.NaN : rows.length - begins.at(-1)!.before.length;
    case 'lastSessionMinutes':
      return rows.length === 0 ? Number.NaN : (newest - begins.at(-1)!.row.at) / 60_000;
    case 'longestGap':
      return gaps.length === 0 ? Number.NaN : Math.max(0, ...gaps) / DAY;
    case 'recordRatio':
      return gaps.some((g) => g > 0) ? (cutoff - newest) / Math.max(...gaps) : Number.NaN;
    case 'burst': {
      if (rows.length === 0) return Number.NaN;
      const weeks = rows.map((r) => rows.filter((o) => o.at <= r.at && r.at - o.at < 7 * DAY).length);
      return (Math.max(...weeks) * Math.max(1, (newest - oldest) / (7 * DAY))) / rows.length;
    }
    case 'previousCategory':
      return all.find((p) => p.row === latest)?.before.at(-1)?.c ?? Number.NaN;
    case 'lastChange': {
      const changes = all.flatMap(({ row, before }) => {
        const was = before.at(-1)?.x ?? null;
        return row.x === null || was === null ? [] : [row.x - was];
      });
      return changes.at(-1) ?? Number.NaN;
    }
    case 'gatedSum':
    case 'gatedMean': {
      const seen = all.filter(inWindow(f.w)).filter((p) => p.row.c === f.v && p.row.x !== null);
      const sum = seen.reduce((s, p) => s + p.row.x!, 0);
      return f.kind === 'gatedSum' ? sum : seen.length === 0 ? Number.NaN : sum / seen.length;
    }
    case 'gatedLast':
      return inSequence(rows).findLast((r) => r.c === f.v && r.x !== null)?.x ?? Number.NaN;
    default:
      return undefined;
  }
}

/** The three types in order, all of them within the window. */
function chains(
  letters: readonly number[],
  rows: readonly EventRow[],
  cutoff: number,
  days: number | undefined,
): boolean {
  return rows.some(
    (a, i) =>
      a.c === letters[0] &&
      (days === undefined || cutoff - a.at < days * DAY) &&
      rows.some((b, j) => j > i && b.c === letters[1] && rows.some((c, k) => k > j && c.c === letters[2])),
  );
}
