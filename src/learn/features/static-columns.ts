/** Columns read off one row: the entity's own and its parents', as of the cutoff; the calendar of the cutoff. */
import type { Column, Table } from '../../data/schema/types.ts';
import { signalOf } from './lexicon-signals.ts';
import type { Group, PlanInput, StaticColumn, StaticFormula } from './plan-types.ts';
import type { ColumnProfile } from './profile.ts';
import { TITLE_DEPARTMENTS } from './titles.ts';
import type { FeatureColumn } from './types.ts';
import { columnWords, groupWords } from './words.ts';

const MAX_CATEGORIES = 50;
const MAX_MEMBERS = 12;

export interface StaticContext {
  readonly input: PlanInput;
  readonly group: Group;
  readonly table: Table;
  /** Vocabularies; for multi-categorical columns of single members. */
  readonly profiles: ReadonlyMap<string, ColumnProfile>;
  /** Column of the serial number that orders the rows (serial.ts). */
  readonly serial?: string;
}

export function staticColumns(context: StaticContext): readonly StaticColumn[] {
  const { table, input, group } = context;
  const cells = table.columns
    .filter((c) => usable(c, table, input, group))
    .flatMap((c) => formulasOf(c, context).map((f) => toColumn(context, c, f)));
  const serial = table.columns.filter((c) => c.name === context.serial && c.type === 'text');
  cells.push(...serial.map((c) => toColumn(context, c, placeBy('serial'))));
  if (!isDated(table) || input.static) return cells;
  const age = toColumn(context, undefined, { kind: 'rowAge' });
  return [age, ...(group.up.length === 0 ? [newestFirst(age)] : []), ...cells];
}

/** The age once more, for the rung that orders by it: screening may find the age to drift, that rung needs it all the same. */
const newestFirst = (age: StaticColumn): StaticColumn => ({
  ...age,
  meta: { ...age.meta, name: `points.age:${age.meta.name}`, primitive: 'points.age' },
});

/** Derived tables are dated by the first row that names them. */
const isDated = (t: Table): boolean => t.time !== undefined || t.origin.kind === 'derived';

/** May this cell be read at all? Withheld and undated mutable columns may not; keys say nothing. */
export function usable(c: Column, t: Table, input: PlanInput, group: Group): boolean {
  if (c.constant || input.withheld.has(`${t.name}.${c.name}`)) return false;
  if (c.name === t.time || c.name === t.knownAt) return false;
  const own = group.up.length === 0;
  if (c.mutable !== undefined && c.history === undefined && !c.trusted && !(own && input.static))
    return false;
  if (c.semantic === 'key') return isSequence(c, t, group);
  return true;
}

/**
 * An undated table's integer key tells the order of creation: the only clock it has. Where rows have dates their age says
 * the same.
 */
const isSequence = (c: Column, t: Table, group: Group): boolean =>
  group.up.length === 0 && t.time === undefined && c.type === 'integer';

interface Named {
  readonly formula: StaticFormula;
  readonly suffix: string;
  readonly sentence: (what: string) => string;
  readonly unit?: FeatureColumn['unit'];
}

const plain = (formula: StaticFormula, suffix = '', unit?: FeatureColumn['unit']): Named => ({
  formula,
  suffix,
  sentence: (what) => (suffix === '' ? what : `${what}: ${suffix.replace(/^[.=]/, '')}`),
  ...(unit === undefined ? {} : { unit }),
});

const placeBy = (kind: 'order' | 'serial'): Named => ({
  formula: { kind },
  suffix: '.order',
  sentence: (what) => `place in the order of creation by ${what}`,
});

function formulasOf(c: Column, context: StaticContext): readonly Named[] {
  const profile = context.profiles.get(c.name);
  switch (c.semantic) {
    case 'key':
      return [placeBy('order')];
    case 'numeric':
      return [plain({ kind: 'number' }, '', c.parse === 'money' ? 'money' : undefined)];
    case 'boolean':
      return [plain({ kind: 'boolean' })];
    case 'categorical':
      return categories(profile);
    case 'multicategorical':
      return members(c, profile);
    case 'timestamp':
      return [
        { formula: { kind: 'ageDays' }, suffix: '.age', sentence: (w) => `days since ${w}`, unit: 'days' },
      ];
    case 'title':
      return [plain({ kind: 'seniority' }, '.seniority'), plain({ kind: 'department' }, '.department')];
    case 'email':
      return [
        {
          formula: { kind: 'personalEmail' },
          suffix: '.personal',
          sentence: (w) => `${w} is a personal address`,
        },
        plain({ kind: 'present' }, '.present'),
      ];
    case 'text':
      return [{ formula: { kind: 'textLength' }, suffix: '.length', sentence: (w) => `length of ${w}` }];
    case 'domain':
    case 'url':
      return [plain({ kind: 'present' }, '.present')];
  }
}

function categories(profile: ColumnProfile | undefined): readonly Named[] {
  if (!profile || profile.distinct < 2) return [plain({ kind: 'present' }, '.present')];
  const values = profile.values.slice(0, MAX_CATEGORIES).filter((_, i) => (profile.counts[i] ?? 0) >= 2);
  if (values.length === 0) return [];
  return [plain({ kind: 'category', values, other: profile.distinct > values.length })];
}

function members(c: Column, profile: ColumnProfile | undefined): readonly Named[] {
  const separator = c.separator ?? ',';
  const flags = (profile?.values ?? []).slice(0, MAX_MEMBERS).map((value) => ({
    formula: { kind: 'member', value, separator } as const,
    suffix: `=${value}`,
    sentence: (what: string) => `${what} includes ${value}`,
  }));
  return [plain({ kind: 'memberCount', separator }, '.count', 'count'), ...flags];
}

function toColumn(context: StaticContext, c: Column | undefined, f: Named | StaticFormula): StaticColumn {
  const { group, table } = context;
  const named: Named =
    'formula' in f
      ? f
      : { formula: f, suffix: '.age', sentence: () => 'days since it was created', unit: 'days' };
  const own = group.up.length === 0;
  const prefix = own ? table.name : group.id;
  const what =
    c === undefined ? '' : own ? columnWords(c.name) : `${groupWords(group)} ${columnWords(c.name)}`;
  const kind = named.formula.kind;
  const primitive = kind === 'rowAge' ? 'age' : kind === 'serial' ? 'order' : kind;
  const list = vocabulary(named.formula);
  const family = own ? 'static' : 'parents';
  const meta: FeatureColumn = {
    name: `${prefix}.${c?.name ?? 'row'}${named.suffix}`,
    kind: list ? 'categorical' : 'numeric',
    ...(list ? { categories: list } : {}),
    family,
    scope: own ? 'record' : 'flat',
    signal: kind === 'rowAge' ? 'timing' : signalOf(table.name, c?.name, family, primitive),
    path: group.up,
    table: table.name,
    ...(c === undefined ? {} : { column: c.name }),
    primitive,
    sentence:
      kind === 'rowAge' && !own ? `days since the ${groupWords(group)} was created` : named.sentence(what),
    ...(named.unit === undefined ? {} : { unit: named.unit }),
  };
  return { meta, group, formula: named.formula, ...(c === undefined ? {} : { column: c.name }) };
}

function vocabulary(f: StaticFormula): readonly string[] | undefined {
  if (f.kind === 'category') return f.other ? [...f.values, '(other)'] : f.values;
  if (f.kind === 'department') return [...TITLE_DEPARTMENTS, '(other)'];
  return undefined;
}

const CALENDAR = {
  dayOfWeek: 'day of the week of the cutoff',
  dayOfMonth: 'day of the month of the cutoff',
  month: 'month of the cutoff',
  weekOfYear: 'week of the year of the cutoff',
  daysToQuarterEnd: 'days from the cutoff to the end of the quarter',
  businessDaysLeft: 'business days left in the month of the cutoff',
} as const;

/** The calendar of the cutoff, when cutoffs differ. */
export function calendarColumns(group: Group): readonly StaticColumn[] {
  return (Object.keys(CALENDAR) as (keyof typeof CALENDAR)[]).map((part) => ({
    group,
    formula: { kind: 'calendar', part } as const,
    meta: {
      name: `cutoff.${part}`,
      kind: 'numeric',
      family: 'calendar',
      scope: 'relational',
      signal: 'timing',
      path: [],
      table: group.table,
      primitive: 'calendar',
      sentence: CALENDAR[part],
      ...(part === 'daysToQuarterEnd' || part === 'businessDaysLeft' ? { unit: 'days' as const } : {}),
    },
  }));
}
