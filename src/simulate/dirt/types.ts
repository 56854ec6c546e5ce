/** Dirt that real exports carry, each kind with a dial from 0 (none) to 1 (as bad as it gets). */
import type { Row } from '../types.ts';

export const DIALS = [
  'duplicates',
  'freeMail',
  'missingLinks',
  'backdated',
  'bots',
  'leaks',
  'snapshots',
  'drift',
] as const;
export type Dial = (typeof DIALS)[number];
export type Dirt = Readonly<Record<Dial, number>>;

/** What was planted: so many rows or cells of a table, in a column where it concerns one. */
export interface Planted {
  readonly dial: Dial;
  readonly table: string;
  readonly column?: string;
  readonly what: string;
  readonly rows: number;
}

/** Rows that come out for one that goes in. */
export type SoilRow = (table: string, row: Row) => readonly { readonly table: string; readonly row: Row }[];

/** Counts what was planted. */
export type Note = (table: string, what: string, column?: string) => void;

export interface SoilContext {
  readonly seed: number;
  /** Dial, 0 to 1. */
  readonly level: number;
  /** Middle of the simulated span, as files write it. */
  readonly middle: string;
  readonly note: Note;
}

export type CreateSoiler = (context: SoilContext) => SoilRow;
