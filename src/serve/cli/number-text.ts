/** Numbers as people read them in tables; a missing one is a dash. */
export const fixed = (value: number | null | undefined, digits = 3): string =>
  value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);

export const count = (value: number): string => value.toLocaleString('en-US');

export const percent = (value: number | null | undefined, digits = 0): string =>
  value === null || value === undefined || Number.isNaN(value) ? '–' : `${(value * 100).toFixed(digits)} %`;

export const times = (value: number | null): string => (value === null ? '–' : `${value.toFixed(2)}×`);

export const interval = (range: readonly [number, number] | null): string =>
  range === null ? '' : `[${range[0].toFixed(3)}, ${range[1].toFixed(3)}]`;

export function duration(seconds: number): string {
  if (seconds < 0.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;
