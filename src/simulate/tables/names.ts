/** Names of companies and people, and moments within a day: how things look, which moves nothing. */
import { scramble } from '../random.ts';
import { DAY, type World } from '../types.ts';

const FIRST = [
  'Alex',
  'Sam',
  'Jordan',
  'Taylor',
  'Morgan',
  'Chris',
  'Robin',
  'Dana',
  'Jamie',
  'Lee',
  'Noa',
  'Ana',
];
const LAST = [
  'Rivera',
  'Lee',
  'Kim',
  'Chen',
  'Novak',
  'Silva',
  'Okafor',
  'Haas',
  'Moreau',
  'Singh',
  'Costa',
  'Berg',
];
const HEADS = [
  'Vertex',
  'Orbit',
  'Helix',
  'Nova',
  'Summit',
  'Cobalt',
  'Harbor',
  'Lumen',
  'Quarry',
  'Aspen',
  'Delta',
  'Cedar',
];
const TAILS = ['Systems', 'Group', 'Labs', 'Works', 'Partners', 'Networks', 'Holdings', 'Logic'];

const pick = (list: readonly string[], state: number): string => list[state % list.length]!;

export const companyName = (seed: number, id: number): string => {
  const state = scramble(scramble(seed, 11), id);
  return `${pick(HEADS, state)} ${pick(TAILS, state >>> 8)} ${id}`;
};

export const domainOf = (name: string): string =>
  `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '')}.example`;

export const personName = (seed: number, id: number): string => {
  const state = scramble(scramble(seed, 12), id);
  return `${pick(FIRST, state)} ${pick(LAST, state >>> 8)}`;
};

export const mailName = (name: string, id: number): string =>
  `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}${id % 1000}`;

/** A moment of today between two hours, as ISO text; `label` tells apart what happens in the same hours. */
export function momentOf(world: World, label: number, from = 8, to = 17): string {
  const state = scramble(scramble(world.options.seed, world.day), label);
  const ms =
    world.options.from +
    world.day * DAY +
    from * 3_600_000 +
    Math.floor((state / 4294967296) * (to - from) * 3_600_000);
  return stamp(ms);
}

/** `2024-03-05 14:02:11` in UTC. */
export const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

export const dayStamp = (world: World, day: number, hour = 0): string =>
  stamp(world.options.from + day * DAY + hour * 3_600_000);
