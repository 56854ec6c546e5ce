/** Identity rules that a schema allows: people to accounts by domain, people of two tables by address, repeats within one. */
import { isSettled, isSettledLink } from '../../schema/dated-links.ts';
import { type Concept, conceptOf, hasWord, NAME_WORDS, stems } from '../../schema/lexicon.ts';
import type { Column, IdentityRule, Schema, Table } from '../../schema/types.ts';

const ofKind = (t: Table, ...kinds: readonly Column['semantic'][]): readonly Column[] =>
  t.columns.filter((c) => kinds.includes(c.semantic) && isSettled(c) && !c.constant);

const addressOf = (t: Table): Column | undefined => ofKind(t, 'email')[0];

const SITE_WORDS = new Set(['website', 'domain', 'web', 'site', 'homepage']);
function siteOf(t: Table): Column | undefined {
  const found = ofKind(t, 'domain', 'url');
  return found.find((c) => hasWord(stems(c.name), SITE_WORDS)) ?? found[0];
}

function nameOf(t: Table): Column | undefined {
  const text = t.columns.filter((c) => c.type === 'text' && isSettled(c) && !t.key.includes(c.name));
  return text.find((c) => hasWord(stems(c.name), NAME_WORDS) && c.semantic !== 'title');
}

export function identityRules(schema: Schema): readonly IdentityRule[] {
  const of = (concept: Concept): readonly Table[] =>
    schema.tables.filter(
      (t) =>
        conceptOf(t.name) === concept && t.origin.kind === 'file' && t.key.length > 0 && t.role === 'entity',
    );
  const contacts = of('contact').filter(addressOf);
  const people = [...contacts, ...of('lead').filter(addressOf)];
  const accounts = of('account');
  return [
    ...people.flatMap((t) => byDomain(schema, t, accounts, people)),
    ...byAddress(schema, contacts[0], people),
    ...people.map((t) => repeats(t, addressOf(t)!)),
    ...[...of('contact'), ...of('lead')].flatMap(byPhone),
    ...accounts.flatMap((t) => {
      const [site, name] = [siteOf(t), nameOf(t)];
      return site && name && site !== name ? [repeats(t, site, name)] : [];
    }),
  ];
}

function byDomain(
  schema: Schema,
  people: Table,
  accounts: readonly Table[],
  all: readonly Table[],
): readonly IdentityRule[] {
  const sources = accounts.map((account) => ({
    account,
    site: siteOf(account),
    ...membersOf(schema, account, all),
  }));
  const best = sources.find((s) => s.site) ?? sources.find((s) => s.members);
  if (!best) return [];
  const { account, site, members } = best;
  return [
    {
      ...named('domain', people, addressOf(people)!, account),
      ...(site && { by: site.name }),
      ...(members && { members }),
    },
  ];
}

function membersOf(schema: Schema, account: Table, all: readonly Table[]): Pick<IdentityRule, 'members'> {
  for (const people of all) {
    const link = schema.links.find(
      (l) => l.from === people.name && l.to === account.name && isSettledLink(schema, l),
    );
    if (link) return { members: { link: link.name, column: addressOf(people)!.name } };
  }
  return {};
}

/** Leads and rows of events with an address → contacts; events → leads where there are no contacts. */
function byAddress(
  schema: Schema,
  contacts: Table | undefined,
  people: readonly Table[],
): readonly IdentityRule[] {
  const to = contacts ?? people[0];
  if (!to) return [];
  return schema.tables.flatMap((t) => {
    const address = addressOf(t);
    if (!address || t === to || t.origin.kind !== 'file') return [];
    const linked = schema.links.some(
      (l) => l.from === t.name && l.to === to.name && isSettledLink(schema, l),
    );
    const names = { from: personNames(t), to: personNames(to) };
    const told = names.from.length > 0 && names.to.length === names.from.length;
    const rule = { ...named('email', t, address, to), by: addressOf(to)!.name };
    return linked ? [] : [told ? { ...rule, names } : rule];
  });
}

/** By site and name, or by address. */
function repeats(t: Table, column: Column, name?: Column): IdentityRule {
  const rule = named('duplicate', t, column, t);
  if (name) return { ...rule, by: name.name };
  const names = personNames(t);
  return names.length === 0 ? rule : { ...rule, names: { from: names, to: names } };
}

const PHONE_WORDS = new Set(['phone', 'telephone', 'mobile', 'cell', 'cellphone', 'tel']);

function byPhone(t: Table): readonly IdentityRule[] {
  const column = t.columns.find(
    (c) => hasWord(stems(c.name), PHONE_WORDS) && isSettled(c) && !c.constant && c.type !== 'boolean',
  );
  const names = personNames(t);
  if (!column || names.length === 0) return [];
  return [{ ...named('duplicate', t, column, t), match: 'phone', names: { from: names, to: names } }];
}

const GIVEN = new Set(['first', 'given', 'firstname', 'forename']);
const FAMILY = new Set(['last', 'family', 'lastname', 'surname']);
const WHOLE = new Set(['name', 'full', 'fullname', 'contact', 'lead', 'person']);

/** The columns that say who a person is: given and family name, or one of both. */
function personNames(t: Table): readonly string[] {
  const text = t.columns.filter((c) => c.type === 'text' && isSettled(c) && !t.key.includes(c.name));
  const by = (words: ReadonlySet<string>): Column | undefined =>
    text.find(
      (c) => hasWord(stems(c.name), words) && stems(c.name).every((s) => words.has(s) || s === 'name'),
    );
  const [given, family] = [by(GIVEN), by(FAMILY)];
  if (given && family) return [given.name, family.name];
  const whole = by(WHOLE);
  return whole && stems(whole.name).some((s) => s.endsWith('name')) ? [whole.name] : [];
}

const named = (kind: IdentityRule['kind'], from: Table, column: Column, to: Table): IdentityRule => ({
  name: `${from.name}.${column.name}~${to.name}`,
  kind,
  from: from.name,
  column: column.name,
  to: to.name,
});
