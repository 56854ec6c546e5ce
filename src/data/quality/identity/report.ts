/** What the identity rules found: links with examples, and marks that stand for several rows. */
import type { Engine, Row } from '../../engine/types.ts';
import type { CheckFinding } from '../../schema/check-types.ts';
import { activeRules } from '../../schema/dated-links.ts';
import type { IdentityRule, WorkspaceConfig } from '../../schema/types.ts';
import { as, asc, col, countAll, desc, eq, gt, max, min, select, subquery, table } from '../../sql/build.ts';
import { toSql } from '../../sql/print.ts';
import type { Query } from '../../sql/tree.ts';
import { type Agreement, agreementOf } from './agreement.ts';
import { IDENTITY_SCHEMA } from './hosts.ts';
import { claims } from './stretches.ts';

const EXAMPLES = 3;

/** Needs what `resolveIdentity` made. */
export async function identityFindings(
  engine: Engine,
  config: WorkspaceConfig,
): Promise<readonly CheckFinding[]> {
  const found: CheckFinding[] = [];
  for (const rule of activeRules(config)) {
    found.push(...(await resolved(engine, rule, await agreementOf(engine, rule, config))));
    if (rule.kind === 'domain') found.push(...(await ambiguous(engine, rule, config)));
  }
  return found;
}

const rowsOf = (engine: Engine, query: Query): Promise<readonly Row[]> =>
  engine.rows(toSql(query, engine.dialect));

const WORDS: Readonly<Record<IdentityRule['kind'], string>> = {
  domain: 'linked by the domain of their address',
  email: 'linked by the same address',
  duplicate: 'linked to an earlier row for the same one',
};

const PHONE = 'linked to an earlier row of the same phone number and name';

/** Keys tell of the whole rule, of rows that need no link too. */
const confidence = ({ agree, cases }: Agreement): string =>
  cases === 0 ? '' : `; keys agree in ${agree} of ${cases} cases`;

async function resolved(
  engine: Engine,
  rule: IdentityRule,
  told: Agreement,
): Promise<readonly CheckFinding[]> {
  const links = table('links', 'l', IDENTITY_SCHEMA);
  const where = eq(col('l', 'rule'), rule.name);
  const [total] = await rowsOf(engine, select({ columns: [as(countAll(), 'n')], from: links, where }));
  const n = Number(total?.n ?? 0);
  if (n === 0) return [];
  const examples = await rowsOf(
    engine,
    select({
      columns: ['from_id', 'to_id', 'known_at', 'evidence'].map((n) => as(col('l', n), n)),
      from: links,
      where,
      orderBy: [asc(col('l', 'known_at')), asc(col('l', 'from_id'))],
      limit: EXAMPLES,
    }),
  );
  return [
    {
      severity: 'info',
      code: 'identity-resolved',
      table: rule.from,
      column: rule.column,
      count: n,
      examples: examples.map((r) => `${r.from_id} is ${r.to_id} (${r.evidence}, from ${dayOf(r.known_at)})`),
      message: `rows ${rule.match === 'phone' ? PHONE : WORDS[rule.kind]}${rule.from === rule.to ? '' : ` to ${rule.to}`}${confidence(told)}`,
      remedy: `Put pairs that are wrong under except of rule ${rule.name} in leadlight.yaml, or off: true.`,
    },
  ];
}

const dayOf = (at: Row[string] | undefined): string =>
  at instanceof Date ? at.toISOString().slice(0, 10) : 'the start';

/** Domains claimed by several accounts: rows are linked until the second claim only. */
async function ambiguous(
  engine: Engine,
  rule: IdentityRule,
  config: WorkspaceConfig,
): Promise<readonly CheckFinding[]> {
  const contested = select({
    columns: [
      as(col('c', 'mark'), 'mark'),
      as(countAll(), 'n'),
      as(min(col('c', 'id')), 'low'),
      as(max(col('c', 'id')), 'high'),
    ],
    from: subquery(claims(rule, config), 'c'),
    groupBy: [col('c', 'mark')],
    having: gt(countAll(), 1),
    orderBy: [desc(countAll()), asc(col('c', 'mark'))],
  });
  const found = await rowsOf(engine, contested);
  if (found.length === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'identity-ambiguous',
      table: rule.to,
      ...(rule.by === undefined ? {} : { column: rule.by }),
      count: found.length,
      examples: found
        .slice(0, EXAMPLES)
        .map((r) => `${r.mark}: ${r.n} rows, ${r.low} and ${r.high} among them`),
      message: 'domains are claimed by several rows: their people are linked only until the second claim',
      remedy: 'Merge the rows at the source, or correct their domains.',
    },
  ];
}
