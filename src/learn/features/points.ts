/**
 * Inputs of point scores, found by general words in names and values: title of VP or above, companies over 1,000
 * people, pricing pages, opened e-mails, whitepapers, personal addresses. Columns `points.…` serve the rungs `rules` only.
 */
import { seniorityRank } from '../../data/schema/title.ts';
import type { Column, Table } from '../../data/schema/types.ts';
import { prefixOf, type RankedColumn } from './event-shape.ts';
import { words } from './lexicon-signals.ts';
import type { EventSource, Formula, Group, PlanInput, StaticColumn, StaticFormula } from './plan-types.ts';
import type { ColumnProfile } from './profile.ts';
import { usable } from './static-columns.ts';
import type { FeatureColumn } from './types.ts';
import { nearestWindow } from './windows.ts';
import { windowWords } from './words.ts';

const EVENTS: readonly (readonly [name: string, pattern: RegExp, sentence: string])[] = [
  ['points.pricing-page', /\bpric(e|ing)\b/, 'pricing page views'],
  ['points.email-open', /\b(e ?mail|mail).*\bopen|\bopen.*\b(e ?mail|mail)/, 'e-mail opens'],
  ['points.whitepaper', /\b(white ?paper|e ?book|case stud)/, 'whitepaper downloads'],
];

/** Counts of such events in 30 and 90 days and ever, when a category value or a numeric column of the source names them. */
export function pointColumns(source: EventSource, input: PlanInput): readonly RankedColumn[] {
  if (source.group.up.length > 0 || source.group.column !== undefined || source.stream === 'closed')
    return [];
  const all = source.windows.length;
  const windows = source.dated
    ? [...new Set([30, 90].map((d) => nearestWindow(source.windows, d))), all]
    : [all];
  return EVENTS.flatMap(([name, pattern, sentence]) =>
    [...new Set(windows)].flatMap((w) => {
      const formula = matching(source, pattern, w);
      return formula
        ? [{ meta: pointMeta(source, name, sentence, w), formula, worth: input.static ? 1 : 0 }]
        : [];
    }),
  );
}

function pointMeta(source: EventSource, name: string, sentence: string, w: number): FeatureColumn {
  const days = source.windows[w];
  return {
    name: `${name}:${prefixOf(source)}${days === undefined ? '' : `.${days}d`}`,
    kind: 'numeric',
    family: 'windows',
    scope: 'own',
    signal: 'high-intent content',
    path: source.down,
    table: source.table,
    primitive: name,
    sentence: `${sentence} ${windowWords(days)}`,
    unit: 'count',
    ...(days === undefined ? {} : { windowDays: days }),
  };
}

function matching(source: EventSource, pattern: RegExp, w: number): Formula | undefined {
  for (const [c, measure] of source.categories.entries()) {
    const v = measure.values.findIndex((value) => pattern.test(`${words(measure.column)} ${words(value)}`));
    if (v >= 0 && !measure.boolean) return { kind: 'category', c, v, w };
  }
  const isPrice = /\b(unit|list|price)\b/;
  const x = source.numeric.findIndex((m) => pattern.test(words(m.column)) && !isPrice.test(words(m.column)));
  return x < 0 ? undefined : { kind: 'sum', x, w };
}

const VP_RANK = seniorityRank('vp');

/** Title, size and e-mail points of the entity's row or of a parent's. */
export function pointStatics(
  group: Group,
  table: Table,
  profiles: ReadonlyMap<string, ColumnProfile>,
  input: PlanInput,
): readonly StaticColumn[] {
  return table.columns
    .filter((c) => usable(c, table, input, group))
    .flatMap((c) => {
      const found = staticPoint(c, profiles.get(c.name)?.values ?? []);
      return found === undefined ? [] : [pointColumn(group, table, c, ...found)];
    });
}

function staticPoint(
  c: Column,
  values: readonly string[],
): readonly [string, StaticFormula, string] | undefined {
  const name = words(c.name);
  if (c.semantic === 'title')
    return ['points.title-vp', { kind: 'seniorityFrom', threshold: VP_RANK }, 'VP title or above'];
  if (c.semantic === 'email')
    return ['points.personal-email', { kind: 'personalEmail' }, 'personal e-mail address'];
  const isSize = /\b(employee|headcount|staff|company size|size)/.test(name);
  if (isSize && c.semantic === 'numeric')
    return ['points.employees-over', { kind: 'over', threshold: 1000 }, 'over 1,000 employees'];
  if (c.semantic !== 'categorical') return undefined;
  const among = (test: (v: string) => boolean): StaticFormula | undefined => {
    const hit = values.filter(test);
    return hit.length > 0 ? { kind: 'among', values: hit } : undefined;
  };
  if (/\bseniority\b|\blevel\b/.test(name)) {
    const formula = among((v) =>
      /\b(vp|vice president|c suite|c level|chief|executive|cxo)\b/.test(words(v)),
    );
    return formula && ['points.title-vp', formula, 'VP title or above'];
  }
  if (isSize) {
    const formula = among((v) => Number(/\d[\d,.]*/.exec(v)?.[0].replace(/[,.]/g, '') ?? 0) >= 1000);
    return formula && ['points.employees-over', formula, 'over 1,000 employees'];
  }
  if (/\be ?mail\b/.test(name)) {
    const formula = among((v) => /\b(personal|free|consumer|gmail)\b/.test(words(v)));
    return formula && ['points.personal-email', formula, 'personal e-mail address'];
  }
  return undefined;
}

const pointColumn = (
  group: Group,
  table: Table,
  c: Column,
  primitive: string,
  formula: StaticFormula,
  sentence: string,
): StaticColumn => ({
  group,
  column: c.name,
  formula,
  meta: {
    name: `${primitive}:${group.up.length === 0 ? table.name : group.id}.${c.name}`,
    kind: 'numeric',
    family: group.up.length === 0 ? 'static' : 'parents',
    scope: group.up.length === 0 ? 'record' : 'flat',
    signal: 'firmographic fit',
    path: group.up,
    table: table.name,
    column: c.name,
    primitive,
    sentence,
  },
});
