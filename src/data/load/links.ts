/** Foreign keys → `__fk_<link>`, the target's `__row`. Keys are compared as trimmed text, whole numbers without `.0`. */

import { LeadlightError } from '../../errors.ts';
import type { Column, Link, Table } from '../schema/types.ts';
import { fkColumn } from '../schema/types.ts';
import { MAX_EXAMPLES } from '../sources/types.ts';
import { keyText } from './cells.ts';
import { columnOf, type LoadContext, loaded, q, staged, tableOf } from './context.ts';
import type { Finding } from './types.ts';

interface KeyPair {
  readonly from: Column;
  readonly to: Column;
}

function keyPairs(context: LoadContext, link: Link): readonly KeyPair[] {
  const where = `Link ${link.name}`;
  const from = tableOf(context.schema, link.from, where);
  const to = tableOf(context.schema, link.to, where);
  if (link.columns.length !== to.key.length)
    throw new LeadlightError('SCHEMA_MISMATCH', {
      where,
      expected: `${to.key.length} columns, the key of ${to.name} (${to.key.join(', ') || 'none'})`,
      found: link.columns.join(', '),
      remedy: 'Correct the link or the key in leadlight.yaml.',
    });
  return link.columns.map((c, i) => ({
    from: columnOf(from, c, where),
    to: columnOf(to, to.key[i]!, where),
  }));
}

function matchSql(pairs: readonly KeyPair[], target: string): string {
  const same = ({ from, to }: KeyPair): string =>
    from.type === 'integer' && to.type === 'integer'
      ? `s.${q(from.name)} = ${target}.${q(to.name)}`
      : `${keyText('s', from)} = ${keyText(target, to)}`;
  return pairs.map(same).join(' AND ');
}

/** Creates `data."<table>"` from its stage, with every link resolved; needs the stages of all targets. */
export async function resolveLinks(
  context: LoadContext,
  table: Table,
): Promise<readonly (Finding & { readonly link: string })[]> {
  const links = context.schema.links.filter((l) => l.from === table.name);
  const pairs = links.map((l) => keyPairs(context, l));
  const joins = links.map((l, i) => `LEFT JOIN ${staged(l.to)} AS t${i} ON ${matchSql(pairs[i]!, `t${i}`)}`);
  const columns = links.map((l, i) => `t${i}."__row" AS ${q(fkColumn(l))}`);
  const drop = table.origin.kind === 'derived' ? '' : ' EXCLUDE ("__source")';
  await context.engine.run(
    `CREATE OR REPLACE TABLE ${loaded(table.name)} AS SELECT ${[`s.*${drop}`, ...columns].join(', ')}
     FROM ${staged(table.name)} AS s ${joins.join(' ')}`,
  );
  const out: (Finding & { readonly link: string })[] = [];
  for (const [i, link] of links.entries()) {
    const found = await orphans(context, link, pairs[i]!);
    if (found.rows > 0) out.push({ link: link.name, ...found });
  }
  return out;
}

async function orphans({ engine }: LoadContext, link: Link, pairs: readonly KeyPair[]): Promise<Finding> {
  const keys = pairs.map(({ from }) => keyText('s', from));
  const where = `${keys.map((k) => `${k} IS NOT NULL`).join(' AND ')} AND s.${q(fkColumn(link))} IS NULL`;
  const from = `FROM ${loaded(link.from)} AS s WHERE ${where}`;
  const [count] = await engine.rows(`SELECT count(*) AS n ${from}`);
  const rows = Number(count!.n);
  if (rows === 0) return { reason: '', rows, examples: [] };
  const found = await engine.rows(
    `SELECT DISTINCT ${keys.join(` || '|' || `)} AS k ${from} ORDER BY 1 LIMIT ${MAX_EXAMPLES}`,
  );
  return { reason: `no such row in ${link.to}`, rows, examples: found.map((r) => String(r.k).slice(0, 80)) };
}
