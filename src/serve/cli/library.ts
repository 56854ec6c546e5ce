/** What the commands use of the library, behind one seam: loaded when first called, replaced by a fake in tests. */

import type { WorkspaceConfig } from '../../data/schema/types.ts';
import type { FeatureColumn } from '../../learn/features/types.ts';
import type { RunControl } from '../../util/progress.ts';
import type { CompareDetail, LabelsReport, Score, ScoreReport, TargetOptions } from '../scoring/types.ts';

export interface CheckFinding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly table: string;
  readonly column?: string;
  readonly count: number;
  readonly examples: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

export interface CheckReport {
  readonly findings: readonly CheckFinding[];
}

export interface PlanView {
  readonly columns: readonly FeatureColumn[];
}

export interface QueryExplanation {
  readonly lines: readonly string[];
  readonly diagnostics: readonly {
    readonly severity: 'error' | 'warning' | 'info';
    readonly code: string;
    readonly message: string;
    readonly span: { readonly start: number; readonly end: number };
    readonly expected?: string;
    readonly suggestion?: string;
  }[];
}

export type TrainedModel = ScoreReport['model'] & { readonly path: string };

export interface Workspace {
  readonly dir: string;
  readonly config: WorkspaceConfig;
  check(control?: RunControl): Promise<CheckReport>;
  labels(options: TargetOptions): Promise<LabelsReport>;
  plan(options: TargetOptions): Promise<PlanView>;
  sql(options: TargetOptions): Promise<readonly { readonly name: string; readonly sql: string }[]>;
  compare(options: TargetOptions): Promise<CompareDetail>;
  train(options: TargetOptions): Promise<TrainedModel>;
  score(options: TargetOptions): Promise<ScoreReport>;
  explain(options: TargetOptions & { readonly id: string }): Promise<Score>;
  explainQuery(text: string): Promise<QueryExplanation>;
  close(): Promise<void>;
}

export interface WorkspaceOptions {
  readonly memoryLimitMb?: number;
  readonly threads?: number;
}

export interface InitResult {
  readonly config: WorkspaceConfig;
  readonly file: string;
  readonly warnings: readonly string[];
}

export interface Library {
  openWorkspace(dir: string, options: WorkspaceOptions): Promise<Workspace>;
  initWorkspace(paths: readonly string[], dir: string, control: RunControl): Promise<InitResult>;
  /** What the text of a query says by itself, without tables. */
  explainText(text: string): Promise<QueryExplanation>;
  printCheck(report: CheckReport): Promise<string>;
  printSchema(config: WorkspaceConfig): Promise<string>;
  schemaMermaid(config: WorkspaceConfig): Promise<string>;
  schemaSvg(config: WorkspaceConfig): Promise<string>;
}
