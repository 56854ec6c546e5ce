/** A table after keys, links and times are known: what roles, histories and mutable columns are judged by. */
import { type Concept, conceptOf } from './lexicon.ts';
import type { ColumnProfile, TableProfile } from './profile.ts';
import type { TableTimes } from './times.ts';
import type { Link, TableRole } from './types.ts';

export interface TableFacts {
  readonly profile: TableProfile;
  readonly name: string;
  readonly key: readonly string[];
  readonly times: TableTimes;
  readonly concept: Concept | undefined;
  /** Links from this table, and to it from others. */
  readonly out: readonly Link[];
  readonly into: readonly Link[];
  /** Time columns that lie after the row's own time on some rows: not known when the row is written. */
  readonly later: ReadonlySet<string>;
  /** Key columns and link columns. */
  readonly keyed: ReadonlySet<string>;
}

export interface JudgedTable extends TableFacts {
  readonly role: TableRole;
  /** The table this one repeats one-to-one, when it is a flat export of other tables. */
  readonly flatOf?: string;
}

export function factsOf(
  profile: TableProfile,
  key: readonly string[],
  times: TableTimes,
  later: ReadonlySet<string>,
  links: readonly Link[],
): TableFacts {
  const out = links.filter((l) => l.from === profile.name);
  return {
    profile,
    name: profile.name,
    key,
    times,
    later,
    concept: conceptOf(profile.name),
    out,
    into: links.filter((l) => l.to === profile.name && l.from !== profile.name),
    keyed: new Set([...key, ...out.flatMap((l) => l.columns)]),
  };
}

export const columnOf = (table: TableFacts, name: string): ColumnProfile | undefined =>
  table.profile.columns.find((c) => c.column.name === name);

export const isTimeColumn = (c: ColumnProfile): boolean =>
  c.column.type === 'timestamp' || c.column.type === 'date';

/** Columns that are neither key, link nor time. */
export const attributes = (table: TableFacts): readonly ColumnProfile[] =>
  table.profile.columns.filter((c) => !table.keyed.has(c.column.name) && !isTimeColumn(c));
