/**
 * Which columns a plan keeps when it may not have all. Every kind has a share of the budget that the others cannot
 * take, so that a wide schema loses neither its plain windows nor the order of its events; what a kind leaves free goes
 * to the most promising of the rest.
 */
import type { SourceCost } from './cost.ts';
import type { RankedColumn } from './event-shape.ts';
import type { EventSource, PlannedSource } from './plan-types.ts';

export interface Ranked {
  readonly source: EventSource;
  readonly columns: readonly RankedColumn[];
  readonly cost: SourceCost;
}

type Kind = 'plain' | 'sequence' | 'gated' | 'beside';

const SHARES: Readonly<Record<Kind, number>> = {
  plain: 0.72,
  sequence: 0.14,
  gated: 0.06,
  beside: 0.08,
};

/** Nearer sources go before farther ones. */
const WORTH_OF_A_STEP = 0.12;
const LEAST = 40;

const kindOf = ({ meta, formula }: RankedColumn): Kind =>
  meta.path.some((s) => s.direction === 'side')
    ? 'beside'
    : meta.family === 'sequence'
      ? 'sequence'
      : formula.kind.startsWith('gated')
        ? 'gated'
        : 'plain';

export interface Cut {
  readonly sources: readonly Ranked[];
  readonly notes: readonly string[];
}

/** Among all sources; rows beside: among those of their step, so that no step takes the share of the others. */
function placeOf(sources: readonly Ranked[], i: number): number {
  const { group } = sources[i]!.source;
  if (!group.side) return i;
  return sources.slice(0, i).filter((r) => r.source.group.side === group.side).length;
}

/** Keeps the most promising columns: nearer sources and plainer statistics first. */
export function cutColumns(sources: readonly Ranked[], budget: number): Cut {
  const room = Math.max(budget, LEAST);
  const all = sources
    .flatMap((r, i) => r.columns.map((c) => ({ c, worth: c.worth + placeOf(sources, i) * WORTH_OF_A_STEP })))
    .sort((a, b) => a.worth - b.worth)
    .map(({ c }) => c);
  const kinds = Object.keys(SHARES) as Kind[];
  const reserved = kinds.flatMap((kind) =>
    all.filter((c) => kindOf(c) === kind).slice(0, Math.floor(room * SHARES[kind])),
  );
  const kept = new Set(reserved);
  for (const c of all) if (kept.size < room) kept.add(c);
  const left = all.length - kept.size;
  return {
    sources: sources.flatMap((r) => {
      const columns = r.columns.filter((c) => kept.has(c));
      return columns.length === 0 ? [] : [{ ...r, columns }];
    }),
    notes: left > 0 ? [`left out: ${left} of ${all.length} columns over events (limit ${room})`] : [],
  };
}

export const planned = ({ source, columns }: Ranked): PlannedSource => ({
  ...source,
  columns: columns.map(({ meta, formula }) => ({ meta, formula })),
});
