/** `identity.phones`: the number behind every way of writing it, so that SQL joins on it. */
import type { Engine } from '../../engine/types.ts';
import type { IdentityRule } from '../../schema/types.ts';
import { as, cast, col, createTableAs, eq, innerJoin, isNotNull, select, table } from '../../sql/build.ts';
import { toSql } from '../../sql/print.ts';
import type { Expr, Join } from '../../sql/tree.ts';
import { IDENTITY_SCHEMA, isPhoneRule } from './hosts.ts';
import { inlineRows } from './inline.ts';

const PHONES = 'phones';
/** Digits by which numbers are compared: with or without the country's prefix they end alike. */
const COMPARED = 9;
const LEAST = 8;

/** The last digits of a number without its extension; undefined for what is none, a row of one digit, say. */
export function phoneNumber(text: string): string | undefined {
  const digits = text.replace(/(ext|x|#|;|,).*$/i, '').replace(/[^0-9]/g, '');
  if (digits.length < LEAST || new Set(digits).size < 4 || '01234567890123456789'.includes(digits))
    return undefined;
  return digits.slice(-COMPARED);
}

export async function createPhones(engine: Engine, rules: readonly IdentityRule[]): Promise<void> {
  const texts = new Set<string>();
  for (const rule of rules.filter(isPhoneRule)) {
    const query = select({
      distinct: true,
      columns: [as(cast(col(rule.column), 'text'), 'text')],
      from: table(rule.from, undefined, 'data'),
      where: isNotNull(col(rule.column)),
    });
    for (const row of await engine.rows(toSql(query, engine.dialect))) texts.add(String(row.text));
  }
  const rows = [...texts].sort().flatMap((text) => {
    const number = phoneNumber(text);
    return number === undefined ? [] : [[text, number] as const];
  });
  const query = inlineRows(rows, [
    ['text', 'text'],
    ['number', 'text'],
  ]);
  await engine.run(toSql(createTableAs(PHONES, query, IDENTITY_SCHEMA), engine.dialect));
}

/** Joins the number of a cell under the alias `phone`. */
export const phoneJoin = (cell: Expr): Join =>
  innerJoin(table(PHONES, 'phone', IDENTITY_SCHEMA), eq(col('phone', 'text'), cast(cell, 'text')));
