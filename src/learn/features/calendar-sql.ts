/** Positions of a moment in its week, month, quarter and year, as SQL. Days are whole days in UTC. */
import {
  add,
  addInterval,
  and,
  call,
  caseWhen,
  diffDays,
  div,
  extract,
  ge,
  le,
  lt,
  mod,
  mul,
  sub,
  truncDay,
} from '../../data/sql/build.ts';
import type { Expr } from '../../data/sql/tree.ts';
import type { CalendarPart } from './plan-types.ts';

export function calendarPart(part: CalendarPart, at: Expr): Expr {
  switch (part) {
    case 'dayOfWeek':
      return extract('dow', at);
    case 'dayOfMonth':
      return extract('day', at);
    case 'month':
      return extract('month', at);
    case 'weekOfYear':
      return add(call('floor', div(daysSince(monthStart(at, sub(1, extract('month', at))), at), 7)), 1);
    case 'daysToQuarterEnd':
      return daysUntil(at, monthStart(at, sub(3, mod(sub(extract('month', at), 1), 3))));
    case 'businessDaysLeft':
      return weekdaysWithin(add(extract('dow', at), 1), sub(daysUntil(at, monthStart(at, 1)), 1));
  }
}

/** First moment of the month so many months from that of `at`. */
const monthStart = (at: Expr, months: Expr | number): Expr =>
  addInterval(call('trunc_month', at), months, 'month');

const daysUntil = (at: Expr, end: Expr): Expr => diffDays(end, truncDay(at));
const daysSince = (start: Expr, at: Expr): Expr => diffDays(truncDay(at), start);

/** Mondays to Fridays among `days` days of which the first is weekday `first` (8 is Monday again). */
function weekdaysWithin(first: Expr, days: Expr): Expr {
  const rest = mod(days, 7);
  const last = add(first, sub(rest, 1));
  const holds = (day: number): Expr => caseWhen([[and(le(first, day), ge(last, day)), 1]], 0);
  const weekend = add(add(holds(6), holds(7)), holds(13));
  const full = mul(call('floor', div(days, 7)), 5);
  return caseWhen([[lt(days, 1), 0]], add(full, sub(rest, weekend)));
}
