/** What of the screened columns models are given: drift first, then families. Only training and validation rows. */
import { selectColumns } from '../features/screen.ts';
import type { FeatureColumn } from '../features/types.ts';
import { type Drift, findDrift } from './drift.ts';
import { type FamilySelection, type SelectionInput, selectFamilies } from './families.ts';

export interface Selection {
  /** Indices of columns kept. */
  readonly kept: readonly number[];
  readonly drifting: readonly string[];
  readonly turned: readonly string[];
  readonly unhelpful: readonly string[];
  readonly adversarial: Pick<Drift, 'auc' | 'rows'>;
  readonly families: Omit<FamilySelection, 'dropped'>;
}

export interface SelectInput extends SelectionInput {
  /** Validation rows are later than training rows; drift between exchangeable rows is chance. */
  readonly forward: boolean;
}

const STILL: Drift = { auc: 0.5, rows: 0, dropped: [], turned: [] };

export async function selectFeatures(input: SelectInput): Promise<Selection> {
  const { columns } = input.train.matrix;
  const drift = input.forward ? await findDrift(input) : STILL;
  const gone = new Set(drift.dropped);
  const left = [...columns.keys()].filter((c) => !gone.has(c));
  const narrow = (sample: SelectionInput['train']) => ({
    ...sample,
    matrix: selectColumns(sample.matrix, left),
  });
  const { dropped, ...families } = await selectFamilies({
    ...input,
    train: narrow(input.train),
    val: narrow(input.val),
  });
  const unhelpful = new Set(dropped.map((c) => left[c]!));
  const names = (indices: Iterable<number>): readonly string[] => [...indices].map((c) => columns[c]!.name);
  return {
    kept: left.filter((c) => !unhelpful.has(c)),
    drifting: names(drift.dropped),
    turned: names(drift.turned.filter((c) => !gone.has(c) && !unhelpful.has(c))),
    unhelpful: names(unhelpful),
    adversarial: { auc: drift.auc, rows: drift.rows },
    families,
  };
}

/** The columns with those marked that order labels the other way round in validation. */
export const markTurned = (
  columns: readonly FeatureColumn[],
  turned: readonly string[],
): readonly FeatureColumn[] => columns.map((c) => (turned.includes(c.name) ? { ...c, turned: true } : c));
