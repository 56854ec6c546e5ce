/** The library: open a workspace and ask. The command line uses only these calls. */
export { LeadlightError } from './errors.ts';
export { OUTPUT_SCHEMAS } from './serve/cli/output-schemas.ts';
export type {
  CompareDetail,
  CompareReport,
  LabelsReport,
  Reason,
  RungResult,
  Score,
  ScoreReport,
  TargetOptions,
} from './serve/scoring/types.ts';
export {
  type InitResult,
  initWorkspace,
  openWorkspace,
  type PlanView,
  type QueryExplanation,
  type Workspace,
  type WorkspaceOptions,
} from './serve/scoring/workspace.ts';
