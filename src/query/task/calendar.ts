/** Calendar arithmetic in UTC, in milliseconds since the epoch, the same as the SQL side does it. */
import type { TimeUnit } from '../pql/ast.ts';

export const DAY_MS = 86_400_000;

const FIXED_MS: Readonly<Record<Exclude<TimeUnit, 'months'>, number>> = {
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: DAY_MS,
  weeks: 7 * DAY_MS,
};

/** Months are calendar months, clamped to the last day (Jan 31 + 1 month = Feb 28 or 29). */
export function addUnits(at: number, amount: number, unit: TimeUnit): number {
  return unit === 'months' ? addMonths(at, amount) : at + amount * FIXED_MS[unit];
}

function addMonths(at: number, months: number): number {
  const d = new Date(at);
  const first = new Date(0);
  first.setUTCFullYear(d.getUTCFullYear(), d.getUTCMonth() + months, 1);
  const lastDay = new Date(0);
  lastDay.setUTCFullYear(first.getUTCFullYear(), first.getUTCMonth() + 1, 0);
  const day = Math.min(d.getUTCDate(), lastDay.getUTCDate());
  return first.getTime() + (day - 1) * DAY_MS + (((at % DAY_MS) + DAY_MS) % DAY_MS);
}

/** Length in days, for choosing steps: a month counts 30. */
export function unitDays(amount: number, unit: TimeUnit): number {
  return unit === 'months' ? amount * 30 : (amount * FIXED_MS[unit]) / DAY_MS;
}

export const floorTo = (at: number, stepMs: number): number => Math.floor(at / stepMs) * stepMs;

const ISO =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/;

/** An ISO date or date and time; no zone means UTC; a date alone is its first moment. Undefined when it is not one. */
export function parseMoment(text: string): number | undefined {
  const m = ISO.exec(text.trim());
  if (!m) return undefined;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((k) => Number(m[k] ?? 0));
  const days = new Date(0).setUTCFullYear(year!, month! - 1, day!);
  const real = new Date(days).getUTCMonth() === month! - 1 && new Date(days).getUTCDate() === day;
  if (!real || hour! > 23 || minute! > 59 || second! > 59) return undefined;
  const fraction = Math.floor(Number(`0.${m[7] ?? 0}`) * 1000);
  return days + hour! * 3_600_000 + minute! * 60_000 + second! * 1000 + fraction - zoneMs(m[8]);
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000;
}

/** `2024-03-17`, or with the clock when it is not midnight. */
export function printMoment(at: number): string {
  const iso = new Date(at).toISOString();
  return at % DAY_MS === 0 ? iso.slice(0, 10) : iso.slice(0, 19);
}
