/** Sideways relations worth computing: peers of one industry and size, shared technology, members of one account. */
import { attributes, type JudgedTable } from './facts.ts';
import { hasWord, INDUSTRY_WORDS, LIST_WORDS, SIZE_WORDS, stems, TECHNOLOGY_WORDS } from './lexicon.ts';
import type { DerivedLink } from './types.ts';

export function derivedLinks(tables: readonly JudgedTable[]): readonly DerivedLink[] {
  const usable = tables.filter((t) => t.flatOf === undefined);
  return usable.flatMap((t) => [...industryPeers(t), ...technology(t, usable), ...colleagues(t, usable)]);
}

function industryPeers(t: JudgedTable): readonly DerivedLink[] {
  if (t.role === 'event' || t.role === 'history') return [];
  const industry = attributes(t).find(
    (c) => c.column.semantic === 'categorical' && hasWord(stems(c.column.name), INDUSTRY_WORDS),
  );
  if (!industry || t.concept === 'product' || t.concept === 'deal') return [];
  const size = attributes(t).find((c) => hasWord(stems(c.column.name), SIZE_WORDS) && !c.column.constant);
  return [
    { kind: 'industry_peer', table: t.name, by: [industry.column.name, ...(size ? [size.column.name] : [])] },
  ];
}

function technology(t: JudgedTable, tables: readonly JudgedTable[]): readonly DerivedLink[] {
  if (t.role !== 'entity' && t.role !== 'lookup') return [];
  const named = (name: string): boolean =>
    hasWord(stems(name), TECHNOLOGY_WORDS) || (t.concept === 'account' && hasWord(stems(name), LIST_WORDS));
  const list = attributes(t).find((c) => c.column.semantic === 'multicategorical' && named(c.column.name));
  if (list) return [{ kind: 'similar_to', table: t.name, by: [list.column.name] }];
  return t.concept === 'account' ? tables.flatMap((o) => listedIn(o, t)).slice(0, 1) : [];
}

/** A table with one technology a row. */
function listedIn(of: JudgedTable, t: JudgedTable): readonly DerivedLink[] {
  if (of === t || of.role === 'history' || !of.out.some((l) => l.to === t.name && !l.unique)) return [];
  const category = attributes(of).filter((c) => c.column.semantic === 'categorical' && !c.column.constant);
  const told = (name: string): boolean => hasWord(stems(name), TECHNOLOGY_WORDS);
  const item =
    category.find((c) => told(c.column.name)) ??
    (told(of.name) && category.length === 1 ? category[0] : undefined);
  return item ? [{ kind: 'similar_to', table: t.name, by: [item.column.name], through: of.name }] : [];
}

function colleagues(t: JudgedTable, tables: readonly JudgedTable[]): readonly DerivedLink[] {
  if (t.concept !== 'contact' && t.concept !== 'lead') return [];
  const groups = t.out.filter((l) => {
    const to = tables.find((o) => o.name === l.to);
    return l.columns.length === 1 && !l.unique && to?.concept === 'account' && to.name !== t.name;
  });
  // Contacts that hang on a lead stand for the lead's company.
  const leads =
    t.concept === 'contact'
      ? t.out.filter((l) => !l.unique && tables.some((o) => o.name === l.to && o.concept === 'lead'))
      : [];
  const by = groups[0] ?? leads[0];
  return by ? [{ kind: 'colleague', table: t.name, by: by.columns }] : [];
}
