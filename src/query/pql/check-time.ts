/** Windows: Z1 to Z3, and which way each clause may look (Z5 to Z7). */
import type { Table } from '../../data/schema/types.ts';
import type { Span, TimeUnit, Window } from './ast.ts';
import type { Check } from './check-context.ts';

export type Clause = 'target' | 'where' | 'assuming' | 'inner';

const INT32 = 2 ** 31 - 1;

export function checkWindow(check: Check, window: Window, span: Span, clause: Clause): void {
  const { start, end } = window;
  if (Math.abs(end) > INT32 || Math.abs(start ?? 0) > INT32) {
    check.error('Z2', span, 'A window offset is out of range.', { expected: `at most ${INT32}` });
  }
  if (start !== null && start >= end) {
    check.error('Z1', span, 'The window ends before it starts.', { expected: 'start < end' });
    return;
  }
  checkDirection(check, window, span, clause);
}

function checkDirection(check: Check, { start, end }: Window, span: Span, clause: Clause): void {
  const past = start === null || start < 0;
  if (clause === 'target' && past) {
    check.error('Z5', span, 'The target looks at the past, where nothing is left to predict.', {
      expected: 'start of 0 or later',
      suggestion: 'filter on the past with WHERE after the entity',
    });
  }
  if (clause === 'assuming' && past) {
    check.error('Z7', span, 'ASSUMING is about the future.', {
      expected: 'start of 0 or later',
      suggestion: 'WHERE for a condition on the past',
    });
  }
  if ((clause === 'where' || clause === 'inner') && end > 0) {
    const what = clause === 'where' ? 'The filter on entities' : 'A window inside a filter';
    check.error('Z6', span, `${what} looks at the future.`, {
      expected: 'end of 0 or earlier',
      suggestion: clause === 'where' ? 'ASSUMING for a condition on the future' : undefined,
    });
  }
}

export function checkTimeColumn(check: Check, table: Table, span: Span): void {
  if (table.time !== undefined || table.labelTime !== undefined) return;
  check.error('Z3', span, `The table ${table.name} has no time column, so no window can be laid over it.`, {
    suggestion: `declare the time column of ${table.name} in the schema`,
  });
}

const DAY = 86_400;
const SECONDS: Readonly<Record<TimeUnit, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3_600,
  days: DAY,
  weeks: 7 * DAY,
  months: 30 * DAY,
};

/** The window that ends last; months are taken as 30 days when units differ, with a warning. */
export function latestWindow(
  check: Check,
  windows: readonly { readonly window: Window; readonly span: Span }[],
): Window | undefined {
  const units = new Set(windows.map(({ window }) => window.unit));
  const months = windows.find(({ window }) => window.unit === 'months');
  if (units.size > 1 && months) {
    check.warn('Z13', months.span, 'To compare windows in different units, a month counts as 30 days.');
  }
  const end = ({ window }: { readonly window: Window }): number => window.end * SECONDS[window.unit];
  return windows.reduce<(typeof windows)[number] | undefined>(
    (last, candidate) => (last && end(last) >= end(candidate) ? last : candidate),
    undefined,
  )?.window;
}
