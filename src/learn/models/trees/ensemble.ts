/** Builds the flat arrays of a TreeEnsemble, tree by tree; joins ensembles. */
import type { ColumnBins } from './bins.ts';
import type { GrownTree } from './grow.ts';
import type { Objective, TreeEnsemble } from './types.ts';

export interface EnsembleBuilder {
  /** values, covers: per leaf of the tree. */
  add(
    round: number,
    tree: GrownTree,
    output: number,
    values: ArrayLike<number>,
    covers: ArrayLike<number>,
  ): void;
  /** The trees of the first `rounds` rounds. */
  build(rounds: number): TreeEnsemble;
}

export function createBuilder(
  objective: Objective,
  base: Float64Array,
  learned: readonly ColumnBins[],
): EnsembleBuilder {
  const parts: Arrays[] = [];
  const rounds: number[] = [];
  const codeBins = learned.map((bins) => (bins.categorical ? bins.codes : undefined));
  const shell = { objective, outputs: base.length, columns: learned.length, base, codeBins };
  return {
    add(round, tree, output, values, covers) {
      rounds.push(round);
      parts.push(flatten(tree, output, values, covers, learned));
    },
    build: (kept) => ({ ...shell, ...concat(parts.filter((_, i) => rounds[i]! < kept)) }),
  };
}

type Arrays = Omit<TreeEnsemble, 'objective' | 'outputs' | 'columns' | 'base' | 'codeBins'>;

function flatten(
  { nodes, leaves }: GrownTree,
  output: number,
  values: ArrayLike<number>,
  covers: ArrayLike<number>,
  learned: readonly ColumnBins[],
): Arrays {
  let sets = 0;
  return {
    roots: Int32Array.of(nodes.length === 0 ? -1 : 0),
    output: Int32Array.of(output),
    column: Int32Array.from(nodes, (n) => n.column),
    threshold: Float32Array.from(nodes, (n) =>
      n.categorical ? 0 : (learned[n.column]!.bounds[n.bin] ?? Infinity),
    ),
    missingLeft: Uint8Array.from(nodes, (n) => (n.missingLeft ? 1 : 0)),
    set: Int32Array.from(nodes, (n) => (n.categorical ? sets++ : -1)),
    left: Int32Array.from(nodes, (n) => n.left),
    right: Int32Array.from(nodes, (n) => n.right),
    gain: Float32Array.from(nodes, (n) => n.gain),
    value: Float64Array.from({ length: leaves.length }, (_, i) => values[i]!),
    cover: Float64Array.from({ length: leaves.length }, (_, i) => covers[i]!),
    sets: Uint32Array.from(nodes.filter((n) => n.categorical).flatMap((n) => [...n.goesLeft])),
  };
}

function concat(parts: readonly Arrays[]): Arrays {
  const starts = { node: 0, leaf: 0, set: 0 };
  const moved = parts.map((part) => {
    const { node, leaf, set } = starts;
    starts.node += part.column.length;
    starts.leaf += part.value.length;
    starts.set += part.sets.length / 8;
    const child = (c: number): number => (c >= 0 ? c + node : c - leaf);
    return {
      ...part,
      roots: part.roots.map(child),
      left: part.left.map(child),
      right: part.right.map(child),
      set: part.set.map((s) => (s < 0 ? s : s + set)),
    };
  });
  return {
    roots: Int32Array.from(moved.flatMap((p) => [...p.roots])),
    output: Int32Array.from(moved.flatMap((p) => [...p.output])),
    column: join(Int32Array, moved, (p) => p.column),
    threshold: join(Float32Array, moved, (p) => p.threshold),
    missingLeft: join(Uint8Array, moved, (p) => p.missingLeft),
    set: join(Int32Array, moved, (p) => p.set),
    left: join(Int32Array, moved, (p) => p.left),
    right: join(Int32Array, moved, (p) => p.right),
    gain: join(Float32Array, moved, (p) => p.gain),
    value: join(Float64Array, moved, (p) => p.value),
    cover: join(Float64Array, moved, (p) => p.cover),
    sets: join(Uint32Array, moved, (p) => p.sets),
  };
}

interface Settable<T> {
  readonly length: number;
  set(from: T, at: number): void;
}

function join<T extends Settable<T>>(
  type: new (length: number) => T,
  parts: readonly Arrays[],
  pick: (part: Arrays) => T,
): T {
  const out = new type(parts.reduce((n, part) => n + pick(part).length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(pick(part), at);
    at += pick(part).length;
  }
  return out;
}

/** One ensemble whose margins are the mean of the members'. Members must share bins of categories (one session). */
export function averageEnsembles(members: readonly TreeEnsemble[]): TreeEnsemble {
  const [first] = members;
  if (!first) throw new Error('no ensembles to average');
  const share = 1 / members.length;
  const scaled = members.map((m) => ({ ...m, value: m.value.map((v) => v * share) }));
  const base = first.base.map((_, k) => members.reduce((sum, m) => sum + m.base[k]! * share, 0));
  const { objective, outputs, columns, codeBins } = first;
  return { objective, outputs, columns, base, codeBins, ...concat(scaled) };
}
