/** What the commands use of the library, behind one seam: loaded when first called, replaced by a fake in tests. */
import type { CheckReport } from '../../data/schema/check.ts';
import type { WorkspaceConfig } from '../../data/schema/types.ts';
import type { RunControl } from '../../util/progress.ts';
import type { InitResult, QueryExplanation, Workspace, WorkspaceOptions } from '../scoring/workspace.ts';

export interface Library {
  openWorkspace(dir: string, options: WorkspaceOptions): Promise<Workspace>;
  initWorkspace(paths: readonly string[], dir: string, control: RunControl): Promise<InitResult>;
  /** What the text of a query says by itself, without tables. */
  explainText(text: string, strict?: boolean): Promise<QueryExplanation>;
  printCheck(report: CheckReport): Promise<string>;
  printSchema(config: WorkspaceConfig): Promise<string>;
  schemaMermaid(config: WorkspaceConfig): Promise<string>;
  schemaSvg(config: WorkspaceConfig): Promise<string>;
}
