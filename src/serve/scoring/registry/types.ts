/**
 * A registered model: `models/<version>/card.json` to read, `models/<version>/state.json.gz` to score with, both written
 * once; and `models/journal.ndjson`, from which it follows which version is in use.
 */
import type { LeakFinding } from '../../../data/quality/leaks.ts';
import type { Schema } from '../../../data/schema/types.ts';
import type { DerivedState } from '../../../learn/features/derive/types.ts';
import type { FeaturePlan } from '../../../learn/features/plan-types.ts';
import type { Dropped } from '../../../learn/features/screen.ts';
import type { FeatureColumn } from '../../../learn/features/types.ts';
import type { LadderOptions } from '../../../learn/models/ladder.ts';
import type { Budget, ModelTask } from '../../../learn/models/types.ts';
import type { RungResult, ScoreReport } from '../types.ts';

/** How a model was trained: given again on the same data, the same bytes come out. */
export interface TrainingParameters {
  readonly rung: string;
  readonly budget: Budget;
  readonly seed: number;
  readonly step_days: number | null;
  readonly train_to: string | null;
  readonly val_at: string | null;
}

/** Training rows kept for comparison in reasons; columns as the model's, floats as base64. */
export interface SavedReference {
  readonly entity_id: readonly string[];
  readonly cutoff: string;
  readonly cluster: readonly number[];
  readonly label: string;
  readonly data: readonly string[];
}

/** Everything that scoring needs besides the tables. Plain JSON. */
export interface ModelState {
  readonly format: 1;
  readonly question: string;
  readonly parameters: TrainingParameters;
  readonly task: ModelTask;
  readonly classes: readonly string[] | null;
  /** Labels counted in train and validation. */
  readonly rows: { readonly train: number; readonly val: number; readonly positives: number };
  readonly ladder: LadderOptions;
  readonly schema: Schema;
  readonly time_zone: string;
  readonly plan: FeaturePlan;
  /** Whether matured outcomes are among the features, and the columns known to repeat the label. */
  readonly outcomes: boolean;
  readonly leaks: readonly Pick<LeakFinding, 'column' | 'kind' | 'action'>[];
  readonly screened: readonly Dropped[];
  readonly derived: DerivedState;
  /** In the order the model was fitted on. */
  readonly columns: readonly FeatureColumn[];
  readonly model: unknown;
  /** The rung that sees the record alone; null where it does not apply. */
  readonly record: { readonly rung: string; readonly state: unknown } | null;
  readonly reference: SavedReference;
}

/** Figures of the same recipe, trained up to an earlier cutoff, on the outcomes that came after. */
export interface HeldOutFigures {
  readonly rows: number;
  readonly positives: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly figures: RungResult;
}

export interface ModelCard {
  readonly version: string;
  readonly state_sha256: string;
  readonly question: string;
  readonly task: ScoreReport['task'];
  readonly parameters: TrainingParameters;
  /** Nothing later is in the model; null when the tables have no times. */
  readonly data_cutoff: string | null;
  readonly training: {
    readonly train_rows: number;
    readonly val_rows: number;
    readonly positives: number;
    readonly base_rate: number | null;
  };
  readonly held_out: HeldOutFigures | null;
  /** Why there are no held-out figures. */
  readonly held_out_missing: string | null;
  readonly calibration: string;
  readonly features: readonly { readonly name: string; readonly sentence: string }[];
  readonly screened: readonly Dropped[];
  readonly withheld: readonly { readonly column: string; readonly reason: string }[];
  readonly schema_sha256: string;
  readonly engine: string;
  readonly package_version: string;
  readonly warnings: readonly string[];
}

/** Predictions of the held-out rows, by which two versions are compared on the same cases. */
export interface HeldOutRows {
  readonly entity_id: readonly string[];
  readonly cutoff: readonly (number | null)[];
  readonly cluster: readonly number[];
  readonly label: readonly number[];
  readonly prediction: string;
}

export type ModelStatus = 'candidate' | 'shadow' | 'champion';

export type JournalAction = 'trained' | 'promoted' | 'shadowed' | 'withdrawn' | 'rolled back';

export interface JournalEntry {
  readonly at: string;
  readonly action: JournalAction;
  readonly version: string;
  readonly question: string;
  readonly card_sha256?: string;
  readonly by: string;
  readonly why?: string;
}

export interface RegisteredModel {
  readonly card: ModelCard;
  readonly status: ModelStatus;
  /** When it was first trained; null for a folder the journal does not know. */
  readonly created: string | null;
}
