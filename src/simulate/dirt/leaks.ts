/** Columns that know how it ended, half of them under names that tell nothing; and records whose past nobody kept. */
import type { Cell, Row } from '../types.ts';
import { chanceOf } from './chance.ts';
import type { CreateSoiler } from './types.ts';

interface Leak {
  readonly table: string;
  readonly column: string;
  /** Empty until the end; null: stays so. */
  readonly value: (row: Row, key: number) => Cell;
}

const won = (row: Row): boolean => row.stage === 'Closed Won' || row.status === 'Closed Won';
const lost = (row: Row): boolean => row.stage === 'Closed Lost' || row.status === 'Closed Lost';

/** The last needs the highest dial. */
const LEAKS: readonly Leak[] = [
  {
    table: 'leads',
    column: 'disqualification_reason',
    value: (row, k) => (lost(row) ? ['Price', 'Timing', 'No budget'][Math.floor(k * 3)]! : null),
  },
  { table: 'leads', column: 'field_17', value: (row, k) => (won(row) ? Math.round(1e6 * k) : null) },
  {
    table: 'leads',
    column: 'touch_total',
    value: (row, k) => Math.round(20 * k) + (row.converted_at === null ? 0 : 30),
  },
  {
    table: 'opportunities',
    column: 'competitor_lost_to',
    value: (row, k) => (lost(row) ? ['Alpha', 'Beta'][Math.floor(k * 2)]! : null),
  },
  {
    table: 'opportunities',
    column: 'field_31',
    value: (row, k) => (won(row) ? 0.9 + k / 10 : lost(row) ? k / 10 : 0.5),
  },
];

/** How many leak columns there are goes by the dial; each row has the column, so that files keep one header. */
export const leaks: CreateSoiler = ({ seed, level, note }) => {
  const planted = LEAKS.slice(0, Math.ceil(level * LEAKS.length));
  return (table, row) => {
    const own = planted.filter((leak) => leak.table === table);
    if (own.length === 0) return [{ table, row }];
    const key = row.lead_id ?? row.opp_id ?? null;
    const cells = own.map((leak, i) => [leak.column, leak.value(row, chanceOf(seed, 20 + i, key))] as const);
    for (const [column] of cells) note(table, 'knows how it ended', column);
    return [{ table, row: { ...row, ...Object.fromEntries(cells) } }];
  };
};

/** Histories in the order in which exports lack them. */
const KEPT_LAST = ['lead_scores', 'lead_status_history', 'opportunity_history'] as const;

export const snapshots: CreateSoiler = ({ level, note }) => {
  const gone = new Set<string>(KEPT_LAST.slice(0, Math.round(level * KEPT_LAST.length)));
  return (table, row) => {
    if (!gone.has(table)) return [{ table, row }];
    note(table, 'history not exported');
    return [];
  };
};
