/**
 * Who is who, as links over time: every rule becomes a dated link whose stretches begin when both cells are known and
 * end when a later row makes them ambiguous. Source rows stay as they are, and no later cell moves an earlier stretch.
 * `identity.links` lists all of them; rules and pairs are switched off in leadlight.yaml.
 */
import type { RunControl } from '../../../util/progress.ts';
import { cancellable } from '../../engine/cancel.ts';
import type { Engine } from '../../engine/types.ts';
import { activeRules, ruleLink } from '../../schema/dated-links.ts';
import { ID, type IdentityRule, LINK_SCHEMA, ROW, type WorkspaceConfig } from '../../schema/types.ts';
import {
  as,
  cast,
  col,
  createTableAs,
  eq,
  innerJoin,
  isNotNull,
  lit,
  select,
  table,
  unionAll,
} from '../../sql/build.ts';
import { toSql } from '../../sql/print.ts';
import type { Query } from '../../sql/tree.ts';
import { type Agreement, agreementOf } from './agreement.ts';
import { createHosts, IDENTITY_SCHEMA } from './hosts.ts';
import { createPhones } from './phones.ts';
import { stretchesOf } from './stretches.ts';

/** Needs the loaded tables; makes the dated link of every rule in use, and `identity.links`. */
export async function resolveIdentity(
  engine: Engine,
  config: WorkspaceConfig,
  control: RunControl = {},
): Promise<void> {
  const rules = activeRules(config);
  if (rules.length === 0) return;
  await engine.run(`DROP SCHEMA IF EXISTS ${IDENTITY_SCHEMA} CASCADE; CREATE SCHEMA ${IDENTITY_SCHEMA};
    CREATE SCHEMA IF NOT EXISTS ${LINK_SCHEMA}`);
  await cancellable(engine, control, () => createHosts(engine, rules, config.schema));
  await cancellable(engine, control, () => createPhones(engine, rules));
  for (const [done, rule] of rules.entries()) {
    control.progress?.({ stage: 'identity', done, total: rules.length, unit: 'rules' });
    const query = stretchesOf(rule, config);
    await cancellable(engine, control, () =>
      engine.run(toSql(createTableAs(ruleLink(config, rule).name, query, LINK_SCHEMA), engine.dialect)),
    );
  }
  const lists: Query[] = [];
  for (const rule of rules) {
    const told = await cancellable(engine, control, () => agreementOf(engine, rule, config));
    lists.push(listed(rule, ruleLink(config, rule).name, told));
  }
  const all = lists.length === 1 ? lists[0]! : unionAll(...lists);
  await engine.run(toSql(createTableAs('links', all, IDENTITY_SCHEMA), engine.dialect));
}

/** rule, kind, from_table, from_id, to_table, to_id, known_at, end, evidence, confidence (null where no key tells), cases */
const listed = (rule: IdentityRule, link: string, { agree, cases }: Agreement): Query =>
  select({
    columns: [
      as(cast(lit(rule.name), 'text'), 'rule'),
      as(cast(lit(rule.kind), 'text'), 'kind'),
      as(cast(lit(rule.from), 'text'), 'from_table'),
      as(col('a', ID), 'from_id'),
      as(cast(lit(rule.to), 'text'), 'to_table'),
      as(col('b', ID), 'to_id'),
      as(col('l', 'since'), 'known_at'),
      as(col('l', 'until'), 'end'),
      as(col('l', 'evidence'), 'evidence'),
      as(cast(lit(cases === 0 ? null : agree / cases), 'double'), 'confidence'),
      as(cast(lit(cases), 'bigint'), 'cases'),
    ],
    from: table(link, 'l', LINK_SCHEMA),
    joins: [
      innerJoin(table(rule.from, 'a', 'data'), eq(col('a', ROW), col('l', 'frow'))),
      innerJoin(table(rule.to, 'b', 'data'), eq(col('b', ROW), col('l', 'trow'))),
    ],
    where: isNotNull(col('l', 'evidence')),
  });
