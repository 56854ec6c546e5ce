/** TreeEnsemble ⇄ JSON. Arrays are base64 of little-endian bytes, so that predictions stay bit-identical. */
import { z } from 'zod';
import type { TreeEnsemble } from './types.ts';

const ARRAYS = {
  base: Float64Array,
  roots: Int32Array,
  output: Int32Array,
  column: Int32Array,
  threshold: Float32Array,
  missingLeft: Uint8Array,
  set: Int32Array,
  left: Int32Array,
  right: Int32Array,
  gain: Float32Array,
  value: Float64Array,
  cover: Float64Array,
  sets: Uint32Array,
} as const;

type Name = keyof typeof ARRAYS;
const NAMES = Object.keys(ARRAYS) as Name[];

const savedTrees = z.object({
  version: z.literal(1),
  objective: z.enum(['logistic', 'softmax', 'l2', 'quantile']),
  outputs: z.number().int().positive(),
  columns: z.number().int().nonnegative(),
  codeBins: z.array(z.string().nullable()),
  arrays: z.record(z.string(), z.string()),
});

export type SavedTrees = z.infer<typeof savedTrees>;

export function saveTrees(ensemble: TreeEnsemble): SavedTrees {
  const { objective, outputs, columns, codeBins } = ensemble;
  return {
    version: 1,
    objective,
    outputs,
    columns,
    codeBins: codeBins.map((codes) => (codes ? encode(codes) : null)),
    arrays: Object.fromEntries(NAMES.map((name) => [name, encode(ensemble[name])])),
  };
}

export function loadTrees(saved: unknown): TreeEnsemble {
  const { objective, outputs, columns, codeBins, arrays } = savedTrees.parse(saved);
  const array = <K extends Name>(name: K): InstanceType<(typeof ARRAYS)[K]> => {
    const bytes = decode(arrays[name] ?? '');
    return new ARRAYS[name](bytes.buffer) as InstanceType<(typeof ARRAYS)[K]>;
  };
  return {
    objective,
    outputs,
    columns,
    codeBins: codeBins.map((codes) => (codes === null ? undefined : decode(codes))),
    base: array('base'),
    roots: array('roots'),
    output: array('output'),
    column: array('column'),
    threshold: array('threshold'),
    missingLeft: array('missingLeft'),
    set: array('set'),
    left: array('left'),
    right: array('right'),
    gain: array('gain'),
    value: array('value'),
    cover: array('cover'),
    sets: array('sets'),
  };
}

function encode(array: ArrayBufferView): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, 'base64'));
}
