/** `identity.hosts`: what stands behind every host that the rules compare, so that SQL joins on it. */
import type { Engine } from '../../engine/types.ts';
import type { IdentityRule, Schema } from '../../schema/types.ts';
import {
  as,
  call,
  caseWhen,
  cast,
  coalesce,
  col,
  createTableAs,
  eq,
  inList,
  innerJoin,
  isNotNull,
  not,
  select,
  table,
} from '../../sql/build.ts';
import { toSql } from '../../sql/print.ts';
import type { Expr, Join } from '../../sql/tree.ts';
import { hostOf, SHARED_MAILBOXES } from './domains.ts';
import { inlineRows } from './inline.ts';

export const IDENTITY_SCHEMA = 'identity';
const HOSTS = 'hosts';
const COLUMNS = [
  ['text', 'text'],
  ['site', 'text'],
  ['provider', 'boolean'],
  ['mailbox', 'text'],
  ['tags', 'boolean'],
  ['dots', 'boolean'],
] as const;

const plain = (value: Expr): Expr => call('lower', call('trim', value));
const ADDRESS = '^[^@ ]+@[^@ ]+$';

/** Host text of a cell: behind the @ of an address, or the whole cell of a website. */
const hostText = (cell: Expr, isAddress: boolean): Expr =>
  isAddress
    ? caseWhen([[call('regexp_match', plain(cell), ADDRESS), call('split_part', plain(cell), '@', 2)]])
    : plain(cell);

interface HostCell {
  readonly table: string;
  readonly column: string;
  readonly isAddress: boolean;
}

function cellsOf(rules: readonly IdentityRule[], schema: Schema): readonly HostCell[] {
  return rules
    .filter((r) => !isPhoneRule(r))
    .flatMap((r): HostCell[] => {
      const members = r.members && schema.links.find((l) => l.name === r.members!.link)?.from;
      const isAddress = isAddressRule(r);
      return [
        { table: r.from, column: r.column, isAddress },
        ...(r.kind !== 'duplicate' && r.by !== undefined
          ? [{ table: r.to, column: r.by, isAddress: r.kind === 'email' }]
          : []),
        ...(members ? [{ table: members, column: r.members!.column, isAddress: true }] : []),
      ];
    });
}

/** Repeats of accounts are told by their site and a name, all else by an address. */
export const isAddressRule = (r: IdentityRule): boolean => r.kind !== 'duplicate' || r.by === undefined;

export const isPhoneRule = (r: IdentityRule): boolean => r.match === 'phone';

export async function createHosts(
  engine: Engine,
  rules: readonly IdentityRule[],
  schema: Schema,
): Promise<void> {
  const texts = new Set<string>();
  for (const cell of cellsOf(rules, schema)) {
    const text = hostText(col(cell.column), cell.isAddress);
    const query = select({
      distinct: true,
      columns: [as(text, 'text')],
      from: table(cell.table, undefined, 'data'),
      where: isNotNull(text),
    });
    for (const row of await engine.rows(toSql(query, engine.dialect))) texts.add(String(row.text));
  }
  const rows = [...texts].sort().map((text) => {
    const host = hostOf(text);
    return [text, host.site ?? null, host.provider, host.mailbox, host.tags, host.dots] as const;
  });
  await engine.run(toSql(createTableAs(HOSTS, inlineRows(rows, COLUMNS), IDENTITY_SCHEMA), engine.dialect));
}

/** Joins the host of a cell of row `alias` under the alias `host`. */
export const hostJoin = (cell: Expr, isAddress: boolean): Join =>
  innerJoin(table(HOSTS, 'host', IDENTITY_SCHEMA), eq(col('host', 'text'), hostText(cell, isAddress)));

/** The employer's domain behind the joined host; null for providers. */
export const employer: Expr = caseWhen([[not(col('host', 'provider')), col('host', 'site')]]);

/** The name in the columns of row `alias`, as people of one address or number are told apart. */
export const personName = (alias: string, columns: readonly string[]): Expr =>
  call('concat', ...columns.flatMap((c) => [' ', coalesce(plain(cast(col(alias, c), 'text')), '')]));

/** One text for one mailbox: lower case, without tag and dots where the provider ignores them; null for a team's. */
export function mailbox(cell: Expr): Expr {
  const local = call('split_part', plain(cell), '@', 1);
  const untagged = caseWhen([[col('host', 'tags'), call('split_part', local, '+', 1)]], local);
  const bare = caseWhen([[col('host', 'dots'), call('replace', untagged, '.', '')]], untagged);
  const whole = call('concat', bare, '@', col('host', 'mailbox'));
  return caseWhen([[not(inList(bare, SHARED_MAILBOXES)), whole]]);
}

const LEGAL_FORM =
  '^(.*[^ ,])[ ,]+(inc|llc|ltd|limited|corp|corporation|company|co|plc|gmbh|ag|sa|sas|srl|bv|nv|oy|ab|as|kg)$';

/** A company's name without its legal form. */
export function companyName(cell: Expr): Expr {
  const text = call('replace', plain(cell), '.', '');
  return coalesce(call('nullif', call('regexp_extract', text, LEGAL_FORM, 1), ''), text);
}
