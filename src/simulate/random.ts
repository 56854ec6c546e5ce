/** Random numbers from a state kept in the thing they belong to (mulberry32): copied with it, and replayable. */
export interface Drawing {
  random: number;
}

/** Uniform in [0, 1). */
export function draw(owner: Drawing): number {
  owner.random = (owner.random + 0x6d2b79f5) >>> 0;
  let t = owner.random;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

export const drawInt = (owner: Drawing, n: number): number => Math.floor(draw(owner) * n);

export const drawNormal = (owner: Drawing): number =>
  Math.sqrt(-2 * Math.log(1 - draw(owner))) * Math.cos(2 * Math.PI * draw(owner));

/** Index by weight. */
export function drawWeighted(owner: Drawing, weights: readonly number[]): number {
  const total = weights.reduce((sum, w) => sum + w, 0);
  let left = draw(owner) * total;
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return weights.length - 1;
}

/** Poisson count by Knuth's product method; `none` is the chance of 0. */
export function drawCount(owner: Drawing, none: number): number {
  let n = 0;
  for (let product = draw(owner); product > none; product *= draw(owner)) n++;
  return n;
}

export const drawPoisson = (owner: Drawing, mean: number): number => drawCount(owner, Math.exp(-mean));

/** A state unlike its neighbours' for every (state, label). */
export function scramble(state: number, label: number): number {
  let z = (state ^ Math.imul(label + 1, 0x9e3779b1)) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}
