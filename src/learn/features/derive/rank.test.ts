import { expect, test } from 'vitest';
import { contemporaries, places } from './rank.ts';

test('a place is the share with less and half of those with as much', () => {
  const groups = Int32Array.from([0, 0, 0, 0, 1, 1]);
  const values = Float32Array.from([10, 20, 20, Number.NaN, 5, 1]);
  expect([...places(values, groups, [])].map((v) => Math.round(v * 1000) / 1000)).toEqual([
    0.167,
    0.667,
    0.667,
    Number.NaN,
    0.75,
    0.25,
  ]);
});

test('few rows of a cutoff are placed among training values', () => {
  const groups = Int32Array.from([-1, -1, -1]);
  const at = places(Float32Array.from([0, 2, 9]), groups, [1, 2, 3, 4]);
  expect([...at]).toEqual([0, 0.375, 1]);
});

test('thirty rows of one cutoff and population make a group', () => {
  const cutoff = Float64Array.from({ length: 70 }, (_, i) => (i < 60 ? 1000 : 2000));
  const population = Int32Array.from({ length: 70 }, (_, i) => (i < 30 ? 0 : 1));
  const groups = contemporaries({ cutoff, population });
  expect(new Set(groups.slice(0, 30)).size).toBe(1);
  expect(groups[0]).not.toBe(groups[30]);
  expect([...groups.slice(60)]).toEqual(Array(10).fill(-1));
  expect(
    contemporaries({ cutoff: new Float64Array(40).fill(Number.NaN), population: new Int32Array(40) })[0],
  ).toBe(-1);
});
