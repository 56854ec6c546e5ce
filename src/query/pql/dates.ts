/** Dates of the language: calendar-checked, UTC, as `YYYY-MM-DDTHH:MM:SS`. */

export interface ParsedDate {
  readonly value: string;
  readonly dateOnly: boolean;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `date` is three digit groups with one separator, year first; `clock` is h:m:s. Undefined: no such moment. */
export function parseDate(date: string, clock?: string): ParsedDate | undefined {
  const groups = date.split(/[-/.]/);
  const [year, month, day] = groups.map(Number);
  const [hour, minute, second] = (clock ?? '0:0:0').split(':').map(Number);
  if (groups[0]?.length !== 4 || !isCalendarDay(year!, month!, day!)) return undefined;
  if (hour! > 23 || minute! > 59 || second! > 59) return undefined;
  return {
    value: `${groups[0]}-${two(month!)}-${two(day!)}T${two(hour!)}:${two(minute!)}:${two(second!)}`,
    dateOnly: clock === undefined,
  };
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= days[month - 1]!;
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:\.0+)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** A quoted ISO date or date-time; a zone is converted to UTC. */
export function parseIsoDate(text: string): ParsedDate | undefined {
  const match = ISO.exec(text.trim());
  if (!match) return undefined;
  const [, date, minutes, seconds, zone] = match;
  const parsed = parseDate(date!, minutes && `${minutes}${seconds ?? ':00'}`);
  return parsed && zone && zone !== 'Z' ? shift(parsed, zone) : parsed;
}

function shift(date: ParsedDate, zone: string): ParsedDate | undefined {
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 23 || minutes > 59) return undefined;
  const sign = zone.startsWith('-') ? 1 : -1;
  const moved = Date.parse(`${date.value}Z`) + sign * (hours * 60 + minutes) * 60_000;
  const value = new Date(moved).toISOString();
  return /^\d{4}-/.test(value) ? { value: value.slice(0, 19), dateOnly: false } : undefined;
}
