/**
 * True probabilities: many futures are lived from the same state, each with other random numbers, and the chances met
 * on the way are averaged. A future counts the chance of each day rather than what was drawn (Rao–Blackwell), which
 * needs far fewer futures than counting outcomes.
 */
import type { RunControl } from '../util/progress.ts';
import { rolesOf } from './deals.ts';
import { drained } from './pace.ts';
import { scramble } from './random.ts';
import { step, type Watcher } from './step.ts';
import type { Account, World } from './types.ts';

export interface TruthOptions {
  /** Days after today that count. */
  readonly horizon: number;
  /** Default 64. */
  readonly futures?: number;
}

/** Probability within the horizon, and its standard error over futures. */
export interface Chance {
  readonly p: number;
  readonly se: number;
}

export interface Truth {
  /** By account: an opportunity is opened; a deal is won. */
  readonly opened: readonly Chance[];
  readonly won: readonly Chance[];
  /** By person number: named in an opportunity that is opened; in a deal that is won. Absent: not on record yet. */
  readonly named: ReadonlyMap<number, Chance>;
  readonly wonWith: ReadonlyMap<number, Chance>;
}

/** Leaves `world` as it is. Chances of what happens on days [world.day, world.day + horizon). */
export function truthOf(...given: Parameters<typeof livedFutures>): Truth {
  return drained(livedFutures(...given));
}

/** The same with a pause after every future. */
export function* livedFutures(
  world: World,
  options: TruthOptions,
  control: RunControl = {},
): Generator<undefined, Truth> {
  const futures = options.futures ?? 64;
  const tally = createTally(world);
  for (let k = 0; k < futures; k++) {
    control.signal?.throwIfAborted();
    control.progress?.({ stage: 'true probabilities', done: k, total: futures, unit: 'futures' });
    liveOn(world, k, options.horizon, tally);
    yield;
  }
  const chance = ({ sum, square }: Sums, i: number): Chance => {
    const p = sum[i]! / futures;
    const variance = Math.max(0, square[i]! / futures - p * p);
    return { p: Math.min(1, p), se: Math.sqrt(variance / futures) };
  };
  const byPerson = (sums: Sums): ReadonlyMap<number, Chance> =>
    new Map([...tally.place].map(([person, i]) => [person, chance(sums, i)]));
  return {
    opened: world.accounts.map((_, i) => chance(tally.opened, i)),
    won: world.accounts.map((_, i) => chance(tally.won, i)),
    named: byPerson(tally.named),
    wonWith: byPerson(tally.wonWith),
  };
}

interface Sums {
  readonly sum: Float64Array;
  readonly square: Float64Array;
  /** This future's. */
  readonly now: Float64Array;
}

interface Tally {
  readonly opened: Sums;
  readonly won: Sums;
  readonly named: Sums;
  readonly wonWith: Sums;
  /** Person number → index. */
  readonly place: ReadonlyMap<number, number>;
}

const sumsOf = (n: number): Sums => ({
  sum: new Float64Array(n),
  square: new Float64Array(n),
  now: new Float64Array(n),
});

function createTally(world: World): Tally {
  const place = new Map<number, number>();
  for (const account of world.accounts) {
    for (const person of account.people) if (!person.left) place.set(person.id, place.size);
  }
  const accounts = world.accounts.length;
  return {
    opened: sumsOf(accounts),
    won: sumsOf(accounts),
    named: sumsOf(place.size),
    wonWith: sumsOf(place.size),
    place,
  };
}

function liveOn(world: World, future: number, horizon: number, tally: Tally): void {
  const copy = copyWorld(world, future);
  const firstDeal = world.next.deal;
  const settled = new Uint8Array(world.accounts.length);
  const watcher: Watcher = {
    opening(account, chance) {
      if ((settled[account.id]! & 1) !== 0) return;
      tally.opened.now[account.id]! += chance;
      credit(tally, tally.named, account, rolesOf(account), chance);
    },
    winning(account, chance) {
      if (account.customer >= world.day) return;
      tally.won.now[account.id]! += chance;
      credit(tally, tally.wonWith, account, account.deal!.roles, chance);
    },
  };
  for (let day = 0; day < horizon; day++) {
    step(copy, { watcher });
    for (const { id, deal } of copy.accounts) if (deal && deal.id >= firstDeal) settled[id]! |= 1;
  }
  for (const sums of [tally.opened, tally.won, tally.named, tally.wonWith]) close(sums);
}

function credit(tally: Tally, to: Sums, account: Account, roles: readonly number[], chance: number): void {
  for (const place of roles) {
    const i = tally.place.get(account.people[place]!.id);
    if (i !== undefined) to.now[i]! += chance;
  }
}

function close({ sum, square, now }: Sums): void {
  for (let i = 0; i < now.length; i++) {
    sum[i]! += now[i]!;
    square[i]! += now[i]! * now[i]!;
    now[i] = 0;
  }
}

/** A deep copy whose accounts draw other numbers than the original's. */
export function copyWorld(world: World, future: number): World {
  return {
    ...world,
    next: { ...world.next },
    wins: world.wins.map((w) => extended(w, world)),
    members: world.members.slice(),
    load: world.load.slice(),
    accounts: world.accounts.map((account) => ({
      ...account,
      random: scramble(account.random, future),
      users: [...account.users],
      deal: account.deal && { ...account.deal },
      people: account.people.map((p) => ({ ...p, last: p.last.slice() })),
    })),
  };
}

/** Futures go on past the last day of the simulation. */
const BEYOND = 1000;

function extended(wins: Int32Array, { day }: World): Int32Array {
  const longer = new Int32Array(day + BEYOND);
  longer.set(wins.subarray(0, day));
  return longer;
}
