/** A checked query asked about a nearer future: label windows that reach beyond `days` end there. */
import type { Aggregate, CheckedQuery, Predicate, Target, TimeUnit, Window } from './ast.ts';
import { printQuery } from './print.ts';

const DAYS: Readonly<Record<TimeUnit, number>> = {
  seconds: 1 / 86_400,
  minutes: 1 / 1440,
  hours: 1 / 24,
  days: 1,
  weeks: 7,
  months: 30,
};

/** Undefined when the query has no label window that ends later, or one that would be left empty. */
export function shortenQuery(checked: CheckedQuery, days: number): CheckedQuery | undefined {
  const { horizon } = checked;
  if (!checked.temporal || checked.hint || !horizon || horizon.end * DAYS[horizon.unit] <= days)
    return undefined;
  const target = shortTarget(checked.target, days);
  if (!target || checked.assuming) return undefined;
  const short = { ...checked, target, horizon: { end: days, unit: 'days' as const } };
  return { ...short, text: printQuery(short) };
}

function shortTarget(target: Target, days: number): Target | undefined {
  if (target.kind === 'column') return undefined;
  return target.kind === 'aggregate' ? shortAggregate(target, days) : shortPredicate(target, days);
}

function shortPredicate(p: Predicate, days: number): Predicate | undefined {
  switch (p.kind) {
    case 'comparison': {
      const left = p.left.kind === 'column' ? p.left : shortAggregate(p.left, days);
      return left && { ...p, left };
    }
    case 'becomes': {
      const window = shortWindow(p.window, days);
      return window && { ...p, window };
    }
    case 'not': {
      const operand = shortPredicate(p.operand, days);
      return operand && { ...p, operand };
    }
    default: {
      const [left, right] = [shortPredicate(p.left, days), shortPredicate(p.right, days)];
      return left && right ? { ...p, left, right } : undefined;
    }
  }
}

function shortAggregate(a: Aggregate, days: number): Aggregate | undefined {
  if (!a.window) return a;
  const window = shortWindow(a.window, days);
  return window && { ...a, window };
}

function shortWindow(window: Window, days: number): Window | undefined {
  const unit = DAYS[window.unit];
  if (window.end * unit <= days) return window;
  if (window.start === null) return { start: null, end: days, unit: 'days' };
  const start = window.start * unit;
  return start < days && Number.isInteger(start) ? { start, end: days, unit: 'days' } : undefined;
}
