import fc from 'fast-check';
import { expect, test } from 'vitest';
import type {
  Aggregate,
  AggregateFn,
  ColumnRef,
  Comparison,
  Hint,
  Literal,
  Predicate,
  Query,
  Window,
} from './ast.ts';
import { FUNCTIONS } from './functions.ts';
import { UNITS } from './keywords.ts';
import { parseQuery } from './parse.ts';
import { printQuery } from './print.ts';

const SEED = 20260731;
const span = { start: 0, end: 0 };

/** Any name a backtick can hold, and words that are reserved. */
const name = fc.oneof(
  fc.constantFrom('leads', 'count', 'FOR', 'where', 'IS', 'days', 'true', 'null', 'for each', 'x y'),
  fc.string({ minLength: 1, unit: 'binary' }).filter((s) => !/[`.\r\n*]/.test(s)),
);
const columnRef: fc.Arbitrary<ColumnRef> = fc.record({
  kind: fc.constant('column'),
  table: name,
  column: name,
  span: fc.constant(span),
});
const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 });

const scalar: fc.Arbitrary<Literal> = fc.oneof(
  whole.map((value): Literal => ({ kind: 'number', value, integer: true, span })),
  fc
    .constantFrom('9223372036854775807', '-9223372036854775808')
    .map((digits): Literal => ({ kind: 'number', value: Number(digits), integer: true, span, digits })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value): Literal => ({ kind: 'number', value: value + 0, integer: false, span })),
  fc.string({ unit: 'binary' }).map((value): Literal => ({ kind: 'string', value, span })),
  fc.boolean().map((value): Literal => ({ kind: 'boolean', value, span })),
  fc
    .record({ at: fc.integer({ min: 0, max: 4e9 }), dateOnly: fc.boolean() })
    .map(({ at, dateOnly }): Literal => {
      const value = new Date(at * 1000).toISOString().slice(0, 19);
      return { kind: 'datetime', value: dateOnly ? `${value.slice(0, 10)}T00:00:00` : value, dateOnly, span };
    }),
);
const literal: fc.Arbitrary<Literal> = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 1, arbitrary: fc.constant<Literal>({ kind: 'null', span }) },
);
const list = fc
  .array(scalar, { minLength: 2, maxLength: 4 })
  .map((items): Literal => ({ kind: 'array', items, span }));

const window: fc.Arbitrary<Window> = fc.record({
  start: fc.option(whole),
  end: whole,
  unit: fc.constantFrom(...UNITS),
});

const operator = fc.constantFrom<Exclude<Comparison['op'], 'IN'>>(
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'CONTAINS',
  'NOT CONTAINS',
  'STARTS WITH',
  'ENDS WITH',
);

const { predicate, aggregate } = fc.letrec<{ predicate: Predicate; aggregate: Aggregate }>((tie) => {
  const left = fc.oneof(columnRef, tie('aggregate'));
  return {
    predicate: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({
        kind: fc.constant('comparison' as const),
        left,
        op: operator,
        right: literal,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('comparison' as const),
        left,
        op: fc.constant('IN' as const),
        right: list,
        span: fc.constant(span),
      }),
      fc.record({ kind: fc.constant('not' as const), operand: tie('predicate'), span: fc.constant(span) }),
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        left: tie('predicate'),
        right: tie('predicate'),
        span: fc.constant(span),
      }),
    ),
    aggregate: fc
      .record({
        fn: fc.constantFrom(...(Object.keys(FUNCTIONS) as AggregateFn[])),
        source: fc.oneof(
          columnRef,
          columnRef.map((c) => ({ ...c, column: '*' })),
        ),
        where: fc.option(tie('predicate'), { nil: undefined }),
        window: fc.option(window, { nil: undefined }),
      })
      .map(({ fn, source, where, window: w }) => ({
        kind: 'aggregate' as const,
        fn,
        source,
        ...(where ? { where } : {}),
        ...(w ? { window: w } : {}),
        span,
      })),
  };
});

const hint: fc.Arbitrary<Hint> = fc.oneof(
  whole.map((steps): Hint => ({ kind: 'forecast', steps, span })),
  whole.map((topK): Hint => ({ kind: 'top', topK, span })),
  fc
    .record({
      kind: fc.constantFrom('rank' as const, 'classify' as const),
      topK: fc.option(whole, { nil: undefined }),
    })
    .map(({ kind, topK }): Hint => ({ kind, span, ...(topK === undefined ? {} : { topK }) })),
);

const query: fc.Arbitrary<Query> = fc
  .record({
    target: fc.oneof(predicate, aggregate, columnRef),
    hint: fc.option(hint, { nil: undefined }),
    entity: columnRef,
    forEach: fc.boolean(),
    ids: fc.option(
      fc.oneof(
        scalar.map((ids) => ({ ids, idsOp: '=' as const })),
        list.map((ids) => ({ ids, idsOp: 'IN' as const })),
      ),
      { nil: undefined },
    ),
    where: fc.option(predicate, { nil: undefined }),
    assuming: fc.option(predicate, { nil: undefined }),
  })
  .map(({ target, hint: h, entity, forEach, ids, where, assuming }) => ({
    target,
    ...(h ? { hint: h } : {}),
    entity,
    forEach,
    ...ids,
    ...(where ? { where } : {}),
    ...(assuming ? { assuming } : {}),
  }));

/** Spans are the one thing that printing moves. */
const withoutSpans = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'span' ? undefined : inner)));

test(`parsing what was printed gives the same query in both modes (seed ${SEED})`, () => {
  fc.assert(
    fc.property(query, (generated) => {
      const text = printQuery(generated);
      for (const mode of ['strict', 'lenient'] as const) {
        const parsed = parseQuery(text, { mode });
        expect(withoutSpans(parsed.query), `${mode}: ${text}`).toEqual(withoutSpans(generated));
        expect(printQuery(parsed.query!)).toBe(text);
      }
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test('extensions without a strict spelling print as they are read', () => {
  const text =
    'PREDICT BOOL(leads.status = "won", 0, 90, days) FOR EACH leads WHERE ' +
    'COUNT(deals.* VIA leads.account_id, deals.account_id WHERE deals.a IS NULL, -INF, 0, days) > 0 USING leads, `my deals`';
  expect(printQuery(parseQuery(text).query!)).toBe(text);
});
