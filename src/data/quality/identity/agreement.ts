/**
 * How far to trust a rule: where rows name by key whom they belong to, the rule's answer is held against it. People that
 * a rule takes for one ought to belong to one company.
 */
import type { Engine } from '../../engine/types.ts';
import { conceptOf } from '../../schema/lexicon.ts';
import {
  fkColumn,
  type IdentityRule,
  type Link,
  ROW,
  type Schema,
  type WorkspaceConfig,
} from '../../schema/types.ts';
import {
  and,
  as,
  col,
  countAll,
  eq,
  innerJoin,
  isNotNull,
  select,
  subquery,
  table,
} from '../../sql/build.ts';
import { toSql } from '../../sql/print.ts';
import { pairsOf } from './stretches.ts';

/** Of `cases` pairs that a key tells about, `agree` are right by it. */
export interface Agreement {
  readonly agree: number;
  readonly cases: number;
}

/** Needs hosts and phones. Cases is 0 where no key tells. */
export async function agreementOf(
  engine: Engine,
  rule: IdentityRule,
  config: WorkspaceConfig,
): Promise<Agreement> {
  const link = judgeOf(rule, config.schema);
  if (!link) return { agree: 0, cases: 0 };
  const own = col('a', fkColumn(link));
  const isSelf = rule.from === rule.to;
  const right = isSelf ? eq(own, col('b', fkColumn(link))) : eq(own, col('p', 'trow'));
  const query = select({
    columns: [as(countAll(), 'cases'), as(countAll({ filter: right }), 'agree')],
    from: subquery(pairsOf(rule, config), 'p'),
    joins: [
      innerJoin(table(rule.from, 'a', 'data'), eq(col('a', ROW), col('p', 'frow'))),
      innerJoin(table(rule.to, 'b', 'data'), eq(col('b', ROW), col('p', 'trow'))),
    ],
    where: and(isNotNull(own), ...(isSelf ? [isNotNull(col('b', fkColumn(link)))] : [])),
  });
  const [row] = await engine.rows(toSql(query, engine.dialect));
  return { agree: Number(row?.agree ?? 0), cases: Number(row?.cases ?? 0) };
}

/** The key that says who is right: to the very table, or both rows' to their company. */
const judgeOf = (rule: IdentityRule, schema: Schema): Link | undefined =>
  schema.links.find(
    (l) =>
      l.from === rule.from &&
      l.to !== l.from &&
      (rule.from === rule.to ? conceptOf(l.to) === 'account' : l.to === rule.to),
  );
