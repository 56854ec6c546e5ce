/** Two versions on the same population: who moves, and through which signals. */
import { groupSignals, partitionColumns } from '../../learn/explain/group-signals.ts';
import { selectRows } from '../../learn/features/screen.ts';
import type { RunControl } from '../../util/progress.ts';
import type { Scorable } from './scorable.ts';
import type { Mover, Moves } from './types.ts';

const MOVERS = 10;
const SIGNALS = 4;

/** `model` as against `base`; rows that only one of them scores are left out. */
export async function movesOf(model: Scorable, base: Scorable, control: RunControl): Promise<Moves> {
  const [own, theirs] = [await scoresOf(model, control), await scoresOf(base, control)];
  const shared = [...own.at.keys()].filter((key) => theirs.at.has(key));
  const [a, b] = [own, theirs].map((side) => shared.map((key) => side.score[side.at.get(key)!]!)) as [
    number[],
    number[],
  ];
  const [rankA, rankB] = [ranks(a), ranks(b)];
  const byMove = shared
    .map((_, i) => i)
    .sort((i, k) => Math.abs(rankA[k]! - rankB[k]!) - Math.abs(rankA[i]! - rankB[i]!) || i - k)
    .slice(0, MOVERS)
    .filter((i) => rankA[i] !== rankB[i]);
  const signals = [
    await signalsOf(
      model,
      byMove.map((i) => own.at.get(shared[i]!)!),
      control,
    ),
    await signalsOf(
      base,
      byMove.map((i) => theirs.at.get(shared[i]!)!),
      control,
    ),
  ] as const;
  const tenth = Math.max(1, Math.round(shared.length / 10));
  const top = (of: readonly number[]): ReadonlySet<number> =>
    new Set(of.flatMap((r, i) => (r <= tenth ? [i] : [])));
  const [topA, topB] = [top(rankA), top(rankB)];
  const both = [...topA].filter((i) => topB.has(i)).length;
  return {
    version: model.model.version,
    against: base.model.version,
    rows: shared.length,
    rank_correlation: correlation(rankA, rankB),
    mean_absolute_change: a.reduce((sum, x, i) => sum + Math.abs(x - b[i]!), 0) / Math.max(1, shared.length),
    top_tenth_kept: shared.length === 0 ? 1 : both / new Set([...topA, ...topB]).size,
    movers: byMove.map(
      (i, k): Mover => ({
        entity: base.prepared.task.snapshots.entityId[theirs.at.get(shared[i]!)!]!,
        score: a[i]!,
        score_against: b[i]!,
        rank: rankA[i]!,
        rank_against: rankB[i]!,
        signals: signalChanges(signals[0][k], signals[1][k]),
      }),
    ),
  };
}

interface Side {
  /** Place of each (entity, cutoff) among the scored rows. */
  readonly at: ReadonlyMap<string, number>;
  readonly score: Float32Array;
}

/** Multiclass: the probability of the likeliest class. */
async function scoresOf({ prepared, rows, fitted }: Scorable, control: RunControl): Promise<Side> {
  const prediction = await fitted.predict(selectRows(prepared.matrix, rows), control);
  const width = prediction.length / Math.max(1, rows.length);
  const { entityId, cutoff } = prepared.task.snapshots;
  return {
    at: new Map(Array.from(rows, (sid, k) => [JSON.stringify([entityId[sid], cutoff[sid]]), k])),
    score: Float32Array.from(rows, (_, k) => Math.max(...prediction.subarray(k * width, (k + 1) * width))),
  };
}

/** 1 is the highest score; equal scores share their middle rank. */
function ranks(scores: readonly number[]): readonly number[] {
  const order = scores.map((_, i) => i).sort((i, k) => scores[k]! - scores[i]! || i - k);
  const found = new Array<number>(scores.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && scores[order[to + 1]!] === scores[order[from]!]) to++;
    for (let k = from; k <= to; k++) found[order[k]!] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return found;
}

function correlation(a: readonly number[], b: readonly number[]): number | null {
  const mean = (a.length + 1) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((x, i) => {
    ab += (x - mean) * (b[i]! - mean);
    aa += (x - mean) ** 2;
    bb += (b[i]! - mean) ** 2;
  });
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null;
}

type Contributions = ReadonlyMap<string, number>;

/** Contribution of each signal to the margin, per row asked for; nothing for a model without attributions. */
async function signalsOf(
  { prepared, fitted, rows }: Scorable,
  places: readonly number[],
  control: RunControl,
): Promise<readonly Contributions[]> {
  if (!fitted.attribute || prepared.model.type === 'multiclass' || places.length === 0) return [];
  const matrix = selectRows(
    prepared.matrix,
    Int32Array.from(places, (k) => rows[k]!),
  );
  const attribution = await fitted.attribute(matrix, control);
  const definitions = partitionColumns(matrix.columns);
  return places.map(
    (_, row) => new Map(groupSignals(definitions, attribution, row).map((g) => [g.signal, g.contribution])),
  );
}

function signalChanges(a: Contributions | undefined, b: Contributions | undefined): Mover['signals'] {
  if (!a || !b) return [];
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((signal) => ({ signal, change: (a.get(signal) ?? 0) - (b.get(signal) ?? 0) }))
    .sort((x, y) => Math.abs(y.change) - Math.abs(x.change) || (x.signal < y.signal ? -1 : 1))
    .slice(0, SIGNALS);
}
