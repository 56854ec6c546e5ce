/** The operations of the kernel (assembly/*.ts); places are byte offsets. Each takes (part, parts) first. */
export interface Operations {
  numericBounds(
    staged: number,
    rows: number,
    stage: number,
    scratch: number,
    scratchBytes: number,
    sample: number,
    maxBin: number,
    minData: number,
    bounds: number,
    made: number,
  ): void;
  binRows(
    staged: number,
    rows: number,
    stage: number,
    bounds: number,
    kind: number,
    bins: number,
    stride: number,
    firstColumn: number,
  ): void;
  logistic: Gradients;
  squared: Gradients;
  pinball(...args: [...Parameters<Gradients>, level: number]): void;
  softmax(
    rows: number,
    score: number,
    classes: number,
    which: number,
    label: number,
    weight: number,
    grad: number,
    hess: number,
    sums: number,
  ): void;
  quantise(
    rows: number,
    grad: number,
    hess: number,
    perGradient: number,
    perHessian: number,
    packed: number,
  ): void;
  splitChildren(
    columns: number,
    active: number,
    bins: number,
    stride: number,
    packed: number,
    index: number,
    start: number,
    count: number,
    small: number,
    large: number,
    rules: number,
    leaves: number,
    splits: number,
    scratch: number,
  ): void;
  partition(
    index: number,
    start: number,
    count: number,
    left: number,
    right: number,
    counts: number,
    bins: number,
    stride: number,
    column: number,
    goes: number,
  ): void;
  gather(index: number, start: number, count: number, left: number, right: number, counts: number): void;
  addLeaves(leaves: number, count: number, values: number, index: number, score: number): void;
  addTree(
    nodes: number,
    root: number,
    values: number,
    index: number,
    count: number,
    bins: number,
    stride: number,
    score: number,
  ): void;
}

type Gradients = (
  rows: number,
  score: number,
  label: number,
  weight: number,
  grad: number,
  hess: number,
  sums: number,
) => void;

export type Operation = keyof Operations;
/** Order gives each operation its number in the control block. */
export const OPERATIONS: readonly Operation[] = [
  'numericBounds',
  'binRows',
  'logistic',
  'squared',
  'pinball',
  'softmax',
  'quantise',
  'splitChildren',
  'partition',
  'gather',
  'addLeaves',
  'addTree',
];

export type KernelExports = {
  readonly [K in Operation]: (part: number, parts: number, ...args: number[]) => void;
} & {
  bag(rows: number, index: number, scratch: number, share: number, seed: number, round: number): number;
  total(index: number, rows: number, packed: number, out: number): void;
  shapPaths: ShapPaths;
};

export type ShapPaths = (
  count: number,
  paths: number,
  rows: number,
  stride: number,
  columns: number,
  values: number,
  deepest: number,
  scratch: number,
) => void;
