/** Links that name another row over time: the stretch that holds at a moment. */
import { LINK_SCHEMA, type Link } from '../../data/schema/types.ts';
import { and, col, eq, gt, innerJoin, le, table, ts } from '../../data/sql/build.ts';
import type { Expr, Join } from '../../data/sql/tree.ts';

/** Everything on record has happened by then, and no last stretch has ended. */
export const LATEST = ts('9999-12-30');

/** Joins the stretch (frow, trow) whose `end` is `row`, under the alias. */
export const stretchAt = (
  link: Link,
  alias: string,
  end: 'frow' | 'trow',
  row: Expr,
  at: Expr,
  join = innerJoin,
): Join =>
  join(
    table(link.name, alias, LINK_SCHEMA),
    and(eq(col(alias, end), row), le(col(alias, 'since'), at), gt(col(alias, 'until'), at)),
  );
