/**
 * Companies unlike each other: every mechanism, the size, the span, the dirt, the tables that exist and what they are
 * called are drawn from the seed. For tests and for pretraining.
 */
import { DIALS, type Dirt } from './dirt/types.ts';
import { MECHANISMS, type Mechanisms } from './mechanisms.ts';
import { type Drawing, draw, drawInt, drawNormal, scramble } from './random.ts';
import type { Shape } from './shapes/shape.ts';
import { SHAPES, type ShapeName } from './shapes/shapes.ts';
import { type CompanyOptions, DAY } from './types.ts';

export interface SampleLimits {
  /** Accounts, log-uniform between these. */
  readonly accounts?: readonly [number, number];
  readonly days?: readonly [number, number];
}

export interface SampledCompany {
  readonly options: CompanyOptions;
  readonly dirt: Dirt;
  readonly shape: ShapeName;
  readonly variant: Variant;
}

/** How this company differs from the book: plain tables it lacks, how it writes names, dates without clocks. */
export interface Variant {
  readonly omitted: readonly string[];
  readonly casing: 'snake' | 'camel' | 'upper' | 'spaced';
  /** Dates lose their clock. */
  readonly dateOnly: boolean;
}

/** Tables a company may do without, by plain name. */
const OPTIONAL = [
  'campaign_members',
  'product_usage',
  'intent_topics',
  'support_tickets',
  'quotes',
  'invoices',
  'activities',
  'opportunity_contacts',
  'lead_scores',
  'reps',
] as const;
const FIRST_DAY = Date.UTC(2021, 0, 1);

export function sampleCompany(seed: number, limits: SampleLimits = {}): SampledCompany {
  const own: Drawing = { random: scramble(seed >>> 0, 77) };
  const [fewest, most] = limits.accounts ?? [100, 2000];
  const [shortest, longest] = limits.days ?? [300, 720];
  const from = FIRST_DAY + drawInt(own, 1000) * DAY;
  const days = shortest + drawInt(own, longest - shortest + 1);
  const options: CompanyOptions = {
    seed,
    accounts: Math.round(fewest * (most / fewest) ** draw(own)),
    from,
    to: from + days * DAY,
    mechanisms: drawMechanisms(own),
  };
  return {
    options,
    dirt: drawDirt(own),
    shape: SHAPES[drawInt(own, SHAPES.length)]!,
    variant: drawVariant(own),
  };
}

/** Each size times or divided by up to about two; chances and shares stay within (0, 1). */
function drawMechanisms(own: Drawing): Mechanisms {
  const around = (size: number): number => size * Math.exp(0.35 * drawNormal(own));
  const entries = Object.entries(MECHANISMS).map(([name, size]) => [
    name,
    Array.isArray(size)
      ? size.map(around)
      : Math.min(around(size as number), (size as number) < 1 ? 0.9 : Number.POSITIVE_INFINITY),
  ]);
  return Object.fromEntries(entries) as Mechanisms;
}

const drawDirt = (own: Drawing): Dirt =>
  Object.fromEntries(DIALS.map((dial) => [dial, draw(own) < 0.5 ? 0 : draw(own)])) as Dirt;

const CASINGS = ['snake', 'camel', 'upper', 'spaced'] as const;
const drawVariant = (own: Drawing): Variant => ({
  omitted: OPTIONAL.filter(() => draw(own) < 0.25),
  casing: CASINGS[drawInt(own, CASINGS.length)]!,
  dateOnly: draw(own) < 0.2,
});

const STAMP = /^(\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d$/;

/** Rows of any shape as this company writes names and dates. */
export function renamed({ casing, dateOnly }: Variant): Shape {
  const names = new Map<string, string>();
  const named = (name: string): string => {
    const known = names.get(name) ?? cased(name, casing);
    names.set(name, known);
    return known;
  };
  return (table, row) => {
    const cells = Object.entries(row).map(([name, cell]) => [
      named(name),
      dateOnly && typeof cell === 'string' ? cell.replace(STAMP, '$1') : cell,
    ]);
    return [{ table: named(table), row: Object.fromEntries(cells) }];
  };
}

function cased(name: string, casing: Variant['casing']): string {
  const words = name.split('_');
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  switch (casing) {
    case 'snake':
      return name;
    case 'camel':
      return words.map(capital).join('');
    case 'upper':
      return name.toUpperCase();
    case 'spaced':
      return words.map(capital).join(' ');
  }
}
