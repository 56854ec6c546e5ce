/** One identity rule → (frow, trow, since, until, evidence). */
import { filledLink } from '../../schema/dated-links.ts';
import {
  fkColumn,
  ID,
  type IdentityRule,
  KNOWN,
  type Link,
  ROW,
  type Schema,
  type WorkspaceConfig,
} from '../../schema/types.ts';
import {
  and,
  as,
  asc,
  call,
  caseWhen,
  cast,
  coalesce,
  col,
  eq,
  greatest,
  innerJoin,
  isNotNull,
  isNull,
  lit,
  lt,
  minusInfinity,
  ne,
  not,
  over,
  select,
  subquery,
  table,
  ts,
  unionAll,
} from '../../sql/build.ts';
import type { Expr, Join, Query } from '../../sql/tree.ts';
import { companyName, employer, hostJoin, isAddressRule, isPhoneRule, mailbox, personName } from './hosts.ts';
import { phoneJoin } from './phones.ts';

/** No stretch ends later. */
const FOREVER = ts('9999-12-31');

/**
 * Every row of the target table that a mark (domain, address) speaks for, earliest first; the mark is the first one's
 * until the next one that is not its repeat.
 */
export function stretchesOf(rule: IdentityRule, config: WorkspaceConfig): Query {
  const filled = filledLink(config, rule);
  const found = resolved(rule, config, filled);
  return filled ? unionAll(named(filled), found) : found;
}

/** Rows that name the target themselves always did. */
function named(link: Link): Query {
  const fk = col('e', fkColumn(link));
  return select({
    columns: [
      as(col('e', ROW), 'frow'),
      as(fk, 'trow'),
      as(minusInfinity, 'since'),
      as(FOREVER, 'until'),
      as(cast(lit(null), 'text'), 'evidence'),
    ],
    from: table(link.from, 'e', 'data'),
    where: isNotNull(fk),
  });
}

/** All pairs the rule would make, keys or not. */
export const pairsOf = (rule: IdentityRule, config: WorkspaceConfig): Query =>
  resolved(rule, config, undefined);

function resolved(rule: IdentityRule, config: WorkspaceConfig, filled: Link | undefined): Query {
  const since = greatest(col('f', 'known'), col('o', 'since'));
  const until = col('o', 'until');
  return select({
    columns: [
      as(col('f', 'row'), 'frow'),
      as(col('o', 'row'), 'trow'),
      as(since, 'since'),
      as(until, 'until'),
      as(col('f', 'mark'), 'evidence'),
    ],
    from: subquery(marked(rule, filled), 'f'),
    joins: [innerJoin(subquery(owners(rule, config), 'o'), eq(col('o', 'mark'), col('f', 'mark')))],
    where: and(
      lt(since, until),
      ...(rule.from === rule.to ? [ne(col('f', 'row'), col('o', 'row'))] : []),
      ...(rule.except ?? []).map(([from, to]) => not(and(eq(col('f', 'id'), from), eq(col('o', 'id'), to)))),
    ),
  });
}

/** Marks of the rows a rule begins at: row, id, known, mark. Never where a key names the target. */
const marked = (rule: IdentityRule, filled?: Link): Query =>
  marks(rule.from, joinOf(rule), markOf(rule), filled ? [isNull(col('e', fkColumn(filled)))] : []);

function joinOf(rule: IdentityRule): Join {
  const cell = col('e', rule.column);
  return isPhoneRule(rule) ? phoneJoin(cell) : hostJoin(cell, isAddressRule(rule));
}

function markOf(rule: IdentityRule): Expr {
  if (rule.kind === 'domain') return employer;
  if (isPhoneRule(rule)) return phoneMark(rule.names?.from ?? []);
  if (isAddressRule(rule)) return personMark(rule.column, rule.names?.from);
  return call('concat', employer, ' ', companyName(col('e', rule.by!)));
}

/** A number alone is a company's or a household's. */
function phoneMark(names: readonly string[]): Expr {
  const name = personName('e', names);
  return caseWhen([[ne(call('trim', name), ''), call('concat', col('phone', 'number'), name)]]);
}

/** A household may share a private address: there the names have to agree too. */
function personMark(column: string, names: readonly string[] | undefined): Expr {
  const address = mailbox(col('e', column));
  if (!names || names.length === 0) return address;
  return caseWhen([[col('host', 'provider'), call('concat', address, personName('e', names))]], address);
}

function marks(name: string, join: Join, mark: Expr, where: readonly Expr[]): Query {
  return select({
    columns: [
      as(col('e', ROW), 'row'),
      as(col('e', ID), 'id'),
      as(col('e', KNOWN), 'known'),
      as(mark, 'mark'),
    ],
    from: table(name, 'e', 'data'),
    joins: [join],
    where: and(isNotNull(col('e', KNOWN)), isNotNull(mark), ...where),
  });
}

/** mark, row, id, since, until: whose a mark is. */
function owners(rule: IdentityRule, config: WorkspaceConfig): Query {
  const inOrder = [asc(col('c', 'known')), asc(call('length', col('c', 'id'))), asc(col('c', 'id'))];
  const turn = { partitionBy: [col('c', 'mark')], orderBy: inOrder };
  const ranked = select({
    columns: [
      ...['mark', 'row', 'id', 'known'].map((n) => as(col('c', n), n)),
      as(over('row_number', [], turn), 'place'),
      as(over('lead', [col('c', 'known')], turn), 'next'),
    ],
    from: subquery(claims(rule, config), 'c'),
  });
  // One address is one person whichever row comes later; one domain of two companies is neither's.
  const until =
    rule.kind === 'domain' ? caseWhen([[isNull(col('r', 'next')), FOREVER]], col('r', 'next')) : FOREVER;
  return select({
    columns: [
      as(col('r', 'mark'), 'mark'),
      as(col('r', 'row'), 'row'),
      as(col('r', 'id'), 'id'),
      as(col('r', 'known'), 'since'),
      as(until, 'until'),
    ],
    from: subquery(ranked, 'r'),
    where: eq(col('r', 'place'), 1),
  });
}

/** mark, row, id, known: the target rows that a mark may stand for, each once and from its earliest evidence on. */
export function claims(rule: IdentityRule, config: WorkspaceConfig): Query {
  if (rule.kind === 'duplicate') return marked(rule);
  if (rule.kind === 'email')
    return marks(rule.to, hostJoin(col('e', rule.by!), true), personMark(rule.by!, rule.names?.to), []);
  const own = rule.by === undefined ? [] : [marks(rule.to, hostJoin(col('e', rule.by), false), employer, [])];
  const all = [...own, ...(rule.members ? [byMembers(rule, config.schema)] : [])];
  return firstOf(all.length === 1 ? all[0]! : unionAll(...all), repeatsOf(rule, config));
}

/** The rule that finds repeats among the target's rows: repeats of one company do not contest its domain. */
const repeatsOf = (rule: IdentityRule, config: WorkspaceConfig): IdentityRule | undefined =>
  (config.identity ?? []).find(
    (r) => r.kind === 'duplicate' && r.from === rule.to && r.by !== undefined && r.off !== true,
  );

function firstOf(claimed: Query, repeats: IdentityRule | undefined): Query {
  const inOrder = [asc(col('u', 'known')), asc(call('length', col('u', 'id'))), asc(col('u', 'id'))];
  const id = col('u', 'id');
  const same = repeats ? coalesce(companyName(col('t', repeats.by!)), id) : id;
  const turn = { partitionBy: [col('u', 'mark'), same], orderBy: inOrder };
  const ranked = select({
    columns: [
      ...['mark', 'row', 'id', 'known'].map((n) => as(col('u', n), n)),
      as(over('row_number', [], turn), 'place'),
    ],
    from: subquery(claimed, 'u'),
    ...(repeats
      ? { joins: [innerJoin(table(repeats.from, 't', 'data'), eq(col('t', ROW), col('u', 'row')))] }
      : {}),
  });
  return select({
    columns: ['mark', 'row', 'id', 'known'].map((n) => as(col('v', n), n)),
    from: subquery(ranked, 'v'),
    where: eq(col('v', 'place'), 1),
  });
}

/** Two members with one employer's domain speak for their account, unless the account names its own. */
function byMembers(rule: IdentityRule, schema: Schema): Query {
  const link = schema.links.find((l) => l.name === rule.members!.link);
  if (!link) throw new Error(`no link ${rule.members!.link} in the schema`);
  const fk = col('e', fkColumn(link));
  const people = select({
    columns: [
      as(fk, 'row'),
      as(employer, 'mark'),
      as(col('e', KNOWN), 'known'),
      as(
        over('row_number', [], {
          partitionBy: [fk, employer],
          orderBy: [asc(col('e', KNOWN)), asc(call('length', col('e', ID))), asc(col('e', ID))],
        }),
        'place',
      ),
    ],
    from: table(link.from, 'e', 'data'),
    joins: [hostJoin(col('e', rule.members!.column), true)],
    where: and(isNotNull(fk), isNotNull(col('e', KNOWN)), isNotNull(employer)),
  });
  const unnamed = rule.by === undefined ? [] : [isNull(col('t', rule.by))];
  return select({
    columns: [
      as(col('p', 'row'), 'row'),
      as(col('t', ID), 'id'),
      as(greatest(col('p', 'known'), col('t', KNOWN)), 'known'),
      as(col('p', 'mark'), 'mark'),
    ],
    from: subquery(people, 'p'),
    joins: [innerJoin(table(link.to, 't', 'data'), eq(col('t', ROW), col('p', 'row')))],
    where: and(eq(col('p', 'place'), 2), isNotNull(col('t', KNOWN)), ...unnamed),
  });
}
