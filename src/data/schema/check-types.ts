/** The check report: what is wrong or assumed in a workspace, as plain data. */

export type Severity = 'error' | 'warning' | 'info';

export type CheckCode =
  | 'rows-set-aside'
  | 'duplicate-keys'
  | 'orphan-keys'
  | 'empty-link'
  | 'no-key'
  | 'undated-table'
  | 'missing-times'
  | 'future-times'
  | 'isolated-tail'
  | 'constant-columns'
  | 'unparsed-cells'
  | 'mutable-without-history'
  | 'assumed-at-creation'
  | 'repaired-file'
  | 'identity-resolved'
  | 'identity-ambiguous';

export interface CheckFinding {
  readonly severity: Severity;
  readonly code: CheckCode;
  readonly table: string;
  readonly column?: string;
  /** Rows, cells, keys or columns concerned. */
  readonly count: number;
  readonly examples: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

export interface CheckReport {
  readonly findings: readonly CheckFinding[];
}

/** What loading knows of a table that a check tells on. Rows are counted. */
export interface LoadFinding {
  readonly reason: string;
  readonly rows: number;
  readonly examples: readonly string[];
}

export interface TableLoadFacts {
  readonly name: string;
  readonly rowsRead: number;
  readonly rowsKept: number;
  readonly setAside: readonly LoadFinding[];
  readonly unparsed: readonly (LoadFinding & { readonly column: string })[];
  readonly orphans: readonly (LoadFinding & { readonly link: string })[];
  readonly missingTime: number;
  readonly future: number;
  readonly repairs: readonly {
    readonly where: string;
    readonly problem: string;
    readonly rows: number;
    readonly examples: readonly string[];
    readonly action: string;
  }[];
}

export interface LoadFacts {
  readonly tables: readonly TableLoadFacts[];
  readonly lastCredibleTime?: number;
}
