import { expect, test } from 'vitest';
import { openDuckdb } from '../../data/engine/duckdb.ts';
import { as, cast, select, ts } from '../../data/sql/build.ts';
import { toSql } from '../../data/sql/print.ts';
import { calendarPart } from './calendar-sql.ts';
import type { CalendarPart } from './plan-types.ts';

const DAY = 86_400_000;
const PARTS: readonly CalendarPart[] = [
  'dayOfWeek',
  'dayOfMonth',
  'month',
  'weekOfYear',
  'daysToQuarterEnd',
  'businessDaysLeft',
];

/** By counting days one after another. */
function counted(at: number): readonly number[] {
  const day = new Date(Math.floor(at / DAY) * DAY);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  const weekday = (ms: number): number => new Date(ms).getUTCDay() || 7;
  const quarterEnd = Date.UTC(year, month - (month % 3) + 3, 1);
  let business = 0;
  for (let d = day.getTime() + DAY; new Date(d).getUTCMonth() === month; d += DAY)
    if (weekday(d) <= 5) business++;
  return [
    weekday(day.getTime()),
    day.getUTCDate(),
    month + 1,
    Math.floor((day.getTime() - Date.UTC(year, 0, 1)) / DAY / 7) + 1,
    (quarterEnd - day.getTime()) / DAY,
    business,
  ];
}

test('positions in week, month, quarter and year are those of a count of days', async () => {
  const engine = await openDuckdb({ threads: 1, memoryLimitMb: 500 });
  try {
    for (let i = 0; i < 120; i++) {
      const at = Date.UTC(2023, 10, 20) + i * 9 * DAY + ((i * 7_300_000) % DAY);
      const columns = PARTS.map((part) => as(cast(calendarPart(part, ts(at)), 'double'), part));
      const [row] = await engine.rows(toSql(select({ columns }), engine.dialect));
      expect(PARTS.map((part) => row![part])).toEqual(counted(at));
    }
  } finally {
    await engine.close();
  }
});
