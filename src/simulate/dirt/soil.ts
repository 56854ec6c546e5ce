/** Clean rows in, dirty rows out, and a list of what was planted. */
import type { Row, Sink } from '../types.ts';
import { backdated, bots, drift } from './behaviour.ts';
import { duplicates, freeMail, missingLinks } from './identity.ts';
import { leaks, snapshots } from './leaks.ts';
import { type CreateSoiler, DIALS, type Dial, type Dirt, type Planted } from './types.ts';

/** In this order: addresses and links go before records are doubled, so that both copies show the same. */
const SOILERS: Readonly<Record<Dial, CreateSoiler>> = {
  freeMail,
  missingLinks,
  duplicates,
  backdated,
  bots,
  drift,
  leaks,
  snapshots,
};

export const evenDirt = (level: number): Dirt =>
  Object.fromEntries(DIALS.map((dial) => [dial, level])) as Dirt;

export interface Soiled {
  readonly sink: Sink;
  planted(): readonly Planted[];
}

export interface SoilOptions {
  readonly seed: number;
  readonly dirt: Dirt;
  /** Middle of the span, `2024-03-05 00:00:00`. */
  readonly middle: string;
}

export function soil(clean: Sink, { seed, dirt, middle }: SoilOptions): Soiled {
  const counts = new Map<string, Planted>();
  const stages = (Object.entries(SOILERS) as [Dial, CreateSoiler][])
    .filter(([dial]) => dirt[dial] > 0)
    .map(([dial, create]) =>
      create({
        seed,
        level: dirt[dial],
        middle,
        note(table, what, column) {
          const key = JSON.stringify([dial, table, what, column]);
          const known = counts.get(key) ?? {
            dial,
            table,
            what,
            rows: 0,
            ...(column === undefined ? {} : { column }),
          };
          counts.set(key, { ...known, rows: known.rows + 1 });
        },
      }),
    );
  const pass = (table: string, row: Row, stage: number): void => {
    const next = stages[stage];
    if (!next) clean(table, row);
    else for (const out of next(table, row)) pass(out.table, out.row, stage + 1);
  };
  return { sink: (table, row) => pass(table, row, 0), planted: () => [...counts.values()] };
}
