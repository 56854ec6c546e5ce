/**
 * The schema: what the tables are, in plain data. Written to leadlight.yaml by inference, corrected by the user,
 * read by every floor above. Nothing here knows DuckDB.
 */

/** Storage type after loading. A `date` is a timestamp column whose every value is midnight. */
export type StorageType = 'boolean' | 'integer' | 'number' | 'text' | 'timestamp' | 'date';

export type SemanticType =
  | 'key' // identifies rows here or in another table
  | 'categorical'
  | 'multicategorical' // several categories in one cell, split at `separator`
  | 'numeric'
  | 'boolean'
  | 'timestamp'
  | 'text'
  | 'title' // job title: parsed to seniority and department
  | 'email'
  | 'domain'
  | 'url';

export interface Column {
  readonly name: string;
  readonly type: StorageType;
  readonly semantic: SemanticType;
  /** How raw text becomes a number: `$500M`, `11-50`, `12 %`. Absent when the text is a plain number. */
  readonly parse?: 'money' | 'range' | 'percent';
  /** Text cells read as missing besides the empty cell, e.g. `Select`. */
  readonly nullTokens?: readonly string[];
  readonly separator?: string;
  /** Digits after the decimal point kept when the column is summed exactly (scaled integers). 0–6. */
  readonly decimals?: number;
  /**
   * How the column's text is written when the plain cast does not read it. Times: a strptime format (`%d/%m/%Y`), or
   * `epoch_s`, `epoch_ms` for Unix seconds and milliseconds. Numbers: `,` when the decimal mark is a comma.
   */
  readonly format?: string;
  /** Why the value may change after the row is written (undefined: as written at creation). */
  readonly mutable?: string;
  /** How values as of a moment are known, for a mutable column. */
  readonly history?: History;
  /** The user signed for using the column as exported, though it is mutable. */
  readonly trusted?: boolean;
  readonly constant?: boolean;
}

/** Where a mutable column's values over time come from. */
export type History =
  /** A dated table of values: rows of `table` linked to this one by `link`, value in `value`, time in `time`. */
  | {
      readonly kind: 'table';
      readonly table: string;
      readonly link: string;
      readonly value: string;
      readonly time: string;
      /** Where the table logs changes of several fields: the column that names the field, and this one's name there. */
      readonly where?: { readonly column: string; readonly equals: string };
    }
  /** The current value is known from the time in this column of the same row on; nothing is known before. */
  | { readonly kind: 'changedAt'; readonly column: string }
  /** Per value, the column of the same row that dates it: {'Closed Won': 'closed_at'}. */
  | { readonly kind: 'valueTimes'; readonly times: Readonly<Record<string, string>> };

export type TableOrigin =
  /** Read from a source file; `path` relative to the yaml file; `member` the table inside a DuckDB file. */
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly format: 'csv' | 'parquet' | 'ndjson' | 'json' | 'duckdb';
      readonly member?: string;
    }
  /** An entity that appears only as columns of another table: one row per distinct value, first seen there. */
  | { readonly kind: 'derived'; readonly table: string; readonly columns: readonly string[] };

export type TableRole = 'entity' | 'event' | 'history' | 'association' | 'lookup';

export interface Table {
  readonly name: string;
  readonly origin: TableOrigin;
  /** Column names of the primary key. Empty: the key is the 0-based row number (`row`). */
  readonly key: readonly string[];
  readonly role: TableRole;
  /** Event time column: when the row happened. Undefined: rows are undated. */
  readonly time?: string;
  /** When the row became known, if later than `time` (e.g. an import stamp). */
  readonly knownAt?: string;
  readonly endTime?: string;
  /** Time at which labels count the row (default: closing time where there is one, else `time`). */
  readonly labelTime?: string;
  readonly columns: readonly Column[];
}

/** A foreign key: `columns` of `from` name a row of `to` by its key. */
export interface Link {
  /** Unique, e.g. `contacts.account_id`. */
  readonly name: string;
  readonly from: string;
  readonly columns: readonly string[];
  readonly to: string;
  /** 1:1 when every target row has at most one source row. */
  readonly unique?: boolean;
  /**
   * Which row is named changes over time: `link."<name>"` (frow, trow, since, until) has a row for every stretch, disjoint
   * for one `frow`, since ≤ t < until. Made by `linkedSchema`, never written to the file.
   */
  readonly dated?: boolean;
  /** A dated link that identity alone makes. */
  readonly resolved?: IdentityRule['kind'];
}

/**
 * Rows of two tables, or of one, that stand for the same person or company though no key says so.
 * domain: the e-mail domain in `column` is the account's, by its own column `by` or by what its members' addresses share;
 * email: the same address, the earlier row being the target; duplicate: a later row of the same table for the same one.
 */
export interface IdentityRule {
  /** Name of the link it makes. */
  readonly name: string;
  readonly kind: 'domain' | 'email' | 'duplicate';
  readonly from: string;
  readonly column: string;
  readonly to: string;
  /** domain: website or domain column; email: address column; duplicate: the name that must agree too. */
  readonly by?: string;
  /** duplicate: `column` holds phone numbers, and the names must agree. */
  readonly match?: 'phone';
  /** email, duplicate: columns of a person's name in `from` and `to`; those who share a private address or number agree in it. */
  readonly names?: { readonly from: readonly string[]; readonly to: readonly string[] };
  /** domain: link of a table of people to the account, and the column of their addresses. */
  readonly members?: { readonly link: string; readonly column: string };
  readonly off?: boolean;
  /** Pairs of keys, from and to, that are not the same. */
  readonly except?: readonly (readonly [from: string, to: string])[];
}

/** A sideways relation between rows of one table, computed from columns and not stored. */
export interface DerivedLink {
  readonly kind: 'industry_peer' | 'similar_to' | 'colleague';
  readonly table: string;
  /** industry_peer: category (+ size band) columns; similar_to: the multi-categorical; colleague: the foreign key. */
  readonly by: readonly string[];
  /** similar_to: the table with one row an item, which has the column of `by` and a link to `table`. */
  readonly through?: string;
}

export interface Schema {
  readonly tables: readonly Table[];
  readonly links: readonly Link[];
  readonly derivedLinks: readonly DerivedLink[];
}

export interface NamedTarget {
  readonly name: string;
  /** Table it is declared for. */
  readonly table: string;
  /** PQL predicate text, e.g. `COUNT(opportunities.*, 0, 90, days) > 0`. */
  readonly predicate: string;
  /** Table → time column its rows count at for this target, in place of the table's own `labelTime`. */
  readonly labelTimes?: Readonly<Record<string, string>>;
}

/** leadlight.yaml as data. Every section but `tables` has a default. */
export interface WorkspaceConfig {
  readonly version: 1;
  readonly timeZone: string;
  readonly schema: Schema;
  /** Who is who over time; absent: nothing is resolved. */
  readonly identity?: readonly IdentityRule[];
  readonly targets: readonly NamedTarget[];
  readonly salesCycleDays?: number;
  readonly icp?: Readonly<Record<string, readonly string[]>>;
  readonly integrations: readonly string[];
  /** `table.column` of a points score in use, to be beaten. */
  readonly points?: string;
  /** `table.column` of fields that must not decide: withheld from every model. */
  readonly excluded?: readonly string[];
  readonly pointRules: readonly PointRule[];
  readonly playbook: readonly PlaybookRule[];
}

export interface PointRule {
  readonly name: string;
  readonly points: number;
  /** Where it reads: the job title, company size, page/e-mail/content events, e-mail address. */
  readonly when:
    | 'title-vp'
    | 'employees-over'
    | 'pricing-page'
    | 'email-open'
    | 'whitepaper'
    | 'personal-email';
  readonly value?: number;
}

export interface PlaybookRule {
  readonly name: string;
  readonly version: number;
  readonly action: string;
  /** All must hold. */
  readonly when: {
    readonly band?: readonly string[];
    readonly signal?: readonly string[];
    readonly direction?: 'up' | 'down';
  };
}

// Internal columns that loading adds to every table (see data/engine/types.ts).
export const ROW = '__row';
export const ID = '__id';
export const TIME = '__time';
export const KNOWN = '__known';
export const END = '__end';
export const LABEL_TIME = '__label_time';
/** Engine schema of the tables of dated links. */
export const LINK_SCHEMA = 'link';
export const fkColumn = (link: Link): string => `__fk_${link.name}`;
